-- Version 2: the other end of a message, so that joining two addresses to one person can be undone.

ALTER TABLE message ADD COLUMN peer TEXT NOT NULL DEFAULT '';  -- single: canonical address of the other; self: ''

UPDATE message SET peer = from_addr WHERE outgoing = 0;
UPDATE message SET peer = coalesce((SELECT a.addr FROM chat c JOIN address a ON a.person = c.person
                                    WHERE c.id = message.chat), '') WHERE outgoing = 1;

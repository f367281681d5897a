-- Version 10: a mail without a message of its own (a reaction, an edit) has an own copy too, for the other devices.

ALTER TABLE outgoing ADD COLUMN made_ms INTEGER NOT NULL DEFAULT 0;   -- when it was written
-- The mail that a job files; 0: none. Of messages the job names both.
ALTER TABLE job ADD COLUMN outgoing INTEGER NOT NULL DEFAULT 0;
UPDATE outgoing SET filed = 1 WHERE message IS NULL;   -- of a report no copy is filed
UPDATE outgoing SET made_ms = coalesce((SELECT date_ms FROM message m WHERE m.id = outgoing.message), 0);
UPDATE job SET outgoing = coalesce((SELECT o.id FROM outgoing o WHERE o.message = job.message), 0) WHERE kind = 2;

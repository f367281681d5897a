-- Version 3: what a message follows, so that those of one second stand in the order in which they were said.

ALTER TABLE message ADD COLUMN follows TEXT NOT NULL DEFAULT '';  -- Message-ID of what its author had before them

UPDATE message SET follows = in_reply_to;

-- Version 14: polls. What one asks stands in message.details; what is said about it in remark.

ALTER TABLE message ADD COLUMN poll_id TEXT NOT NULL DEFAULT '';   -- chat::Poll::id; '': it is none
CREATE INDEX message_poll ON message(poll_id) WHERE poll_id <> '';

-- Version 16: mails that are handed over at a later time. Their recipients are chat::RecipientState::held until then.

ALTER TABLE outgoing ADD COLUMN not_before_ms INTEGER NOT NULL DEFAULT 0;   -- held until then; 0: not
CREATE INDEX outgoing_held ON outgoing(not_before_ms) WHERE not_before_ms <> 0;

-- Version 15: disappearing messages.

ALTER TABLE message ADD COLUMN timer      INTEGER NOT NULL DEFAULT 0;   -- seconds; 0: it stays
ALTER TABLE message ADD COLUMN timed      INTEGER NOT NULL DEFAULT 0;   -- its mail 0: says nothing of it, 1: does, 2: changes it
ALTER TABLE message ADD COLUMN viewed_ms  INTEGER NOT NULL DEFAULT 0;   -- first seen on this device; 0: not
ALTER TABLE message ADD COLUMN noticed_ms INTEGER NOT NULL DEFAULT 0;   -- when it was learnt that it had been seen
ALTER TABLE message ADD COLUMN expires_ms INTEGER NOT NULL DEFAULT 0;   -- chat::expiry; 0: not yet known, or never

-- Settled from the mails of the chat.
ALTER TABLE chat ADD COLUMN timer    INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN timer_ms INTEGER NOT NULL DEFAULT 0;        -- since when; 0: nobody said
ALTER TABLE chat ADD COLUMN removes_expired INTEGER NOT NULL DEFAULT 0; -- the user agrees

CREATE INDEX message_expires ON message(expires_ms) WHERE expires_ms <> 0 AND hidden = 0 AND deleted = 0;
CREATE INDEX message_follows ON message(follows) WHERE timed <> 0;
CREATE INDEX message_timer ON message(
  chat, min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), date_ms, rfc_id, timer) WHERE timed = 2;

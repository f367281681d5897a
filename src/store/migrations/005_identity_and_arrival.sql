-- Version 5: when a mail arrived is kept apart from INTERNALDATE; one Message-ID may be that of several messages, and one
-- message may have several; what is forged is marked.

ALTER TABLE message ADD COLUMN arrived_ms INTEGER NOT NULL DEFAULT 0;  -- chat/arrival.h, a whole second; orders the chat
ALTER TABLE message ADD COLUMN size INTEGER NOT NULL DEFAULT 0;        -- octets of the mail on the server; 0: not known
ALTER TABLE message ADD COLUMN list INTEGER NOT NULL DEFAULT 0;        -- it came through a list, which may have changed it
ALTER TABLE message ADD COLUMN forged INTEGER NOT NULL DEFAULT 0;      -- the server denies the author, or it has several

-- Of mails stored before, Received is not known: they stand where they stood, by the earlier of Date and INTERNALDATE.
-- A time before 1990 is none.
UPDATE message SET
  arrived_ms = iif(sort_ms >= 631152000000, sort_ms, max(received_ms, date_ms, 0)) / 1000 * 1000,
  size = coalesce((SELECT max(p.size) FROM place p WHERE p.message = message.id), 0);

-- Further Message-IDs of a message, given to it by a server.
CREATE TABLE also (
  rfc_id  TEXT    NOT NULL,
  message INTEGER NOT NULL REFERENCES message(id),
  PRIMARY KEY (rfc_id, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX also_message ON also(message);

DROP INDEX message_identity;
CREATE INDEX message_identity ON message(rfc_id, from_addr);

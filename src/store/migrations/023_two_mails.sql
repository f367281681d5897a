-- Version 23: messages that come as two mails, one with the words and one with the file (D-34).

ALTER TABLE message ADD COLUMN half    INTEGER NOT NULL DEFAULT 0;  -- chat::Half
ALTER TABLE message ADD COLUMN file_ms INTEGER NOT NULL DEFAULT 0;  -- INTERNALDATE of the mail that brought the file
ALTER TABLE place   ADD COLUMN half    INTEGER NOT NULL DEFAULT 0;  -- chat::Half: the mail that lies there

-- Version 13: what was sent is edited, deleted and pinned. Mails that are one message by edits are a family of rows.

ALTER TABLE message ADD COLUMN edits   TEXT    NOT NULL DEFAULT '';   -- the id of the mail that this one edits
ALTER TABLE message ADD COLUMN family  INTEGER NOT NULL DEFAULT 0;    -- the number that all rows of one bear; 0: none
ALTER TABLE message ADD COLUMN hidden  INTEGER NOT NULL DEFAULT 0;    -- 1: a version of another row, 2: removed here
ALTER TABLE message ADD COLUMN shown   INTEGER NOT NULL DEFAULT 0;    -- the row whose words it shows; 0: its own
ALTER TABLE message ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;    -- 1: by its author, 2: by us, for us alone

DROP INDEX message_order;
CREATE INDEX message_order ON message(chat, hidden, sort_ms, id);
DROP INDEX message_unseen;
CREATE INDEX message_unseen ON message(chat, hidden) WHERE seen = 0;
CREATE INDEX message_edits ON message(edits) WHERE edits <> '';
CREATE INDEX message_family ON message(family, hidden, deleted) WHERE family <> 0;
CREATE INDEX message_version ON message(
  family, edits <> '', min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), date_ms, arrived_ms, rfc_id) WHERE family <> 0;
CREATE INDEX remark_pinned ON remark(subject) WHERE kind = 9;   -- chat::RemarkKind

-- Version 12: what a message holds besides words and files, pictures' sizes, and status lines.

-- Lines "name=value" (store/details.h); '': nothing.
ALTER TABLE message ADD COLUMN details TEXT NOT NULL DEFAULT '';
ALTER TABLE attachment ADD COLUMN width  INTEGER NOT NULL DEFAULT 0;   -- pixels, upright; 0: not known
ALTER TABLE attachment ADD COLUMN height INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attachment ADD COLUMN preview TEXT NOT NULL DEFAULT '';    -- IMAP section of its small picture; '': none
ALTER TABLE address ADD COLUMN status        TEXT    NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN status_ms     INTEGER NOT NULL DEFAULT 0;   -- when it was said
ALTER TABLE address ADD COLUMN status_rfc_id TEXT    NOT NULL DEFAULT '';

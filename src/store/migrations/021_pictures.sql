-- Version 21: small pictures of groups, by the SHA-256 of their octets. Remarks of kind chat::RemarkKind::group_picture
-- name them.

CREATE TABLE picture(
  id TEXT PRIMARY KEY,
  base64 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE chat ADD COLUMN picture TEXT NOT NULL DEFAULT '';          -- picture.id; '': none
ALTER TABLE chat ADD COLUMN picture_ms INTEGER NOT NULL DEFAULT 0;

-- Version 24: several messages that one wish sent; whether the newest mail of an address shows where it comes from.
ALTER TABLE message ADD COLUMN album TEXT NOT NULL DEFAULT '';            -- rfc_id of the first of them; '': it is alone
ALTER TABLE address ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0;       -- chat::Content; 0 also: not known
ALTER TABLE address ADD COLUMN proof_ms INTEGER NOT NULL DEFAULT 0;       -- that is of the mail that came last;
ALTER TABLE address ADD COLUMN proof_rfc_id TEXT NOT NULL DEFAULT '';     -- '': none did since this version
CREATE INDEX message_album ON message(album) WHERE album <> '';

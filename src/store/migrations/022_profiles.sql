-- Version 22: what people tell of themselves (chat::PersonSaid), and to whom the user's own profile was told.
ALTER TABLE address ADD COLUMN picture TEXT NOT NULL DEFAULT '';           -- picture.id; '': none
ALTER TABLE address ADD COLUMN birthday TEXT NOT NULL DEFAULT '';          -- "YYYY-MM-DD", "--MM-DD"
ALTER TABLE address ADD COLUMN profile_status TEXT NOT NULL DEFAULT '';
ALTER TABLE address ADD COLUMN profile_ms INTEGER NOT NULL DEFAULT 0;      -- all three are of the newest mail that told;
ALTER TABLE address ADD COLUMN profile_rfc_id TEXT NOT NULL DEFAULT '';    -- '': none did
ALTER TABLE address ADD COLUMN told TEXT NOT NULL DEFAULT '';              -- chat::PeerFacts
ALTER TABLE address ADD COLUMN told_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE address ADD COLUMN requested_ms INTEGER NOT NULL DEFAULT 0;

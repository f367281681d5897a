-- Version 7: which copies this device appended itself, so that one that a server files beside them is known as such.

ALTER TABLE place ADD COLUMN appended INTEGER NOT NULL DEFAULT 0;  -- this device put it there (APPENDUID)

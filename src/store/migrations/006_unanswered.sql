-- Version 6: how often a server had a mail and never said what became of it, whatever else happened in between.

ALTER TABLE recipient ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0;  -- attempts, since the user's last wish

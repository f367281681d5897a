-- Version 3: what a message follows, so that those of one second stand in the order in which they were said; and bounces
-- of mails that are not here.

ALTER TABLE message ADD COLUMN follows TEXT NOT NULL DEFAULT '';    -- Message-ID of what its author had before them
ALTER TABLE message ADD COLUMN bounce_of TEXT NOT NULL DEFAULT '';  -- gives way to the own message of this Message-ID
CREATE INDEX message_bounce ON message(bounce_of) WHERE bounce_of <> '';

UPDATE message SET follows = in_reply_to;

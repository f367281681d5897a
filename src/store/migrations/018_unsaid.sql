-- Version 18: what waits for its time is kept as its author wrote it, and written as a mail then; a submission server may
-- keep a mail until its time (RFC 4865).

ALTER TABLE message ADD COLUMN unsaid INTEGER NOT NULL DEFAULT 0;          -- ours, and no mail yet: nobody knows of it
ALTER TABLE outgoing ADD COLUMN hold_until_ms INTEGER NOT NULL DEFAULT 0;  -- the server keeps it until then; 0: not

UPDATE message SET unsaid = 1, timer = 0, timed = 0
  WHERE id IN (SELECT message FROM outgoing WHERE not_before_ms <> 0) AND deleted = 0;
UPDATE outgoing SET bytes = x'' WHERE not_before_ms <> 0;

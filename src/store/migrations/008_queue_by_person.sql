-- Version 8: a long queue is looked at by person and by time, not as a whole with every mail.

DROP INDEX recipient_open;
CREATE INDEX recipient_open ON recipient(addr, outgoing) WHERE state IN (0, 1);
CREATE INDEX recipient_due ON recipient(next_ms) WHERE state IN (0, 1);
CREATE INDEX job_due ON job(next_ms);

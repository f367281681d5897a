-- Version 25: the jobs of several mails are found, so that none of those mails gets a second job of the same work; what
-- a new message changes of its chat is written where it is put in (Database::Impl::note_gain), not by a trigger.
CREATE INDEX job_of_many ON job(folder, uidvalidity) WHERE uids GLOB '*[:,]*';
DROP TRIGGER chat_gains;

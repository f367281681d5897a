-- Version 17: message.timed is 3 where the mail is there to tell of a timer (D-05): that is a change, whatever it answers.

UPDATE message SET timed = 3 WHERE timed <> 0 AND notice = 'timer_changed';

DROP INDEX message_timer;
CREATE INDEX message_timer ON message(
  chat, min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), date_ms, rfc_id, timer) WHERE timed >= 2;

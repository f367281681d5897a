-- Version 9: what is said about a message by others is kept as it was said, one row for each mail that says it.

CREATE TABLE remark (
  subject TEXT    NOT NULL,                   -- what it is about: the Message-ID of a mail, which need not be here
  kind    INTEGER NOT NULL,                   -- chat::RemarkKind
  author  TEXT    NOT NULL,                   -- canonical; '': not known
  about   TEXT    NOT NULL DEFAULT '',        -- about whom: the recipient of that mail, canonical; '': nobody is named
  date_ms INTEGER NOT NULL DEFAULT 0,         -- the author's Date; 0: none
  rfc_id  TEXT    NOT NULL,                   -- of the mail that says it; '': not known
  at_ms   INTEGER NOT NULL,                   -- when it arrived (chat/arrival.h)
  by_us   INTEGER NOT NULL DEFAULT 0,         -- an own device said it
  value   TEXT    NOT NULL DEFAULT '',        -- why a mail did not arrive, or not yet, in a server's words
  PRIMARY KEY (subject, kind, author, about, date_ms, rfc_id)
) STRICT, WITHOUT ROWID;

-- A receipt is its reader's; who sent a bounce was not kept.
INSERT INTO remark(subject, kind, author, about, rfc_id, at_ms, by_us, value)
SELECT rfc_id, kind, iif(kind = 0, recipient, ''), recipient, '', at_ms, by_us, reason FROM report;
DROP TABLE report;

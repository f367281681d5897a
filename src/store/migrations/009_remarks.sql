-- Version 9: what is said about a message by others is kept as it was said, one row for each mail that says it.

CREATE TABLE remark (
  subject TEXT    NOT NULL,                   -- what it is about: the Message-ID of a mail, which need not be here
  kind    INTEGER NOT NULL,                   -- chat::RemarkKind
  author  TEXT    NOT NULL,                   -- canonical; '': not known
  about   TEXT    NOT NULL DEFAULT '',        -- about whom: the recipient of that mail, canonical; '': nobody is named
  rfc_id  TEXT    NOT NULL,                   -- of the mail that says it; '': not known
  value   TEXT    NOT NULL DEFAULT '',        -- why a mail did not arrive, or not yet, in a server's words
  at_ms   INTEGER NOT NULL,                   -- when it was said or arrived, whichever is earlier
  by_us   INTEGER NOT NULL DEFAULT 0,         -- an own device said it
  PRIMARY KEY (subject, kind, author, about, rfc_id)
) STRICT, WITHOUT ROWID;

-- A receipt is its reader's; who sent a bounce was not kept.
INSERT INTO remark(subject, kind, author, about, rfc_id, value, at_ms, by_us)
SELECT rfc_id, kind, iif(kind = 0, recipient, ''), recipient, '', reason, at_ms, by_us FROM report;
DROP TABLE report;

-- The schema as SQLite prints it; a test compares the two. Renew it with COI_RENEW=1 test_store --gtest_filter='Schema.*'

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE folder (
  id            INTEGER PRIMARY KEY,
  name          TEXT    NOT NULL UNIQUE,      -- UTF-8, with the server's hierarchy delimiter
  role          INTEGER NOT NULL DEFAULT 0,   -- chat::FolderRole
  uidvalidity   INTEGER NOT NULL DEFAULT 0,   -- 0: never seen
  uidnext       INTEGER NOT NULL DEFAULT 0,
  highestmodseq INTEGER NOT NULL DEFAULT 0,   -- of the last round that was applied wholly; 0: none
  done          TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE person (
  id      INTEGER PRIMARY KEY,
  name    TEXT    NOT NULL DEFAULT '',        -- given by the user; '': the address's own
  known   INTEGER NOT NULL DEFAULT 0,         -- accepted, named, or written to
  blocked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE address (
  addr         TEXT PRIMARY KEY,              -- canonical
  person       INTEGER NOT NULL REFERENCES person(id),
  name         TEXT    NOT NULL DEFAULT '',
  name_ms      INTEGER NOT NULL DEFAULT 0,
  name_rfc_id  TEXT    NOT NULL DEFAULT '',
  peer_class   INTEGER NOT NULL DEFAULT 0,    -- chat::PeerClass
  class_ms     INTEGER NOT NULL DEFAULT 0,
  class_rfc_id TEXT    NOT NULL DEFAULT '',
  chat_ms      INTEGER NOT NULL DEFAULT 0     -- the newest mail that a chat program wrote
) STRICT, WITHOUT ROWID;
CREATE TABLE chat (
  id          INTEGER PRIMARY KEY,
  kind        INTEGER NOT NULL,               -- chat::ChatKind
  person      INTEGER REFERENCES person(id),  -- single: the other; NULL: self
  muted_until INTEGER NOT NULL DEFAULT 0,
  archived    INTEGER NOT NULL DEFAULT 0,
  pinned      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE message (
  id             INTEGER PRIMARY KEY,
  chat           INTEGER NOT NULL REFERENCES chat(id),
  rfc_id         TEXT    NOT NULL,            -- Message-ID without <>
  from_addr      TEXT    NOT NULL,            -- canonical; '': the mail names no author
  from_name      TEXT    NOT NULL DEFAULT '',
  outgoing       INTEGER NOT NULL DEFAULT 0,
  seen           INTEGER NOT NULL DEFAULT 0,  -- outgoing: always 1; else what places, gone_seen and reports say
  seen_here      INTEGER NOT NULL DEFAULT 0,  -- the user read it on this device
  gone_seen      INTEGER NOT NULL DEFAULT 0,  -- a copy that is no longer there was seen; counts when none is left
  sort_ms        INTEGER NOT NULL,            -- order in the chat, together with id
  date_ms        INTEGER NOT NULL,            -- the author's Date
  received_ms    INTEGER NOT NULL,            -- INTERNALDATE
  kind           INTEGER NOT NULL DEFAULT 0,  -- chat::MessageKind
  is_chat        INTEGER NOT NULL DEFAULT 0,
  automatic      INTEGER NOT NULL DEFAULT 0,
  subject        TEXT    NOT NULL DEFAULT '',
  text           TEXT    NOT NULL DEFAULT '',
  quote          TEXT    NOT NULL DEFAULT '',
  footer         TEXT    NOT NULL DEFAULT '',
  html           INTEGER NOT NULL DEFAULT 0,
  wants_receipt  INTEGER NOT NULL DEFAULT 0,  -- 1: Chat-Disposition-Notification-To, 2: the standard field alone
  in_reply_to    TEXT    NOT NULL DEFAULT '',
  thread_root    TEXT    NOT NULL DEFAULT ''  -- first id of the conversation
, peer TEXT NOT NULL DEFAULT '', follows TEXT NOT NULL DEFAULT '', bounce_of TEXT NOT NULL DEFAULT '', arrived_ms INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL DEFAULT 0, list INTEGER NOT NULL DEFAULT 0, forged INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE place (
  folder      INTEGER NOT NULL REFERENCES folder(id),
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  message     INTEGER REFERENCES message(id),
  flags       INTEGER NOT NULL DEFAULT 0,     -- chat::Flags
  modseq      INTEGER NOT NULL DEFAULT 0,
  size        INTEGER NOT NULL DEFAULT 0,
  reason      TEXT    NOT NULL DEFAULT '', appended INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (folder, uidvalidity, uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE attachment (
  id          INTEGER PRIMARY KEY,
  message     INTEGER NOT NULL REFERENCES message(id),
  position    INTEGER NOT NULL,               -- order in the mail, from 0
  name        TEXT    NOT NULL,
  type        TEXT    NOT NULL,
  size        INTEGER NOT NULL DEFAULT 0,     -- octets, decoded
  state       INTEGER NOT NULL DEFAULT 0,     -- chat::FileState
  blob        TEXT    NOT NULL DEFAULT '',    -- hex SHA-256, file blobs/<blob>
  section     TEXT    NOT NULL DEFAULT '',    -- IMAP section
  inline_part INTEGER NOT NULL DEFAULT 0,
  UNIQUE (message, position)
) STRICT;
CREATE TABLE outgoing (
  id       INTEGER PRIMARY KEY,
  message  INTEGER REFERENCES message(id),    -- NULL: a control mail
  rfc_id   TEXT    NOT NULL,
  mail_from TEXT   NOT NULL,                  -- SMTP envelope; '': the null reverse-path
  bytes    BLOB    NOT NULL,
  filed    INTEGER NOT NULL DEFAULT 0         -- the own copy was ordered, or seen on the server
, made_ms INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE recipient (
  outgoing INTEGER NOT NULL REFERENCES outgoing(id),
  addr     TEXT    NOT NULL,
  state    INTEGER NOT NULL DEFAULT 0,        -- chat::RecipientState
  attempts INTEGER NOT NULL DEFAULT 0,
  since_ms INTEGER NOT NULL,                  -- when it was queued, by the user's last wish
  next_ms  INTEGER NOT NULL DEFAULT 0,        -- queued, sending: not tried before
  bounced_ms INTEGER NOT NULL DEFAULT 0,      -- bounces up to this time were answered by sending again
  reply    TEXT    NOT NULL DEFAULT '', unanswered INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (outgoing, addr)
) STRICT, WITHOUT ROWID;
CREATE TABLE job (
  id          INTEGER PRIMARY KEY,
  kind        INTEGER NOT NULL,               -- chat::JobKind
  message     INTEGER REFERENCES message(id),
  role        INTEGER NOT NULL DEFAULT 0,     -- chat::FolderRole of the target
  folder      INTEGER NOT NULL DEFAULT 0,     -- of the places; 0: none
  uidvalidity INTEGER NOT NULL DEFAULT 0,
  uids        TEXT    NOT NULL DEFAULT '',    -- IMAP sequence-set
  attempts    INTEGER NOT NULL DEFAULT 0,
  next_ms     INTEGER NOT NULL DEFAULT 0,
  reason      TEXT    NOT NULL DEFAULT ''     -- of the last failure
, outgoing INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE VIRTUAL TABLE search USING fts5(
  body, content='', tokenize="unicode61 remove_diacritics 2", prefix='2 3'
);
CREATE TABLE also (
  rfc_id  TEXT    NOT NULL,
  message INTEGER NOT NULL REFERENCES message(id),
  PRIMARY KEY (rfc_id, message)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX address_person ON address(person, class_ms DESC, addr);
CREATE UNIQUE INDEX chat_person ON chat(person) WHERE person IS NOT NULL;
CREATE UNIQUE INDEX chat_self ON chat(kind) WHERE person IS NULL;
CREATE INDEX message_order ON message(chat, sort_ms, id);
CREATE INDEX message_unseen ON message(chat) WHERE seen = 0;
CREATE INDEX place_message ON place(message) WHERE message IS NOT NULL;
CREATE INDEX attachment_blob ON attachment(blob) WHERE blob <> '';
CREATE UNIQUE INDEX outgoing_message ON outgoing(message) WHERE message IS NOT NULL;
CREATE INDEX job_message ON job(message) WHERE message IS NOT NULL;
CREATE INDEX job_place ON job(folder, uidvalidity, uids);
CREATE INDEX message_bounce ON message(bounce_of) WHERE bounce_of <> '';
CREATE INDEX message_personal ON message(chat) WHERE automatic = 0;
CREATE INDEX place_unreadable ON place(folder) WHERE message IS NULL AND reason <> '';
CREATE INDEX recipient_accepted ON recipient(since_ms) WHERE state = 2;
CREATE INDEX also_message ON also(message);
CREATE INDEX message_identity ON message(rfc_id, from_addr);
CREATE INDEX recipient_open ON recipient(addr, outgoing) WHERE state IN (0, 1);
CREATE INDEX recipient_due ON recipient(next_ms) WHERE state IN (0, 1);
CREATE INDEX job_due ON job(next_ms);

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
, status        TEXT    NOT NULL DEFAULT '', status_ms     INTEGER NOT NULL DEFAULT 0, status_rfc_id TEXT    NOT NULL DEFAULT '', picture TEXT NOT NULL DEFAULT '', birthday TEXT NOT NULL DEFAULT '', profile_status TEXT NOT NULL DEFAULT '', profile_ms INTEGER NOT NULL DEFAULT 0, profile_rfc_id TEXT NOT NULL DEFAULT '', told TEXT NOT NULL DEFAULT '', told_ms INTEGER NOT NULL DEFAULT 0, requested_ms INTEGER NOT NULL DEFAULT 0, unproven INTEGER NOT NULL DEFAULT 0, proof_ms INTEGER NOT NULL DEFAULT 0, proof_rfc_id TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID;
CREATE TABLE chat (
  id          INTEGER PRIMARY KEY,
  kind        INTEGER NOT NULL,               -- chat::ChatKind
  person      INTEGER REFERENCES person(id),  -- single: the other; NULL: self
  muted_until INTEGER NOT NULL DEFAULT 0,
  archived    INTEGER NOT NULL DEFAULT 0,
  pinned      INTEGER NOT NULL DEFAULT 0
, group_id       TEXT    NOT NULL DEFAULT '', name           TEXT    NOT NULL DEFAULT '', name_ms        INTEGER NOT NULL DEFAULT 0, description    TEXT    NOT NULL DEFAULT '', description_ms INTEGER NOT NULL DEFAULT 0, founder        TEXT    NOT NULL DEFAULT '', self           TEXT    NOT NULL DEFAULT '', accepted       INTEGER NOT NULL DEFAULT 0, blocked        INTEGER NOT NULL DEFAULT 0, timer    INTEGER NOT NULL DEFAULT 0, timer_ms INTEGER NOT NULL DEFAULT 0, removes_expired INTEGER NOT NULL DEFAULT 0, last_message INTEGER NOT NULL DEFAULT 0, last_ms      INTEGER NOT NULL DEFAULT 0, unread       INTEGER NOT NULL DEFAULT 0, picture TEXT NOT NULL DEFAULT '', picture_ms INTEGER NOT NULL DEFAULT 0) STRICT;
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
, peer TEXT NOT NULL DEFAULT '', follows TEXT NOT NULL DEFAULT '', bounce_of TEXT NOT NULL DEFAULT '', arrived_ms INTEGER NOT NULL DEFAULT 0, size INTEGER NOT NULL DEFAULT 0, list INTEGER NOT NULL DEFAULT 0, forged INTEGER NOT NULL DEFAULT 0, notice        TEXT NOT NULL DEFAULT '', notice_params TEXT NOT NULL DEFAULT '', details TEXT NOT NULL DEFAULT '', edits   TEXT    NOT NULL DEFAULT '', family  INTEGER NOT NULL DEFAULT 0, hidden  INTEGER NOT NULL DEFAULT 0, shown   INTEGER NOT NULL DEFAULT 0, deleted INTEGER NOT NULL DEFAULT 0, poll_id TEXT NOT NULL DEFAULT '', timer      INTEGER NOT NULL DEFAULT 0, timed      INTEGER NOT NULL DEFAULT 0, viewed_ms  INTEGER NOT NULL DEFAULT 0, noticed_ms INTEGER NOT NULL DEFAULT 0, expires_ms INTEGER NOT NULL DEFAULT 0, unsaid INTEGER NOT NULL DEFAULT 0, half    INTEGER NOT NULL DEFAULT 0, file_ms INTEGER NOT NULL DEFAULT 0, album TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE place (
  folder      INTEGER NOT NULL REFERENCES folder(id),
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  message     INTEGER REFERENCES message(id),
  flags       INTEGER NOT NULL DEFAULT 0,     -- chat::Flags
  modseq      INTEGER NOT NULL DEFAULT 0,
  size        INTEGER NOT NULL DEFAULT 0,
  reason      TEXT    NOT NULL DEFAULT '', appended INTEGER NOT NULL DEFAULT 0, half    INTEGER NOT NULL DEFAULT 0,
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
  inline_part INTEGER NOT NULL DEFAULT 0, width  INTEGER NOT NULL DEFAULT 0, height INTEGER NOT NULL DEFAULT 0, preview TEXT NOT NULL DEFAULT '',
  UNIQUE (message, position)
) STRICT;
CREATE TABLE outgoing (
  id       INTEGER PRIMARY KEY,
  message  INTEGER REFERENCES message(id),    -- NULL: a control mail
  rfc_id   TEXT    NOT NULL,
  mail_from TEXT   NOT NULL,                  -- SMTP envelope; '': the null reverse-path
  bytes    BLOB    NOT NULL,
  filed    INTEGER NOT NULL DEFAULT 0         -- the own copy was ordered, or seen on the server
, made_ms INTEGER NOT NULL DEFAULT 0, not_before_ms INTEGER NOT NULL DEFAULT 0, hold_until_ms INTEGER NOT NULL DEFAULT 0, about TEXT NOT NULL DEFAULT '') STRICT;
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
CREATE TABLE group_id (
  id           TEXT    PRIMARY KEY,
  chat         INTEGER NOT NULL REFERENCES chat(id),
  thread       TEXT    NOT NULL DEFAULT '',    -- the Message-ID that gave it; '': a program made it
  own          INTEGER NOT NULL DEFAULT 0,     -- that mail is a chat program's, in this group
  component    TEXT    NOT NULL DEFAULT '',    -- of ids that mails gave: the least of those that are one group's
  first_ms     INTEGER NOT NULL DEFAULT 0,     -- 0: none yet
  first_rfc_id TEXT    NOT NULL DEFAULT '',
  first_author TEXT    NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE TABLE group_claim (
  component TEXT NOT NULL,
  group_id  TEXT NOT NULL REFERENCES group_id(id),
  PRIMARY KEY (component, group_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE membership (
  source  TEXT    NOT NULL,                    -- the id of the group, or the component that the mail is in
  author  TEXT    NOT NULL,
  member  TEXT    NOT NULL,
  parted  INTEGER NOT NULL,                    -- left, not joined
  at_ms   INTEGER NOT NULL,
  said_ms INTEGER NOT NULL,                    -- when that was said first
  PRIMARY KEY (source, author, member, parted, at_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE member (
  chat      INTEGER NOT NULL REFERENCES chat(id),
  addr      TEXT    NOT NULL,
  joined_ms INTEGER NOT NULL DEFAULT 0,
  parted_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (chat, addr)
) STRICT, WITHOUT ROWID;
CREATE TABLE group_waits (
  parent   TEXT    NOT NULL,                   -- the Message-ID of that mail
  group_id TEXT    NOT NULL,
  author   TEXT    NOT NULL,
  rfc_id   TEXT    NOT NULL,                   -- of the mail that waits
  said_ms  INTEGER NOT NULL,
  listed   TEXT    NOT NULL,                   -- addresses, each on a line of its own
  subject  TEXT    NOT NULL,
  PRIMARY KEY (parent, group_id, author, rfc_id, said_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE choice (
  person INTEGER NOT NULL,   -- 0: it is about a chat that is with no one person
  chat   INTEGER NOT NULL,   -- 0: it is about a person
  kind   INTEGER NOT NULL,   -- chat::ChoiceKind
  value  TEXT    NOT NULL,
  at_ms  INTEGER NOT NULL,
  PRIMARY KEY (person, chat, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE storage_mail (
  folder      INTEGER NOT NULL REFERENCES folder(id),
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  rfc_id      TEXT    NOT NULL,
  date_ms     INTEGER NOT NULL,
  whole       INTEGER NOT NULL,
  ours        INTEGER NOT NULL,
  group_id    TEXT    NOT NULL,
  addrs       TEXT    NOT NULL,                -- each on a line of its own
  name        TEXT    NOT NULL,
  fields      TEXT    NOT NULL,
  page        TEXT    NOT NULL,
  replaces    TEXT    NOT NULL,                -- each on a line of its own
  PRIMARY KEY (folder, uidvalidity, uid)
) STRICT;
CREATE TABLE storage_key (
  key         TEXT    NOT NULL,
  folder      INTEGER NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  PRIMARY KEY (key, folder, uidvalidity, uid)
) STRICT, WITHOUT ROWID;
CREATE TABLE storage_choice (
  folder      INTEGER NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  value       TEXT    NOT NULL,
  at_ms       INTEGER NOT NULL,
  PRIMARY KEY (folder, uidvalidity, uid, kind)
) STRICT, WITHOUT ROWID;
CREATE VIEW chat_state AS SELECT c.id AS chat,
  coalesce((SELECT m.id FROM message m WHERE m.chat = c.id AND m.hidden = 0 ORDER BY m.sort_ms DESC, m.id DESC LIMIT 1), 0)
    AS last_message,
  coalesce((SELECT m.sort_ms FROM message m WHERE m.chat = c.id AND m.hidden = 0 ORDER BY m.sort_ms DESC LIMIT 1), 0)
    AS last_ms,
  (SELECT count(*) FROM message m WHERE m.chat = c.id AND m.hidden = 0 AND m.seen = 0) AS unread
  FROM chat c;
CREATE TRIGGER chat_loses AFTER DELETE ON message WHEN OLD.hidden = 0 BEGIN
  UPDATE chat SET unread = unread - 1 WHERE id = OLD.chat AND OLD.seen = 0;
  UPDATE chat SET (last_message, last_ms) = (SELECT s.last_message, s.last_ms FROM chat_state s WHERE s.chat = OLD.chat)
    WHERE id = OLD.chat AND last_message = OLD.id;
END;
CREATE TRIGGER chat_counts AFTER UPDATE OF chat, hidden, seen ON message
    WHEN (OLD.chat, OLD.hidden = 0 AND OLD.seen = 0) <> (NEW.chat, NEW.hidden = 0 AND NEW.seen = 0) BEGIN
  UPDATE chat SET unread = unread - 1 WHERE id = OLD.chat AND OLD.hidden = 0 AND OLD.seen = 0;
  UPDATE chat SET unread = unread + 1 WHERE id = NEW.chat AND NEW.hidden = 0 AND NEW.seen = 0;
END;
CREATE TRIGGER chat_orders AFTER UPDATE OF chat, hidden, sort_ms ON message
    WHEN (OLD.chat, OLD.hidden = 0, OLD.sort_ms) <> (NEW.chat, NEW.hidden = 0, NEW.sort_ms) BEGIN
  UPDATE chat SET (last_message, last_ms) = (SELECT s.last_message, s.last_ms FROM chat_state s WHERE s.chat = chat.id)
    WHERE id IN (OLD.chat, NEW.chat);
END;
CREATE TABLE picture(
  id TEXT PRIMARY KEY,
  base64 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX address_person ON address(person, class_ms DESC, addr);
CREATE UNIQUE INDEX chat_person ON chat(person) WHERE person IS NOT NULL;
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
CREATE UNIQUE INDEX chat_self ON chat(kind) WHERE kind = 1;
CREATE INDEX group_id_chat ON group_id(chat, component);
CREATE INDEX group_id_first ON group_id(chat, first_ms, first_rfc_id, first_author) WHERE first_ms > 0;
CREATE INDEX group_id_thread ON group_id(thread) WHERE thread <> '';
CREATE INDEX group_id_component ON group_id(component, chat) WHERE component <> '';
CREATE INDEX member_addr ON member(addr);
CREATE INDEX message_order ON message(chat, hidden, sort_ms, id);
CREATE INDEX message_edits ON message(edits) WHERE edits <> '';
CREATE INDEX message_family ON message(family, hidden, deleted) WHERE family <> 0;
CREATE INDEX message_version ON message(
  family, edits <> '', min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), date_ms, arrived_ms, rfc_id) WHERE family <> 0;
CREATE INDEX remark_pinned ON remark(subject) WHERE kind = 9;
CREATE INDEX message_poll ON message(poll_id) WHERE poll_id <> '';
CREATE INDEX message_expires ON message(expires_ms) WHERE expires_ms <> 0 AND hidden = 0 AND deleted = 0;
CREATE INDEX message_follows ON message(follows) WHERE timed <> 0;
CREATE INDEX outgoing_held ON outgoing(not_before_ms) WHERE not_before_ms <> 0;
CREATE INDEX message_timer ON message(
  chat, min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), date_ms, rfc_id, timer) WHERE timed >= 2;
CREATE INDEX storage_key_place ON storage_key(folder, uidvalidity, uid);
CREATE INDEX outgoing_about ON outgoing(about) WHERE about <> '';
CREATE INDEX message_unseen ON message(chat, hidden, sort_ms, id) WHERE seen = 0;
CREATE INDEX message_files ON message(chat, hidden, sort_ms, id) WHERE kind NOT IN (0, 2);
CREATE INDEX message_links ON message(chat, hidden, sort_ms, id) WHERE shown <> 0 OR instr(text, '://') > 0;
CREATE INDEX chat_list ON chat(archived, pinned DESC, iif(last_message = 0, name_ms, last_ms) DESC, id DESC);
CREATE INDEX message_album ON message(album) WHERE album <> '';
CREATE INDEX job_of_many ON job(folder, uidvalidity) WHERE uids GLOB '*[:,]*';

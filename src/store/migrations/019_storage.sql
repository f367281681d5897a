-- Version 19: what the user decided about people and chats, and the mails in Contacts that keep it for all devices.

-- chat::Choice. Of each kind the newest.
CREATE TABLE choice (
  person INTEGER NOT NULL,   -- 0: it is about a chat that is with no one person
  chat   INTEGER NOT NULL,   -- 0: it is about a person
  kind   INTEGER NOT NULL,   -- chat::ChoiceKind
  value  TEXT    NOT NULL,
  at_ms  INTEGER NOT NULL,
  PRIMARY KEY (person, chat, kind)
) STRICT, WITHOUT ROWID;

-- What was decided before is older than whatever is heard from another device.
INSERT INTO choice SELECT id, 0, 0, name, 1 FROM person WHERE name <> '';
INSERT INTO choice SELECT id, 0, 1, '1', 1 FROM person WHERE name <> '';
INSERT INTO choice SELECT id, 0, 2, '1', 1 FROM person WHERE blocked = 1;
INSERT INTO choice SELECT 0, id, 2, '1', 1 FROM chat WHERE blocked = 1 AND person IS NULL;
INSERT INTO choice SELECT coalesce(person, 0), iif(person IS NULL, id, 0), 3, muted_until, 1 FROM chat WHERE muted_until > 0;
INSERT INTO choice SELECT coalesce(person, 0), iif(person IS NULL, id, 0), 4, '1', 1 FROM chat WHERE pinned = 1;
INSERT INTO choice SELECT coalesce(person, 0), iif(person IS NULL, id, 0), 5, '1', 1 FROM chat WHERE archived = 1;

-- chat::StorageMail.
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
CREATE INDEX storage_key_place ON storage_key(folder, uidvalidity, uid);
CREATE TABLE storage_choice (
  folder      INTEGER NOT NULL,
  uidvalidity INTEGER NOT NULL,
  uid         INTEGER NOT NULL,
  kind        INTEGER NOT NULL,
  value       TEXT    NOT NULL,
  at_ms       INTEGER NOT NULL,
  PRIMARY KEY (folder, uidvalidity, uid, kind)
) STRICT, WITHOUT ROWID;

-- Of a storage mail that waits to be filed: about whom it is; '': it is none.
ALTER TABLE outgoing ADD COLUMN about TEXT NOT NULL DEFAULT '';
CREATE INDEX outgoing_about ON outgoing(about) WHERE about <> '';

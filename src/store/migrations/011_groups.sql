-- Version 11: groups, and messages that tell of a change.

ALTER TABLE message ADD COLUMN notice        TEXT NOT NULL DEFAULT '';   -- chat::Notice::code; '': it is none
ALTER TABLE message ADD COLUMN notice_params TEXT NOT NULL DEFAULT '';   -- "name=value" each on a line of its own

-- Of groups; settled from what is said about them (chat/settle_group.h).
ALTER TABLE chat ADD COLUMN group_id       TEXT    NOT NULL DEFAULT '';  -- that its mails carry
ALTER TABLE chat ADD COLUMN name           TEXT    NOT NULL DEFAULT '';
ALTER TABLE chat ADD COLUMN name_ms        INTEGER NOT NULL DEFAULT 0;   -- since when; 0: nobody said
ALTER TABLE chat ADD COLUMN description    TEXT    NOT NULL DEFAULT '';
ALTER TABLE chat ADD COLUMN description_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN founder        TEXT    NOT NULL DEFAULT '';  -- author of the mail that arrived first
ALTER TABLE chat ADD COLUMN self           TEXT    NOT NULL DEFAULT '';  -- our own address in it
ALTER TABLE chat ADD COLUMN accepted       INTEGER NOT NULL DEFAULT 0;   -- we wrote in it, or the user accepts it
ALTER TABLE chat ADD COLUMN blocked        INTEGER NOT NULL DEFAULT 0;

DROP INDEX chat_self;
CREATE UNIQUE INDEX chat_self ON chat(kind) WHERE kind = 1;

-- Every id that a group goes by, and the mail with it that arrived first.
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
CREATE INDEX group_id_chat ON group_id(chat, component);
CREATE INDEX group_id_first ON group_id(chat, first_ms, first_rfc_id, first_author) WHERE first_ms > 0;
CREATE INDEX group_id_thread ON group_id(thread) WHERE thread <> '';
CREATE INDEX group_id_component ON group_id(component, chat) WHERE component <> '';

-- Which id that a program made is named by a mail of a component.
CREATE TABLE group_claim (
  component TEXT NOT NULL,
  group_id  TEXT NOT NULL REFERENCES group_id(id),
  PRIMARY KEY (component, group_id)
) STRICT, WITHOUT ROWID;

-- chat::MembershipClaim. Of each author, member and sort the newest 64 and the oldest.
CREATE TABLE membership (
  source  TEXT    NOT NULL,                    -- the id of the group, or the component that the mail is in
  author  TEXT    NOT NULL,
  member  TEXT    NOT NULL,
  parted  INTEGER NOT NULL,                    -- left, not joined
  at_ms   INTEGER NOT NULL,
  said_ms INTEGER NOT NULL,                    -- when that was said first
  PRIMARY KEY (source, author, member, parted, at_ms)
) STRICT, WITHOUT ROWID;

-- chat::Member, as settled; past ones too.
CREATE TABLE member (
  chat      INTEGER NOT NULL REFERENCES chat(id),
  addr      TEXT    NOT NULL,
  joined_ms INTEGER NOT NULL DEFAULT 0,
  parted_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (chat, addr)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_addr ON member(addr);

-- What a mail says by whom it names and by its subject hangs on the mail that it answers, which is not here yet.
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

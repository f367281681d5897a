-- Version 20: what the list of chats shows stands with each chat, so that it costs the same however many mails there
-- are. Triggers keep it: messages come, are seen, hidden, moved in time and to other chats in many places.

ALTER TABLE chat ADD COLUMN last_message INTEGER NOT NULL DEFAULT 0;   -- the newest one that is shown; 0: none
ALTER TABLE chat ADD COLUMN last_ms      INTEGER NOT NULL DEFAULT 0;   -- its sort_ms
ALTER TABLE chat ADD COLUMN unread       INTEGER NOT NULL DEFAULT 0;   -- messages that are shown and not seen

DROP INDEX message_unseen;
CREATE INDEX message_unseen ON message(chat, hidden, sort_ms, id) WHERE seen = 0;
-- Who may have files (chat::may_have_files), and who may have links.
CREATE INDEX message_files ON message(chat, hidden, sort_ms, id) WHERE kind NOT IN (0, 2);
CREATE INDEX message_links ON message(chat, hidden, sort_ms, id) WHERE shown <> 0 OR instr(text, '://') > 0;

CREATE VIEW chat_state AS SELECT c.id AS chat,
  coalesce((SELECT m.id FROM message m WHERE m.chat = c.id AND m.hidden = 0 ORDER BY m.sort_ms DESC, m.id DESC LIMIT 1), 0)
    AS last_message,
  coalesce((SELECT m.sort_ms FROM message m WHERE m.chat = c.id AND m.hidden = 0 ORDER BY m.sort_ms DESC LIMIT 1), 0)
    AS last_ms,
  (SELECT count(*) FROM message m WHERE m.chat = c.id AND m.hidden = 0 AND m.seen = 0) AS unread
  FROM chat c;
UPDATE chat SET (last_message, last_ms, unread) =
  (SELECT s.last_message, s.last_ms, s.unread FROM chat_state s WHERE s.chat = chat.id);
CREATE INDEX chat_list ON chat(archived, pinned DESC, iif(last_message = 0, name_ms, last_ms) DESC, id DESC);

CREATE TRIGGER chat_gains AFTER INSERT ON message WHEN NEW.hidden = 0 BEGIN
  UPDATE chat SET unread = unread + (NEW.seen = 0) WHERE id = NEW.chat AND NEW.seen = 0;
  UPDATE chat SET last_message = NEW.id, last_ms = NEW.sort_ms
    WHERE id = NEW.chat AND (last_message = 0 OR (NEW.sort_ms, NEW.id) > (last_ms, last_message));
END;
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

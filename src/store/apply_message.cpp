// Messages and their places.
#include <tuple>

#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

MessageId Database::Impl::message_id(const MessageKey& key, MessageId named) {
  if (named) return named;
  if (put_now) return *put_now;
  const auto ids = with_key(key.rfc_id, key.from_addr);
  return ids.empty() ? MessageId{} : ids.front();
}

std::vector<MessageId> Database::Impl::with_key(const std::string& rfc_id, const std::string& from_addr) {
  std::vector<MessageId> ids;
  auto row = connection.query(
      "SELECT id FROM message WHERE rfc_id = ?1 AND from_addr = ?2 UNION ALL "
      "SELECT m.id FROM also a JOIN message m ON m.id = a.message WHERE a.rfc_id = ?1 AND m.from_addr = ?2",
      rfc_id, from_addr);
  while (row.next()) ids.push_back(row.id<MessageId>(0));
  return ids;
}

std::vector<std::string> Database::Impl::ids_of(MessageId message) {
  std::vector<std::string> ids;
  auto row = connection.query(
      "SELECT rfc_id FROM message WHERE id = ?1 UNION ALL SELECT rfc_id FROM also WHERE message = ?1", message);
  while (row.next()) ids.push_back(row.text(0));
  return ids;
}

void Database::Impl::touch(MessageId message) {
  changes.changed.insert(message);
  auto row = connection.query("SELECT chat FROM message WHERE id = ?", message);
  if (row.next()) changes.chats.insert(row.id<ChatId>(0));
}

namespace {

int receipt_wish(const PutMessage& message) {
  return message.wants_chat_receipt ? 1 : message.wants_plain_receipt ? 2 : 0;
}

}  // namespace

void Database::Impl::apply(const PutMessage& message) {
  put_now = message.into.value_or(MessageId{});
  if (message.into)
    merge(message, *message.into);
  else if (!gives_way(message))
    put_now = insert(message, chat_of(message.chat));
  if (*put_now) put_ids(message, *put_now);
  if (!message.outgoing) return;
  for (const auto& id : ids_of(*put_now)) remove_bounces_of(id);
}

// What a server called it. Reports and bounces may have named it so before.
void Database::Impl::put_ids(const PutMessage& message, MessageId id) {
  if (message.other_ids.empty()) return;
  int changed = connection.run("UPDATE message SET rfc_id = ?2 WHERE id = ?1 AND rfc_id <> ?2", id, message.key.rfc_id);
  connection.run("DELETE FROM also WHERE message = ? AND rfc_id = ?", id, message.key.rfc_id);
  for (const auto& other : message.other_ids)
    changed += connection.run("INSERT INTO also(rfc_id, message) VALUES (?, ?) ON CONFLICT DO NOTHING", other, id);
  // The first mail of a conversation names itself.
  connection.run(
      "UPDATE message SET thread_root = rfc_id WHERE id = ?1 AND thread_root IN (SELECT rfc_id FROM also WHERE message "
      "= ?1)",
      id);
  if (changed == 0) return;
  touch(id);
  settle_seen(id);
  if (auto row = connection.query("SELECT chat, arrived_ms FROM message WHERE id = ?", id); row.next())
    unordered.insert({row.id<ChatId>(0), row.number(1)});
}

PutMessage Database::Impl::stored(MessageId id) {
  PutMessage message;
  {
    auto row = connection.query(
        "SELECT m.rfc_id, m.from_addr, c.kind, m.peer, m.outgoing, m.seen, m.forged, m.list, m.arrived_ms, m.date_ms, "
        "m.received_ms, m.size, m.from_name, m.subject, m.kind, m.text, m.quote, m.footer, m.html, m.is_chat, "
        "m.automatic, m.wants_receipt, m.in_reply_to, m.thread_root, m.follows, m.bounce_of "
        "FROM message m JOIN chat c ON c.id = m.chat WHERE m.id = ?",
        id);
    if (!row.next()) return message;
    message.key = {row.text(0), row.text(1)};
    message.chat = row.word<ChatKind>(2) == ChatKind::self ? ChatRef(WithSelf{}) : WithPerson{row.text(3)};
    message.outgoing = row.flag(4);
    message.seen = row.flag(5);
    message.forged = row.flag(6);
    message.list = row.flag(7);
    message.arrived_ms = row.number(8);
    message.date_ms = row.number(9);
    message.received_ms = row.number(10);
    message.size = row.count(11);
    message.from_name = row.text(12);
    message.subject = row.text(13);
    message.kind = row.word<MessageKind>(14);
    message.text = row.text(15);
    message.quote = row.text(16);
    message.footer = row.text(17);
    message.html = row.flag(18);
    message.is_chat = row.flag(19);
    message.automatic = row.flag(20);
    message.wants_chat_receipt = row.number(21) == 1;
    message.wants_plain_receipt = row.number(21) == 2;
    message.in_reply_to = row.text(22);
    message.thread_root = row.text(23);
    message.follows = row.text(24);
    message.bounce_of = row.text(25);
  }
  auto row = connection.query(
      "SELECT name, type, size, state, blob, section, inline_part FROM attachment WHERE message = ? ORDER BY position",
      id);
  while (row.next())
    message.attachments.push_back({.name = row.text(0),
                                   .type = row.text(1),
                                   .size = row.count(2),
                                   .state = row.word<FileState>(3),
                                   .blob = row.text(4),
                                   .section = row.text(5),
                                   .inline_part = row.flag(6)});
  return message;
}

// What was kept apart for want of the copy that shows it to be one.
void Database::Impl::apply(const JoinMessages& join) {
  connection.run("UPDATE place SET message = ?1 WHERE message = ?2", join.kept, join.gone);
  connection.run("UPDATE job SET message = ?1 WHERE message = ?2", join.kept, join.gone);
  connection.run("UPDATE OR IGNORE also SET message = ?1 WHERE message = ?2", join.kept, join.gone);
  connection.run(
      "UPDATE message SET gone_seen = max(message.gone_seen, g.gone_seen), seen_here = max(message.seen_here, "
      "g.seen_here) FROM (SELECT gone_seen, seen_here FROM message WHERE id = ?2) g WHERE message.id = ?1",
      join.kept, join.gone);
  merge(stored(join.gone), join.kept);
  IndexedMessage indexed;
  if (auto row = connection.query("SELECT chat, sort_ms FROM message WHERE id = ?", join.gone); row.next())
    indexed = {.chat = row.id<ChatId>(0), .sort_ms = row.number(1), .body = {}};
  remove_row(join.gone, indexed);
  settle_seen(join.kept);
  touch(join.kept);
}

void Database::Impl::remove_row(MessageId message, const IndexedMessage& indexed) {
  auto before = indexed;
  before.body = indexed_body(message);
  index.remove(message, before);
  connection.run("DELETE FROM also WHERE message = ?", message);
  connection.run("DELETE FROM attachment WHERE message = ?", message);
  connection.run("DELETE FROM message WHERE id = ?", message);
  changes.changed.insert(message);
  changes.chats.insert(indexed.chat);
}

bool Database::Impl::gives_way(const PutMessage& message) {
  if (message.bounce_of.empty()) return false;
  auto row = connection.query(
      "SELECT 1 FROM message WHERE rfc_id = ?1 AND outgoing = 1 UNION ALL "
      "SELECT 1 FROM also a JOIN message m ON m.id = a.message WHERE a.rfc_id = ?1 AND m.outgoing = 1",
      message.bounce_of);
  return row.next();
}

// They came before the message that they are about, which shows by the reports how far it got. Their places stay done.
void Database::Impl::remove_bounces_of(const std::string& rfc_id) {
  std::vector<std::pair<MessageId, IndexedMessage>> bounces;
  {
    auto row =
        connection.query("SELECT id, chat, sort_ms FROM message WHERE bounce_of = ? AND bounce_of <> ''", rfc_id);
    while (row.next()) bounces.emplace_back(row.id<MessageId>(0), IndexedMessage{row.id<ChatId>(1), row.number(2), {}});
  }
  for (const auto& [id, indexed] : bounces) {
    connection.run("UPDATE place SET message = NULL, flags = 0, modseq = 0 WHERE message = ?", id);
    connection.run("DELETE FROM job WHERE message = ?", id);
    remove_row(id, indexed);
  }
}

MessageId Database::Impl::insert(const PutMessage& message, ChatId chat) {
  connection.run(
      "INSERT INTO message(chat, rfc_id, from_addr, from_name, outgoing, seen, sort_ms, arrived_ms, date_ms, "
      "received_ms, size, kind, is_chat, automatic, list, forged, subject, text, quote, footer, html, wants_receipt, "
      "in_reply_to, thread_root, follows, bounce_of, peer) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      chat, message.key.rfc_id, message.key.from_addr, message.from_name, message.outgoing, message.seen,
      message.arrived_ms, message.arrived_ms, message.date_ms, message.received_ms,
      static_cast<std::int64_t>(message.size), message.kind, message.is_chat, message.automatic, message.list,
      message.forged, message.subject, message.text, message.quote, message.footer, message.html, receipt_wish(message),
      message.in_reply_to, message.thread_root, message.follows, message.bounce_of, peer_of(message.chat));
  const MessageId id{connection.last_id()};
  put_files(message, id);
  index.add(id, {.chat = chat, .sort_ms = message.arrived_ms, .body = indexed_body(message)});
  unordered.insert({chat, message.arrived_ms});
  changes.added.push_back(id);
  if (message.notify) changes.notify.insert(id);
  if (message.history) changes.history.insert(id);
  changes.chats.insert(chat);
  return id;
}

// A file keeps its id when another copy of the mail names it too, and what was fetched of it stays here.
void Database::Impl::put_files(const PutMessage& message, MessageId id) {
  int position = 0;
  for (const auto& file : message.attachments)
    connection.run(
        "INSERT INTO attachment(message, position, name, type, size, state, blob, section, inline_part) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message, position) DO UPDATE SET "
        "state = iif(excluded.blob = '' AND name = excluded.name, state, excluded.state), "
        "size = iif(excluded.blob = '' AND name = excluded.name AND blob <> '', size, excluded.size), "
        "blob = iif(excluded.blob = '' AND name = excluded.name, blob, excluded.blob), "
        "name = excluded.name, type = excluded.type, section = excluded.section, inline_part = excluded.inline_part",
        id, position++, file.name, file.type, static_cast<std::int64_t>(file.size), file.state, file.blob, file.section,
        file.inline_part);
}

// A further copy. Which speaks for the message, and when it arrived, does not hang on which was fetched first.
void Database::Impl::merge(const PutMessage& message, MessageId known) {
  bool written_here = false, speaks = false;
  IndexedMessage before;
  UnixMs arrived = 0;
  {
    auto row = connection.query(
        "SELECT chat, sort_ms, arrived_ms, EXISTS (SELECT 1 FROM outgoing o WHERE o.message = m.id), forged, list, "
        "received_ms, date_ms, text, subject, from_name, in_reply_to FROM message m WHERE id = ?",
        known);
    if (!row.next()) return;
    before = {.chat = row.id<ChatId>(0), .sort_ms = whole_seconds(row.number(1)), .body = {}};
    arrived = row.number(2);
    written_here = row.flag(3);
    speaks = std::tuple(message.forged, message.list, message.received_ms, message.date_ms, message.text,
                        message.subject, message.from_name,
                        message.in_reply_to) < std::tuple(row.flag(4), row.flag(5), row.number(6), row.number(7),
                                                          row.text(8), row.text(9), row.text(10), row.text(11));
  }
  speaks = speaks && !written_here;  // our own words stay
  if (!speaks && message.arrived_ms >= arrived) return;
  before.body = indexed_body(known);
  auto after = before;
  if (message.arrived_ms < arrived) {
    after.sort_ms = message.arrived_ms;
    connection.run("UPDATE message SET sort_ms = ?1, arrived_ms = ?1 WHERE id = ?2", after.sort_ms, known);
  }
  if (speaks) {
    after.chat = chat_of(message.chat);
    after.body = indexed_body(message);
    connection.run(
        "UPDATE message SET chat = ?, outgoing = ?, seen = max(seen, ?), from_name = ?, date_ms = ?, received_ms = ?, "
        "size = ?, kind = ?, is_chat = ?, automatic = ?, list = ?, forged = ?, subject = ?, text = ?, quote = ?, "
        "footer = ?, html = ?, wants_receipt = ?, in_reply_to = ?, thread_root = ?, follows = ?, peer = ? WHERE id = ?",
        after.chat, message.outgoing, message.outgoing, message.from_name, message.date_ms, message.received_ms,
        static_cast<std::int64_t>(message.size), message.kind, message.is_chat, message.automatic, message.list,
        message.forged, message.subject, message.text, message.quote, message.footer, message.html,
        receipt_wish(message), message.in_reply_to, message.thread_root, message.follows, peer_of(message.chat), known);
    put_files(message, known);
    connection.run("DELETE FROM attachment WHERE message = ? AND position >= ?", known, message.attachments.size());
    changes.chats.insert(before.chat);
  }
  unordered.insert({before.chat, before.sort_ms});
  unordered.insert({after.chat, after.sort_ms});
  index.replace(known, before, after);
  touch(known);
}

std::string Database::Impl::indexed_body(MessageId id) {
  PutMessage message;
  {
    auto row = connection.query("SELECT text, subject, is_chat FROM message WHERE id = ?", id);
    if (!row.next()) return {};
    message.text = row.text(0);
    message.subject = row.text(1);
    message.is_chat = row.flag(2);
  }
  auto row = connection.query("SELECT name FROM attachment WHERE message = ? ORDER BY position", id);
  while (row.next()) message.attachments.push_back({.name = row.text(0)});
  return indexed_body(message);
}

// The subject of a chat mail is only its first words once more (P-02).
std::string Database::Impl::indexed_body(const PutMessage& message) {
  std::string body = message.text;
  if (!message.is_chat && !message.subject.empty()) body.append("\n").append(message.subject);
  for (const auto& file : message.attachments) body.append("\n").append(file.name);
  return body;
}

// Seen is what an own device has answered by a receipt, or what is seen where a copy lies. Without a copy the last word
// counts. A function of what is stored, so that the order in which it came does not matter.
void Database::Impl::settle_seen(MessageId message) {
  static_assert(Flags::seen == 1);
  static_assert(static_cast<int>(RemarkKind::displayed) == 0);
  const int changed = connection.run(
      "UPDATE message SET seen = 1 - seen WHERE id = ? AND outgoing = 0 AND seen <> "
      "(EXISTS (SELECT 1 FROM remark r WHERE r.subject = message.rfc_id AND r.kind = 0 AND r.by_us = 1) OR "
      "EXISTS (SELECT 1 FROM also a JOIN remark r ON r.subject = a.rfc_id WHERE a.message = message.id AND r.kind = 0 "
      "AND r.by_us = 1) "
      "OR coalesce((SELECT max(p.flags & 1) FROM place p WHERE p.message = message.id), gone_seen))",
      message);
  if (changed > 0) touch(message);
}

bool Database::Impl::deserves_sound(MessageId message) {
  auto row = connection.query(
      "SELECT 1 FROM message m JOIN chat c ON c.id = m.chat WHERE m.id = ? AND m.seen = 0 AND c.muted_until <= ?",
      message, now);
  return row.next();
}

Database::Impl::Copies Database::Impl::copies_of(MessageId message) {
  static_assert(Flags::mdn_sent == 32);
  auto row = connection.query("SELECT count(*), max(flags & 32) FROM place WHERE message = ?", message);
  row.next();
  return {.any = row.flag(0), .answered = row.flag(1)};
}

void Database::Impl::touch_unless(MessageId message, Copies before) {
  if (copies_of(message) != before) touch(message);
}

void Database::Impl::apply(const PutPlace& put) {
  const auto message = message_id(put.key, put.message);
  if (!message) return;
  const auto before = copies_of(message);
  const auto& place = put.place;
  if (is_void(place)) {
    // The folder was made anew while the mail was on its way: as if the copy had come and gone.
    if (put.flags.has(Flags::seen)) connection.run("UPDATE message SET gone_seen = 1 WHERE id = ?", message);
  } else {
    const auto modseq = static_cast<std::int64_t>(put.modseq);
    connection.run(
        "INSERT INTO place(folder, uidvalidity, uid, message, flags, modseq, size, appended) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET message = excluded.message, size = excluded.size, reason = '', "
        "flags = iif(excluded.modseq = 0 OR excluded.modseq >= modseq, excluded.flags, flags), "
        "modseq = max(modseq, excluded.modseq)",
        place.folder, place.uidvalidity, place.uid, message, put.flags.bits, modseq,
        static_cast<std::int64_t>(put.size), put.appended);
    mark_done(place);
  }
  note_own_copy(message);
  settle_seen(message);
  touch_unless(message, before);
}

// The own copy lies on the server: whoever stored it, it need not be filed any more.
void Database::Impl::note_own_copy(MessageId message) {
  if (connection.run("UPDATE outgoing SET filed = 1 WHERE message = ?", message) == 0) return;
  static_assert(static_cast<int>(JobKind::file_copy) == 2);
  connection.run("DELETE FROM job WHERE message = ? AND kind = 2", message);
  auto row = connection.query("SELECT id FROM outgoing WHERE message = ?", message);
  if (row.next()) settling.insert(row.id<OutgoingId>(0));
}

void Database::Impl::apply(const PutFile& put) {
  const auto& file = put.file;
  connection.run("UPDATE attachment SET state = ?, blob = ?, size = ? WHERE id = ?", FileState::local, file.blob,
                 static_cast<std::int64_t>(file.size), file.attachment);
  auto row = connection.query("SELECT message FROM attachment WHERE id = ?", file.attachment);
  if (row.next()) touch(row.id<MessageId>(0));
}

void Database::Impl::apply(const SetSeen& seen) {
  static_assert(Flags::seen == 1);
  connection.run("UPDATE place SET flags = flags | 1 WHERE message = ?", seen.message);
  connection.run("UPDATE message SET gone_seen = 1, seen_here = 1 WHERE id = ?", seen.message);
  settle_seen(seen.message);
}

}  // namespace coi::store

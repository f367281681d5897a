// Messages, their places and the reports about them.
#include <ranges>
#include <tuple>

#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

MessageId Database::Impl::message_id(const MessageKey& key) {
  auto row = connection.query("SELECT id FROM message WHERE rfc_id = ? AND from_addr = ?", key.rfc_id, key.from_addr);
  return row.next() ? row.id<MessageId>(0) : MessageId{};
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
  if (const auto known = message_id(message.key))
    merge(message, known);
  else if (!gives_way(message))
    insert(message, chat_of(message.chat));
  if (message.outgoing) remove_bounces_of(message.key.rfc_id);
}

bool Database::Impl::gives_way(const PutMessage& message) {
  if (message.bounce_of.empty()) return false;
  auto row = connection.query("SELECT 1 FROM message WHERE rfc_id = ? AND outgoing = 1", message.bounce_of);
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
  for (auto& [id, indexed] : bounces) {
    indexed.body = indexed_body(id);
    index.remove(id, indexed);
    connection.run("UPDATE place SET message = NULL, flags = 0, modseq = 0 WHERE message = ?", id);
    connection.run("DELETE FROM job WHERE message = ?", id);
    connection.run("DELETE FROM attachment WHERE message = ?", id);
    connection.run("DELETE FROM message WHERE id = ?", id);
    changes.changed.insert(id);
    changes.chats.insert(indexed.chat);
  }
}

void Database::Impl::insert(const PutMessage& message, ChatId chat) {
  connection.run(
      "INSERT INTO message(chat, rfc_id, from_addr, from_name, outgoing, seen, sort_ms, date_ms, received_ms, kind, "
      "is_chat, automatic, subject, text, quote, footer, html, wants_receipt, in_reply_to, thread_root, follows, "
      "bounce_of, peer) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      chat, message.key.rfc_id, message.key.from_addr, message.from_name, message.outgoing, message.seen,
      message.sort_ms, message.date_ms, message.received_ms, message.kind, message.is_chat, message.automatic,
      message.subject, message.text, message.quote, message.footer, message.html, receipt_wish(message),
      message.in_reply_to, message.thread_root, message.follows, message.bounce_of, message.chat.addr);
  const MessageId id{connection.last_id()};
  put_files(message, id);
  index.add(id, {.chat = chat, .sort_ms = message.sort_ms, .body = indexed_body(message)});
  unordered.insert({chat, message.sort_ms});
  changes.added.push_back(id);
  if (message.notify) changes.notify.insert(id);
  if (message.history) changes.history.insert(id);
  changes.chats.insert(chat);
}

void Database::Impl::put_files(const PutMessage& message, MessageId id) {
  int position = 0;
  for (const auto& file : message.attachments)
    connection.run(
        "INSERT INTO attachment(message, position, name, type, size, state, blob, section, inline_part) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        id, position++, file.name, file.type, static_cast<std::int64_t>(file.size), file.state, file.blob, file.section,
        file.inline_part);
}

// A further copy. The earliest speaks for the message, so that it does not matter which was fetched first.
void Database::Impl::merge(const PutMessage& message, MessageId known) {
  bool written_here = false, speaks = false;
  IndexedMessage before;
  UnixMs received = 0;
  {
    auto row = connection.query(
        "SELECT chat, sort_ms, received_ms, EXISTS (SELECT 1 FROM outgoing o WHERE o.message = m.id), date_ms, text, "
        "subject, from_name, in_reply_to, outgoing FROM message m WHERE id = ?",
        known);
    row.next();
    before = {.chat = row.id<ChatId>(0), .sort_ms = whole_seconds(row.number(1)), .body = {}};
    received = row.number(2);
    written_here = row.flag(3);
    // Of a mail in the user's name the copies differ in this when one was disowned on its way: it never speaks first.
    speaks = std::tuple(!message.outgoing, message.received_ms, message.sort_ms, message.date_ms, message.text,
                        message.subject, message.from_name,
                        message.in_reply_to) < std::tuple(!row.flag(9), received, before.sort_ms, row.number(4),
                                                          row.text(5), row.text(6), row.text(7), row.text(8));
  }
  before.body = indexed_body(known);
  auto after = before;
  if (written_here) {
    // Our own words stay; the server's clock is the one that all devices share.
    if (message.sort_ms >= before.sort_ms && message.received_ms >= received) return;
    after.sort_ms = std::min(before.sort_ms, message.sort_ms);
    connection.run("UPDATE message SET sort_ms = ?, received_ms = ? WHERE id = ?", after.sort_ms,
                   std::min(received, message.received_ms), known);
  } else {
    if (!speaks) return;
    after = {.chat = chat_of(message.chat), .sort_ms = message.sort_ms, .body = indexed_body(message)};
    connection.run(
        "UPDATE message SET chat = ?, outgoing = ?, seen = max(seen, ?), from_name = ?, sort_ms = ?, date_ms = ?, "
        "received_ms = ?, kind = ?, "
        "is_chat = ?, automatic = ?, subject = ?, text = ?, quote = ?, footer = ?, html = ?, "
        "wants_receipt = ?, in_reply_to = ?, thread_root = ?, follows = ?, peer = ? WHERE id = ?",
        after.chat, message.outgoing, message.outgoing, message.from_name, message.sort_ms, message.date_ms,
        message.received_ms, message.kind, message.is_chat, message.automatic, message.subject, message.text,
        message.quote, message.footer, message.html, receipt_wish(message), message.in_reply_to, message.thread_root,
        message.follows, message.chat.addr, known);
    connection.run("DELETE FROM attachment WHERE message = ?", known);
    put_files(message, known);
    changes.chats.insert(before.chat);
  }
  unordered.insert({before.chat, before.sort_ms});
  unordered.insert({after.chat, after.sort_ms});
  index.replace(known, before, after);
  touch(known);
}

// A mail's Date ends at the second, so what was said within one is told apart by what each author had before them: a
// message stands one millisecond after the one that it follows. A function of what is stored, so that a device that
// reads the history backwards shows what the others show. Messages that do not follow one another stand as they came.
void Database::Impl::order_second(ChatId chat, UnixMs second) {
  constexpr int most = 1000;  // milliseconds
  struct Said {
    MessageId id;
    std::string rfc_id, follows;
    UnixMs sort_ms;
    int rank = -1;
  };
  std::vector<Said> said;
  {
    auto row = connection.query(
        "SELECT id, rfc_id, follows, sort_ms FROM message WHERE chat = ? AND sort_ms BETWEEN ? AND ? LIMIT ?", chat,
        second, second + most - 1, most);
    while (row.next()) said.push_back({row.id<MessageId>(0), row.text(1), row.text(2), row.number(3)});
  }
  std::map<std::string_view, Said*> by_id;
  for (auto& one : said) by_id.emplace(one.rfc_id, &one);
  for (auto& one : said) {
    std::vector<Said*> unranked;
    auto* next = &one;
    while (next != nullptr && next->rank < 0) {
      next->rank = 0;  // ends a circle of forged headers
      unranked.push_back(next);
      const auto found = by_id.find(next->follows);
      next = found != by_id.end() ? found->second : nullptr;
    }
    int rank = next != nullptr ? next->rank + 1 : 0;
    for (auto* ranked : std::views::reverse(unranked)) ranked->rank = rank++;
  }
  for (const auto& one : said) {
    if (one.sort_ms == second + one.rank) continue;
    connection.run("UPDATE message SET sort_ms = ? WHERE id = ?", second + one.rank, one.id);
    touch(one.id);
  }
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
  const int changed = connection.run(
      "UPDATE message SET seen = 1 - seen WHERE id = ? AND outgoing = 0 AND seen <> "
      "(EXISTS (SELECT 1 FROM report r WHERE r.rfc_id = message.rfc_id AND r.by_us = 1) OR "
      "coalesce((SELECT max(p.flags & 1) FROM place p WHERE p.message = message.id), gone_seen))",
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
  const auto message = message_id(put.key);
  if (!message) return;
  const auto before = copies_of(message);
  const auto& place = put.place;
  if (is_void(place)) {
    // The folder was made anew while the mail was on its way: as if the copy had come and gone.
    if (put.flags.has(Flags::seen)) connection.run("UPDATE message SET gone_seen = 1 WHERE id = ?", message);
  } else {
    const auto modseq = static_cast<std::int64_t>(put.modseq);
    connection.run(
        "INSERT INTO place(folder, uidvalidity, uid, message, flags, modseq, size) VALUES (?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET message = excluded.message, size = excluded.size, reason = '', "
        "flags = iif(excluded.modseq = 0 OR excluded.modseq >= modseq, excluded.flags, flags), "
        "modseq = max(modseq, excluded.modseq)",
        place.folder, place.uidvalidity, place.uid, message, put.flags.bits, modseq,
        static_cast<std::int64_t>(put.size));
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

void Database::Impl::apply(const PutReport& report) {
  // The same report may come twice, by another path or another time. The first time of reading stays, and the last
  // bounce, with its reason.
  static_assert(static_cast<int>(ReportKind::displayed) == 0);
  connection.run(
      "INSERT INTO report(rfc_id, recipient, kind, reason, at_ms, by_us) VALUES (?, ?, ?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET "
      "reason = iif((excluded.at_ms, excluded.reason) > (at_ms, reason), excluded.reason, reason), "
      "at_ms = iif(kind = 0, min(at_ms, excluded.at_ms), max(at_ms, excluded.at_ms)), "
      "by_us = max(by_us, excluded.by_us)",
      report.rfc_id, report.recipient, report.kind, report.reason, report.at_ms, report.by_us);
  std::vector<std::pair<MessageId, bool>> about;
  {
    auto row = connection.query("SELECT id, outgoing FROM message WHERE rfc_id = ?", report.rfc_id);
    while (row.next()) about.emplace_back(row.id<MessageId>(0), row.flag(1));
  }
  for (const auto& [id, outgoing] : about) {
    if (outgoing)
      touch(id);
    else
      settle_seen(id);
  }
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

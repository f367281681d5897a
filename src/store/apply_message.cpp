// Messages and their places.
#include <tuple>

#include "chat/markdown.h"
#include "chat/timer.h"
#include "store/database_impl.h"
#include "store/details.h"
#include "store/message_columns.h"
#include "store/notices.h"
#include "store/peer_column.h"

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

// What is a version of another shows by that one alone.
void Database::Impl::touch(MessageId message) {
  auto row = connection.query("SELECT chat FROM message WHERE id = ?", message);
  if (!row.next()) return;
  changes.chats.insert(row.id<ChatId>(0));
  if (!is_just_added(message)) changes.changed.insert(shown_version(message));
}

void Database::Impl::apply(const PutMessage& message) {
  put_now = message.into.value_or(MessageId{});
  if (message.into)
    merge(message, *message.into);
  else if (!gives_way(message))
    put_now = insert(message, chat_of(message.chat));
  if (!*put_now) return;
  put_ids(message, *put_now);
  const bool one_id = !message.into && message.other_ids.empty();
  const auto ids = one_id ? std::vector{message.key.rfc_id} : ids_of(*put_now);
  take_waiting(ids);
  if (!message.outgoing) return;
  for (const auto& id : ids) remove_bounces_of(id);
}

// The first mail of a conversation names itself.
void Database::Impl::name_thread(MessageId id) {
  connection.run(
      "UPDATE message SET thread_root = rfc_id WHERE id = ?1 AND thread_root IN (SELECT rfc_id FROM also WHERE message "
      "= ?1)",
      id);
}

// What a server called it. Reports and bounces may have named it so before.
void Database::Impl::put_ids(const PutMessage& message, MessageId id) {
  if (message.other_ids.empty()) return;
  int changed = connection.run("UPDATE message SET rfc_id = ?2 WHERE id = ?1 AND rfc_id <> ?2", id, message.key.rfc_id);
  connection.run("DELETE FROM also WHERE message = ? AND rfc_id = ?", id, message.key.rfc_id);
  for (const auto& other : message.other_ids)
    changed += connection.run("INSERT INTO also(rfc_id, message) VALUES (?, ?) ON CONFLICT DO NOTHING", other, id);
  name_thread(id);
  if (changed == 0) return;
  amended.insert(id);
  timed.insert(id);
  aging.insert(id);
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
        "m.automatic, m.wants_receipt, m.in_reply_to, m.thread_root, m.follows, m.bounce_of, m.notice, "
        "m.notice_params, m.details, m.edits, m.timer, m.timed <> 0, m.half "
        "FROM message m JOIN chat c ON c.id = m.chat WHERE m.id = ?",
        id);
    if (!row.next()) return message;
    message.key = {row.text(0), row.text(1)};
    message.chat = chat_named(row.text(3), row.word<ChatKind>(2) == ChatKind::self);
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
    message.notice = notice_of(row.text(26), row.text(27));
    message.details = details_of(row.text(28));
    message.edits = row.text(29);
    if (row.flag(31)) message.timer = row.u32(30);
    message.half = row.word<Half>(32);
  }
  auto row = connection.query(
      "SELECT name, type, size, state, blob, section, inline_part, preview, width, height FROM attachment WHERE "
      "message "
      "= ? ORDER BY position",
      id);
  while (row.next())
    message.attachments.push_back({.name = row.text(0),
                                   .type = row.text(1),
                                   .size = row.count(2),
                                   .state = row.word<FileState>(3),
                                   .blob = row.text(4),
                                   .section = row.text(5),
                                   .inline_part = row.flag(6),
                                   .preview = row.text(7),
                                   .width = row.u32(8),
                                   .height = row.u32(9)});
  return message;
}

// What was kept apart for want of the copy that shows it to be one.
void Database::Impl::apply(const JoinMessages& join) {
  amended.insert(join.kept);
  timed.insert(join.kept);
  aging.insert(join.kept);
  if (family_of(join.gone) != 0) unite(join.kept, join.gone);
  connection.run("UPDATE place SET message = ?1 WHERE message = ?2", join.kept, join.gone);
  connection.run("UPDATE job SET message = ?1 WHERE message = ?2", join.kept, join.gone);
  connection.run("UPDATE OR IGNORE also SET message = ?1 WHERE message = ?2", join.kept, join.gone);
  connection.run(
      "UPDATE message SET gone_seen = max(message.gone_seen, g.gone_seen), seen_here = max(message.seen_here, "
      "g.seen_here), viewed_ms = iif(message.viewed_ms = 0 OR (g.viewed_ms <> 0 AND g.viewed_ms < message.viewed_ms), "
      "g.viewed_ms, message.viewed_ms), noticed_ms = iif(message.noticed_ms = 0, g.noticed_ms, message.noticed_ms) "
      "FROM (SELECT gone_seen, seen_here, viewed_ms, noticed_ms FROM message WHERE id = ?2) g WHERE message.id = ?1",
      join.kept, join.gone);
  merge(stored(join.gone), join.kept);
  remove_row(join.gone);
  settle_seen(join.kept);
  touch(join.kept);
}

void Database::Impl::remove_row(MessageId message) {
  touch(message);
  changes.changed.insert(message);
  if (const auto shower = shown_by(message)) show_words_of(shower, {});
  if (const auto before = entry_of(message)) index.remove(message, *before);
  leave_family(message);
  amended.erase(message);
  if (auto row = connection.query("SELECT chat FROM message WHERE id = ? AND timed <> 0", message); row.next())
    untimed.insert(row.id<ChatId>(0));
  connection.run("DELETE FROM also WHERE message = ?", message);
  connection.run("DELETE FROM attachment WHERE message = ?", message);
  connection.run("DELETE FROM message WHERE id = ?", message);
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
  std::vector<MessageId> bounces;
  {
    auto row = connection.query("SELECT id FROM message WHERE bounce_of = ? AND bounce_of <> ''", rfc_id);
    while (row.next()) bounces.push_back(row.id<MessageId>(0));
  }
  for (const auto id : bounces) {
    connection.run("UPDATE place SET message = NULL, flags = 0, modseq = 0 WHERE message = ?", id);
    connection.run("DELETE FROM job WHERE message = ?", id);
    remove_row(id);
  }
}

MessageId Database::Impl::insert(const PutMessage& message, ChatId chat) {
  connection.run(
      "INSERT INTO message(chat, rfc_id, from_addr, from_name, outgoing, seen, sort_ms, arrived_ms, date_ms, "
      "received_ms, size, kind, is_chat, automatic, list, forged, subject, text, quote, footer, html, wants_receipt, "
      "in_reply_to, thread_root, follows, bounce_of, peer, notice, notice_params, details, edits, timer, timed, "
      "unsaid, half, file_ms, album) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
      "?, ?, ?)",
      chat, message.key.rfc_id, message.key.from_addr, message.from_name, message.outgoing, message.seen,
      message.arrived_ms, message.arrived_ms, message.date_ms, message.received_ms,
      static_cast<std::int64_t>(message.size), message.kind, message.is_chat, message.automatic, message.list,
      message.forged, message.subject, message.text, message.quote, message.footer, message.html, receipt_wish(message),
      message.in_reply_to, message.thread_root, message.follows, message.bounce_of, peer_column(message.chat),
      message.notice.code, params_text(message.notice), details_text(message.details), message.edits,
      message.timer.value_or(0), timed_of(message), message.unsaid, message.half,
      has(message.half, Half::file) ? message.received_ms : 0, message.album);
  const MessageId id{connection.last_id()};
  put_files(message, id);
  if (message.details.poll) put_poll(message, id);
  index.add(id, {.chat = chat, .sort_ms = message.arrived_ms, .body = indexed_body(message)});
  unordered.insert({chat, message.arrived_ms});
  if (!message.edits.empty() || is_spoken_of(message.key.rfc_id, id)) amended.insert(id);
  if (timed_of(message) != 0) settle_new_change(message, id, chat);
  note_gain(message, id, chat);
  if (message.timer.value_or(0) != 0) aging.insert(id);
  changes.added.push_back(id);
  if (message.sound != Sound::none) changes.sounds.emplace(id, message.sound);
  if (message.history) changes.history.insert(id);
  changes.chats.insert(chat);
  return id;
}

// What the chat keeps of its messages; what becomes of them later, triggers keep. Most of a history changes nothing.
void Database::Impl::note_gain(const PutMessage& message, MessageId id, ChatId chat) {
  bool is_last = false;
  {
    auto row = connection.query("SELECT last_ms, last_message FROM chat WHERE id = ?", chat);
    is_last = row.next() &&
              (!row.flag(1) || std::tuple(message.arrived_ms, id.value) > std::tuple(row.number(0), row.number(1)));
  }
  if (is_last)
    connection.run("UPDATE chat SET last_message = ?2, last_ms = ?3, unread = unread + (?4 = 0) WHERE id = ?1", chat,
                   id, message.arrived_ms, message.seen);
  else if (!message.seen)
    connection.run("UPDATE chat SET unread = unread + 1 WHERE id = ?", chat);
}

// Whether there is anything of which an amendment of the row that was just put in can come: an edit or a deletion of
// that id, or another message that has it. What comes later says so by itself.
bool Database::Impl::is_spoken_of(const std::string& rfc_id, MessageId message) {
  static_assert(static_cast<int>(RemarkKind::deleted) == 7);
  auto row = connection.query(
      "SELECT EXISTS (SELECT 1 FROM message WHERE edits = ?1 AND edits <> '') OR "
      "EXISTS (SELECT 1 FROM remark WHERE subject = ?1 AND kind = 7) OR "
      "EXISTS (SELECT 1 FROM message WHERE rfc_id = ?1 AND id <> ?2) OR "
      "EXISTS (SELECT 1 FROM also WHERE rfc_id = ?1)",
      rfc_id, message);
  return row.next() && row.flag(0);
}

// What was said of polls with that id may mean another one now.
void Database::Impl::put_poll(const PutMessage& message, MessageId id) {
  set_poll(id, message.details.poll && !message.forged ? message.details.poll->id : std::string());
}

void Database::Impl::set_poll(MessageId id, const std::string& poll_id) {
  std::string before;
  if (auto row = connection.query("SELECT poll_id FROM message WHERE id = ?", id); row.next()) before = row.text(0);
  if (before == poll_id) return;
  connection.run("UPDATE message SET poll_id = ? WHERE id = ?", poll_id, id);
  std::vector<MessageId> others;
  {
    auto row = connection.query("SELECT id FROM message WHERE poll_id IN (?1, ?2) AND poll_id <> '' AND id <> ?3",
                                before, poll_id, id);
    while (row.next()) others.push_back(row.id<MessageId>(0));
  }
  for (const auto other : others) touch(other);
}

std::string Database::Impl::indexed_body(MessageId id) {
  PutMessage message;
  {
    auto row = connection.query(
        "SELECT coalesce(v.text, m.text), m.subject, m.is_chat, coalesce(v.details, m.details) FROM message m LEFT "
        "JOIN "
        "message v ON v.id = m.shown WHERE m.id = ?",
        id);
    if (!row.next()) return {};
    message.text = row.text(0);
    message.subject = row.text(1);
    message.is_chat = row.flag(2);
    message.details = details_of(row.text(3));
  }
  auto row = connection.query("SELECT name FROM attachment WHERE message = ? ORDER BY position", id);
  while (row.next()) message.attachments.push_back({.name = row.text(0)});
  return indexed_body(message);
}

// The subject of a chat mail is only its first words once more (P-02).
std::string Database::Impl::indexed_body(const PutMessage& message) {
  std::string body = message.details.formatted ? plain_text(message.text) : message.text;
  if (!message.is_chat && !message.subject.empty()) body.append("\n").append(message.subject);
  for (const auto& file : message.attachments) body.append("\n").append(file.name);
  return body;
}

}  // namespace coi::store

// Messages, their places and the reports about them.
#include "store/database_impl.h"
#include "store/search_text.h"

namespace coi::store {

using namespace chat;

MessageId Database::Impl::message_id(const MessageKey& key) {
  auto& row = connection.query("SELECT id FROM message WHERE rfc_id = ? AND from_addr = ?", key.rfc_id, key.from_addr);
  return row.executeStep() ? id_at<MessageId>(row, 0) : MessageId{};
}

void Database::Impl::touch(MessageId message) {
  changes.changed.insert(message);
  auto& row = connection.query("SELECT chat FROM message WHERE id = ?", message);
  if (row.executeStep()) changes.chats.insert(id_at<ChatId>(row, 0));
}

void Database::Impl::apply(const PutMessage& message) {
  if (const auto known = message_id(message.key)) {
    // A second copy adds only what the first could not know: an earlier time of arrival.
    const int moved = connection.run("UPDATE message SET sort_ms = min(sort_ms, ?), received_ms = min(received_ms, ?) "
                                     "WHERE id = ? AND (sort_ms > ? OR received_ms > ?)",
                                     message.sort_ms, message.received_ms, known, message.sort_ms, message.received_ms);
    if (moved > 0) touch(known);
    return;
  }
  const auto chat = chat_of(message.chat);
  connection.run(
      "INSERT INTO message(chat, rfc_id, from_addr, from_name, outgoing, seen, sort_ms, date_ms, received_ms, kind, "
      "is_chat, automatic, subject, text, quote, footer, html, wants_receipt, in_reply_to, thread_root) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      chat, message.key.rfc_id, message.key.from_addr, message.from_name, message.outgoing, message.seen,
      message.sort_ms, message.date_ms, message.received_ms, message.kind, message.is_chat, message.automatic,
      message.subject, message.text, message.quote, message.footer, message.html,
      message.wants_chat_receipt ? 1 : message.wants_plain_receipt ? 2 : 0, message.in_reply_to, message.thread_root);
  const MessageId id{connection.last_id()};
  int position = 0;
  std::string body = message.text;
  if (!message.is_chat && !message.subject.empty()) body += "\n" + message.subject;
  for (const auto& file : message.attachments) {
    connection.run("INSERT INTO attachment(message, position, name, type, size, state, blob, section, inline_part) "
                   "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                   id, position++, file.name, file.type, static_cast<std::int64_t>(file.size), file.state, file.blob,
                   file.section, file.inline_part);
    body += "\n" + file.name;
  }
  connection.run("INSERT INTO search(rowid, body) VALUES (?, ?)", id, search_text(body));
  changes.added.push_back(id);
  if (message.notify) changes.notify.insert(id);
  changes.chats.insert(chat);
}

void Database::Impl::apply(const PutPlace& place) {
  const auto message = message_id(place.key);
  if (!message) return;
  connection.run("INSERT INTO place(folder, uidvalidity, uid, message, flags, modseq, size) VALUES (?, ?, ?, ?, ?, ?, ?) "
                 "ON CONFLICT DO UPDATE SET message = excluded.message, flags = excluded.flags, modseq = excluded.modseq",
                 place.place.folder, place.place.uidvalidity, place.place.uid, message, place.flags.bits,
                 static_cast<std::int64_t>(place.modseq), static_cast<std::int64_t>(place.size));
  mark_done(place.place);
  if (place.flags.has(Flags::seen) && connection.run("UPDATE message SET seen = 1 WHERE id = ? AND seen = 0", message) > 0)
    touch(message);
}

void Database::Impl::apply(const PutReport& report) {
  // The same report may come twice, by another path or another time; the first time of reading stays.
  connection.run("INSERT INTO report(rfc_id, recipient, kind, reason, at_ms) VALUES (?, ?, ?, ?, ?) "
                 "ON CONFLICT DO UPDATE SET reason = max(reason, excluded.reason), at_ms = min(at_ms, excluded.at_ms)",
                 report.rfc_id, report.recipient, report.kind, report.reason, report.at_ms);
  std::vector<MessageId> about;
  auto& row = connection.query("SELECT id FROM message WHERE rfc_id = ? AND outgoing = 1", report.rfc_id);
  while (row.executeStep()) about.push_back(id_at<MessageId>(row, 0));
  for (const auto id : about) touch(id);
}

void Database::Impl::apply(const PutFile& put) {
  const auto& file = put.file;
  connection.run("UPDATE attachment SET state = ?, blob = ?, size = ? WHERE id = ?", FileState::local, file.blob,
                 static_cast<std::int64_t>(file.size), file.attachment);
  auto& row = connection.query("SELECT message FROM attachment WHERE id = ?", file.attachment);
  if (row.executeStep()) touch(id_at<MessageId>(row, 0));
}

void Database::Impl::apply(const SetSeen& seen) {
  connection.run("UPDATE place SET flags = flags | 1 WHERE message = ?", seen.message);
  static_assert(Flags::seen == 1);
  if (connection.run("UPDATE message SET seen = 1 WHERE id = ? AND seen = 0", seen.message) > 0) touch(seen.message);
}

}  // namespace coi::store

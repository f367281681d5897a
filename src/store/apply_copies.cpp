// Further copies of a message, and the two mails that some are sent as (D-34).
#include <algorithm>
#include <optional>
#include <tuple>

#include "store/database_impl.h"
#include "store/details.h"
#include "store/message_columns.h"
#include "store/notices.h"
#include "store/peer_column.h"

namespace coi::store {

using namespace chat;

// A file keeps its id when another copy of the mail names it too, and what was fetched of it stays here.
void Database::Impl::put_files(const PutMessage& message, MessageId id) {
  int position = 0;
  for (const auto& file : message.attachments)
    connection.run(
        "INSERT INTO attachment(message, position, name, type, size, state, blob, section, inline_part, preview, "
        "width, "
        "height) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (message, position) DO UPDATE SET "
        "state = iif(excluded.blob = '' AND name = excluded.name, state, excluded.state), "
        "size = iif(excluded.blob = '' AND name = excluded.name AND blob <> '', size, excluded.size), "
        "width = iif(excluded.blob = '' AND name = excluded.name, width, excluded.width), "
        "height = iif(excluded.blob = '' AND name = excluded.name, height, excluded.height), "
        "blob = iif(excluded.blob = '' AND name = excluded.name, blob, excluded.blob), "
        "name = excluded.name, type = excluded.type, section = excluded.section, inline_part = "
        "excluded.inline_part, preview = excluded.preview",
        id, position++, file.name, file.type, static_cast<std::int64_t>(file.size), file.state, file.blob, file.section,
        file.inline_part, file.preview, file.width, file.height);
}

bool Database::Impl::is_deleted(MessageId message) {
  auto row = connection.query("SELECT 1 FROM message WHERE id = ? AND deleted", message);
  return row.next();
}

namespace {

// As wipe() leaves it.
PutMessage without_words(const PutMessage& message) {
  auto wiped = message;
  for (auto* words : {&wiped.text, &wiped.quote, &wiped.footer, &wiped.subject, &wiped.in_reply_to}) words->clear();
  wiped.html = wiped.wants_chat_receipt = wiped.wants_plain_receipt = false;
  wiped.size = 0;
  wiped.kind = MessageKind::text;
  wiped.notice = {};
  wiped.details = {};
  wiped.attachments.clear();
  return wiped;
}

// Whether a copy tells about that half, by what it and the message have of it; nullopt: by their ranks.
std::optional<bool> tells(Half half, Half copy, Half known) {
  if (has(copy, half) == has(known, half)) return std::nullopt;
  return has(copy, half);
}

// What the words are is said where they stand, all else where the file is.
Details details_of_both(const Details& words, const Details& file) {
  auto details = file;
  details.formatted = words.formatted;
  details.forwarded = words.forwarded;
  return details;
}

auto name_and_type(const Attachment& file) { return std::pair(file.name, file.type); }

}  // namespace

// Of several mails that bring the file the earliest counts.
bool Database::Impl::has_better_files(const PutMessage& copy, MessageId known, UnixMs file_ms) {
  if (copy.received_ms != file_ms) return copy.received_ms < file_ms;
  return std::ranges::lexicographical_compare(copy.attachments, stored(known).attachments, {}, name_and_type,
                                              name_and_type);
}

// A further copy, or the other half. Which speaks for the message, and when it arrived, does not hang on which was
// fetched first.
void Database::Impl::merge(const PutMessage& copy, MessageId known) {
  bool words = false, files = false;  // which of it are the copy's from now on
  ChatId chat_before;
  UnixMs second_before = 0, arrived = 0;
  Half half = Half::whole;
  MessageKind kind = MessageKind::text;
  Details details;
  const auto message = is_deleted(known) ? without_words(copy) : copy;
  {
    auto row = connection.query(
        "SELECT chat, sort_ms, arrived_ms, EXISTS (SELECT 1 FROM outgoing o WHERE o.message = m.id), forged, list, "
        "received_ms, date_ms, text, subject, from_name, in_reply_to, follows, kind, details, timer, timed <> 0, half, "
        "file_ms FROM message m WHERE id = ?",
        known);
    if (!row.next()) return;
    chat_before = row.id<ChatId>(0);
    second_before = whole_seconds(row.number(1));
    arrived = row.number(2);
    kind = row.word<MessageKind>(13);
    details = details_of(row.text(14));
    half = row.word<Half>(17);
    const bool ranks_first =
        std::tuple(message.forged, message.list, message.received_ms, message.date_ms, message.text, message.subject,
                   message.from_name, message.in_reply_to, message.follows, message.kind, details_text(message.details),
                   message.timer.value_or(0), message.timer.has_value()) <
        std::tuple(row.flag(4), row.flag(5), row.number(6), row.number(7), row.text(8), row.text(9), row.text(10),
                   row.text(11), row.text(12), kind, row.text(14), row.u32(15), row.flag(16));
    const bool written_here = row.flag(3);  // our own words stay
    const auto file_ms = row.number(18);
    words = !written_here && tells(Half::announcement, message.half, half).value_or(ranks_first);
    files = !written_here && tells(Half::file, message.half, half)
                                 .value_or(has(half, Half::file) ? has_better_files(message, known, file_ms) : words);
  }
  const auto halves = half | message.half;
  if (!words && !files && message.arrived_ms >= arrived && halves == half) return;
  const auto shower = shown_by(known);
  const auto before = entry_of(known), shower_before = shower ? entry_of(shower) : std::nullopt;
  auto chat = chat_before;
  if (message.arrived_ms < arrived)
    connection.run("UPDATE message SET sort_ms = ?1, arrived_ms = ?1 WHERE id = ?2", message.arrived_ms, known);
  if (words) {
    chat = chat_of(message.chat);
    connection.run(
        "UPDATE message SET chat = ?, outgoing = ?, seen = max(seen, ?), from_name = ?, date_ms = ?, received_ms = ?, "
        "size = ?, is_chat = ?, automatic = ?, list = ?, forged = ?, subject = ?, text = ?, quote = ?, "
        "footer = ?, html = ?, wants_receipt = ?, in_reply_to = ?, thread_root = ?, follows = ?, peer = ?, notice = ?, "
        "notice_params = ?, timer = ?, timed = iif(timed = 3, 3, ?) WHERE id = ?",
        chat, message.outgoing, message.outgoing, message.from_name, message.date_ms, message.received_ms,
        static_cast<std::int64_t>(message.size), message.is_chat, message.automatic, message.list, message.forged,
        message.subject, message.text, message.quote, message.footer, message.html, receipt_wish(message),
        message.in_reply_to, message.thread_root, message.follows, peer_column(message.chat), message.notice.code,
        params_text(message.notice), message.timer.value_or(0), timed_of(message), known);
    untimed.insert(chat_before);
    changes.chats.insert(chat_before);
  }
  if (words || files) {
    auto next = message;
    next.details = details_of_both(words ? message.details : details, files ? message.details : details);
    next.kind = files ? message.kind : kind;
    connection.run("UPDATE message SET kind = ?, details = ? WHERE id = ?", next.kind, details_text(next.details),
                   known);
    put_poll(next, known);
  }
  if (files) {
    // What was announced of it is not known of it.
    if (has(message.half, Half::file))
      connection.run("UPDATE attachment SET width = 0, height = 0 WHERE message = ? AND state <> ?", known,
                     FileState::local);
    put_files(message, known);
    connection.run("DELETE FROM attachment WHERE message = ? AND position >= ?", known, message.attachments.size());
  }
  connection.run("UPDATE message SET half = ?, file_ms = iif(?, ?, file_ms) WHERE id = ?", halves,
                 files && has(message.half, Half::file), message.received_ms, known);
  unordered.insert({chat_before, second_before});
  unordered.insert({chat, std::min(message.arrived_ms, second_before)});
  reindex(known, before);
  if (shower) reindex(shower, shower_before);
  amended.insert(known);
  timed.insert(known);
  aging.insert(known);
  if (const auto family = family_of(known)) families.insert(family);
  touch(known);
}

}  // namespace coi::store

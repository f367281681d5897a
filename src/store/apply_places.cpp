// Where the copies of messages lie, and what follows from it: seen, answered, filed, fetched.
#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

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
  if (changed == 0) return;
  touch(message);
  aging.insert(message);
}

bool Database::Impl::deserves_sound(MessageId message, Sound sound) {
  auto row = connection.query("SELECT seen = 0 FROM message WHERE id = ?", message);
  return row.next() && row.flag(0) && is_loud(message, sound);
}

bool Database::Impl::is_loud(MessageId message, Sound sound) {
  auto row = connection.query(
      "SELECT 1 FROM message m JOIN chat c ON c.id = m.chat WHERE m.id = ? AND m.hidden = 0 AND "
      "(c.muted_until <= ? OR ?)",
      message, now, sound == Sound::always);
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
  const auto before = is_just_added(message) ? std::nullopt : std::optional(copies_of(message));
  const auto& place = put.place;
  if (is_void(place)) {
    // The folder was made anew while the mail was on its way: as if the copy had come and gone.
    if (put.flags.has(Flags::seen)) connection.run("UPDATE message SET gone_seen = 1 WHERE id = ?", message);
  } else {
    const auto modseq = static_cast<std::int64_t>(put.modseq);
    connection.run(
        "INSERT INTO place(folder, uidvalidity, uid, message, flags, modseq, size, appended, half) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT DO UPDATE SET message = excluded.message, size = excluded.size, half = excluded.half, reason = "
        "'', "
        "flags = iif(excluded.modseq = 0 OR excluded.modseq >= modseq, excluded.flags, flags), "
        "modseq = max(modseq, excluded.modseq)",
        place.folder, place.uidvalidity, place.uid, message, put.flags.bits, modseq,
        static_cast<std::int64_t>(put.size), put.appended, put.half);
    mark_done(place);
  }
  note_own_copy(message);
  settle_seen(message);
  if (before) touch_unless(message, *before);
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
  connection.run("UPDATE attachment SET state = ?, blob = ?, size = ?, width = ?, height = ? WHERE id = ?",
                 FileState::local, file.blob, static_cast<std::int64_t>(file.size), file.width, file.height,
                 file.attachment);
  auto row = connection.query("SELECT message FROM attachment WHERE id = ?", file.attachment);
  if (row.next()) touch(row.id<MessageId>(0));
}

void Database::Impl::apply(const SetSeen& seen) {
  static_assert(Flags::seen == 1);
  connection.run("UPDATE place SET flags = flags | 1 WHERE message = ?", seen.message);
  connection.run(
      "UPDATE message SET gone_seen = 1, seen_here = 1, viewed_ms = iif(viewed_ms = 0, ?2, viewed_ms) WHERE id = ?1",
      seen.message, now);
  aging.insert(seen.message);
  settle_seen(seen.message);
}

}  // namespace coi::store

// Messages that wait for their time.
#include "store/album.h"
#include "store/database_impl.h"
#include "store/details.h"

namespace coi::store {

using namespace chat;

namespace {
constexpr int most_at_once = 8;
}  // namespace

std::vector<MessageId> album_of(Connection& connection, MessageId message) {
  std::vector<MessageId> ids;
  auto row = connection.query(
      "SELECT id FROM message WHERE id = ?1 UNION SELECT b.id FROM message a JOIN message b ON b.album = a.album WHERE "
      "a.id = ?1 AND a.album <> '' AND b.album <> '' ORDER BY id",
      message);
  while (row.next()) ids.push_back(row.id<MessageId>(0));
  return ids;
}

void Database::Impl::apply(const HoldOutgoing& held) {
  connection.run("UPDATE outgoing SET not_before_ms = ?, hold_until_ms = 0, bytes = x'' WHERE id = ?",
                 held.not_before_ms, held.outgoing);
  if (held.not_before_ms != 0)
    connection.run("UPDATE recipient SET state = ?, reply = '', since_ms = ?, next_ms = ? WHERE outgoing = ?",
                   RecipientState::held, now, held.not_before_ms, held.outgoing);
  if (held.not_before_ms != 0) changes.held = true;
  auto row = connection.query("SELECT message FROM outgoing WHERE id = ? AND message IS NOT NULL", held.outgoing);
  if (row.next()) touch(row.id<MessageId>(0));
}

// The mail that its plan brings gets a number of its own: mails to one person go in the order of these.
void Database::Impl::apply(const SayMessage& say) {
  const auto& said = say.said;
  if (say.handed_over) {
    connection.run("UPDATE outgoing SET not_before_ms = 0, hold_until_ms = 0 WHERE message = ?", say.message);
    connection.run(
        "UPDATE recipient SET state = ?1, since_ms = ?2, next_ms = ?2 WHERE state = ?3 AND outgoing IN (SELECT id FROM "
        "outgoing WHERE message = ?4)",
        RecipientState::queued, now, RecipientState::held, say.message);
    auto row = connection.query("SELECT id FROM outgoing WHERE message = ?", say.message);
    while (row.next()) changes.outgoing.push_back(row.id<OutgoingId>(0));
  } else {
    connection.run("DELETE FROM recipient WHERE outgoing IN (SELECT id FROM outgoing WHERE message = ?)", say.message);
    connection.run("DELETE FROM outgoing WHERE message = ?", say.message);
  }
  const auto before = entry_of(say.message);
  connection.run(
      "UPDATE message SET unsaid = 0, from_name = ?2, date_ms = ?3, arrived_ms = ?4, sort_ms = ?4, received_ms = ?5, "
      "subject = ?6, quote = ?7, details = ?8, in_reply_to = ?9, thread_root = ?10, follows = ?11, timer = ?12, timed "
      "= ?13, footer = ?14 WHERE id = ?1",
      say.message, said.from_name, said.date_ms, said.arrived_ms, said.received_ms, said.subject, said.quote,
      details_text(said.details), said.in_reply_to, said.thread_root, said.follows, said.timer.value_or(0),
      said.timer.has_value(), said.footer);
  if (auto row = connection.query("SELECT chat FROM message WHERE id = ?", say.message); row.next())
    unordered.insert({row.id<ChatId>(0), said.arrived_ms});
  amended.insert(say.message);
  timed.insert(say.message);
  aging.insert(say.message);
  reindex(say.message, before);
  touch(say.message);
}

Result<std::vector<DueMessage>> Database::due_held(UnixMs now) {
  return impl_->guarded("cannot read the queue", [&] {
    std::vector<DueMessage> due;
    auto row = impl_->connection.query(
        "SELECT m.id FROM outgoing o JOIN message m ON m.id = o.message WHERE o.not_before_ms <> 0 AND o.not_before_ms "
        "<= ? AND m.unsaid <> 0 AND m.deleted = 0 ORDER BY o.not_before_ms, o.id LIMIT ?",
        now, most_at_once);
    while (row.next()) due.push_back({.message = row.id<MessageId>(0), .files = {}});
    for (auto& one : due)
      if (auto facts = impl_->message_facts(one.message)) one.files = std::move(facts->attachments);
    return due;
  });
}

}  // namespace coi::store

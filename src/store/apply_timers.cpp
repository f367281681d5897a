// Disappearing messages (D-27): the timer of a chat, and when a message's time is over. Both are functions of what is
// stored, so the order in which the mails came does not matter.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "chat/timer.h"
#include "store/amendments.h"
#include "store/database_impl.h"
#include "store/known_chat.h"
#include "store/message_columns.h"

namespace coi::store {

using namespace chat;

namespace {

// Whether the mail m changes the timer, or says what the one before it in that chat said (D-27). Of the mail before the
// id is known: the plus keeps SQLite from reading all of the chat for it instead.
constexpr std::string_view judge_m =
    "UPDATE message AS m SET timed = {0} WHERE m.timed <> 0 AND m.timed < 3 AND m.timed <> {0} AND {1}";
constexpr std::string_view verdict_on_m =
    "iif(m.follows <> '' AND EXISTS (SELECT 1 FROM message p WHERE p.id IN (SELECT id FROM message WHERE rfc_id = "
    "m.follows UNION ALL SELECT message FROM also WHERE rfc_id = m.follows) AND +p.chat = m.chat AND p.id <> m.id AND "
    "p.forged = 0 AND p.timed <> 0 AND p.timer = m.timer), 1, 2)";

}  // namespace

void Database::Impl::settle_timers() {
  for (const auto id : std::exchange(timed, {})) settle_change(id);
  for (const auto chat : std::exchange(untimed, {})) settle_timer(chat);
  for (const auto id : std::exchange(aging, {})) settle_expiry(id);
}

int Database::Impl::judge_change(MessageId message) {
  static const std::string itself = fmt::format(judge_m, verdict_on_m, "m.id = ?1");
  return connection.run(itself.c_str(), message);
}

int Database::Impl::judge_followers(MessageId message) {
  static const std::string followers = fmt::format(
      judge_m, verdict_on_m,
      "m.follows IN (SELECT rfc_id FROM message WHERE id = ?1 UNION ALL SELECT rfc_id FROM also WHERE message = ?1)");
  return connection.run(followers.c_str(), message);
}

void Database::Impl::settle_change(MessageId message) {
  const int changed = judge_change(message) + judge_followers(message);
  auto row = connection.query("SELECT chat, timed FROM message WHERE id = ?", message);
  if (row.next() && (changed > 0 || row.flag(1))) untimed.insert(row.id<ChatId>(0));
}

// The row was just put in. What is older than the newest change that counts changes nothing.
void Database::Impl::settle_new_change(const PutMessage& message, MessageId id, ChatId chat) {
  const bool judged = !message.follows.empty() && judge_change(id) > 0;
  const bool changes_timer = judged || timed_of(message) >= 2;
  // Those of its key alone: put_ids() sees to its other ids. Most messages have none, and a read costs less.
  auto follower =
      connection.query("SELECT 1 FROM message WHERE follows = ? AND timed <> 0 LIMIT 1", message.key.rfc_id);
  if (follower.next() && judge_followers(id) > 0) untimed.insert(chat);
  if (!changes_timer) return;
  auto row = connection.query("SELECT timer_ms FROM chat WHERE id = ?", chat);
  const auto said = std::min(message.date_ms == 0 ? message.arrived_ms : message.date_ms, message.arrived_ms);
  if (row.next() && said >= row.number(0)) untimed.insert(chat);
}

// The newest change counts that somebody made who was a member then, whichever of their addresses they used (P-06).
void Database::Impl::settle_timer(ChatId chat) {
  std::uint32_t seconds = 0;
  UnixMs since = 0;
  {
    auto row = connection.query(
        "SELECT m.timer, min(iif(m.date_ms = 0, m.arrived_ms, m.date_ms), m.arrived_ms) FROM message m JOIN chat c ON "
        "c.id = m.chat WHERE m.chat = ?1 AND m.timed >= 2 AND m.forged = 0 AND "
        "(c.kind <> 2 OR EXISTS (SELECT 1 FROM member b WHERE b.chat = ?1 AND b.joined_ms > 0 AND (b.joined_ms >= "
        "b.parted_ms OR "
        "min(iif(m.date_ms = 0, m.arrived_ms, m.date_ms), m.arrived_ms) <= b.parted_ms) AND (b.addr = m.from_addr OR "
        "(m.outgoing AND b.addr = c.self) OR b.addr IN (SELECT y.addr FROM address x JOIN address y ON y.person = "
        "x.person WHERE x.addr = m.from_addr)))) ORDER BY min(iif(m.date_ms = 0, m.arrived_ms, m.date_ms), "
        "m.arrived_ms) DESC, m.date_ms DESC, m.rfc_id DESC, m.timer DESC LIMIT 1",
        chat);
    static_assert(static_cast<int>(ChatKind::group) == 2);
    if (row.next()) {
      seconds = row.u32(0);
      since = row.number(1);
    }
  }
  if (connection.run("UPDATE chat SET timer = ?2, timer_ms = ?3 WHERE id = ?1 AND (timer, timer_ms) IS NOT (?2, ?3)",
                     chat, seconds, since) > 0)
    changes.chats.insert(chat);
}

// What somebody has not got stays: it waits to be sent, or can be sent again. So does what tells of the timer itself.
void Database::Impl::settle_expiry(MessageId message) {
  static_assert(static_cast<int>(RemarkKind::displayed) == 0 && static_cast<int>(RecipientState::accepted) == 2);
  std::uint32_t seconds = 0;
  UnixMs before = 0;
  Viewed viewed;
  bool seen = false;
  {
    auto row = connection.query(
        "SELECT timer, expires_ms, outgoing, min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), arrived_ms, "
        "viewed_ms, noticed_ms, notice = ?2 OR forged OR unsaid OR EXISTS (SELECT 1 FROM outgoing o JOIN recipient r "
        "ON "
        "r.outgoing = o.id WHERE o.message = ?1 AND r.state <> 2), seen FROM message WHERE id = ?1 AND deleted "
        "= "
        "0",
        message, std::string_view(timer_changed));
    if (!row.next()) return;
    seconds = row.flag(7) ? 0 : row.u32(0);
    before = row.number(1);
    viewed = {.outgoing = row.flag(2),
              .sent_ms = row.number(3),
              .arrived_ms = row.number(4),
              .here_ms = row.number(5),
              .noticed_ms = row.number(6)};
    seen = row.flag(8);
  }
  if (seconds == 0 && before == 0) return;
  if (seen && viewed.noticed_ms == 0) {
    viewed.noticed_ms = now;
    connection.run("UPDATE message SET noticed_ms = ? WHERE id = ?", now, message);
  }
  if (!viewed.outgoing) {
    auto row = connection.query(
        "SELECT min(min(iif(r.date_ms = 0, r.at_ms, r.date_ms), r.at_ms)) FROM remark r WHERE r.kind = 0 AND r.by_us = "
        "1 AND r.subject IN (SELECT rfc_id FROM message WHERE id = ?1 UNION ALL SELECT rfc_id FROM also WHERE message "
        "= ?1)",
        message);
    if (row.next() && !row.is_null(0)) viewed.receipt_ms = row.number(0);
  }
  const auto after = expiry(seconds, viewed);
  if (after == before) return;
  connection.run("UPDATE message SET expires_ms = ? WHERE id = ?", after, message);
  touch(message);
}

std::vector<std::vector<MessageFacts>> Database::Impl::find(const FindExpired& wanted) {
  std::vector<MessageId> ids;
  {
    auto row = connection.query(
        "SELECT id FROM message WHERE expires_ms <> 0 AND hidden = 0 AND deleted = 0 AND expires_ms <= ? ORDER BY "
        "expires_ms, id LIMIT ?",
        wanted.now, wanted.most);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
  }
  std::vector<std::vector<MessageFacts>> expired;
  for (const auto id : ids) expired.push_back(find(FindVersions{id}));
  return expired;
}

// The user agreed for its chat that copies go, knows the people, and wants their mail.
bool Database::Impl::copies_may_go(ChatId chat) {
  static const std::string agreed = fmt::format(
      "SELECT c.removes_expired AND {} AND NOT {} FROM chat c LEFT JOIN person p ON p.id = c.person WHERE c.id = ?",
      known_chat, blocked_chat);
  auto row = connection.query(agreed.c_str(), chat);
  return row.next() && row.flag(0);
}

Result<std::optional<UnixMs>> Database::next_expiry() {
  return impl_->guarded("cannot read what disappears", [&]() -> std::optional<UnixMs> {
    auto row = impl_->connection.query(
        "SELECT expires_ms FROM message WHERE expires_ms <> 0 AND hidden = 0 AND deleted = 0 ORDER BY expires_ms LIMIT "
        "1");
    return row.next() ? std::optional(row.number(0)) : std::nullopt;
  });
}

}  // namespace coi::store

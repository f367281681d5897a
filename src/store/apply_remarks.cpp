// What is said about messages.
#include <utility>
#include <vector>

#include "store/database_impl.h"
#include "store/polls.h"

namespace coi::store {

using namespace chat;

void Database::Impl::apply(const PutRemark& put) {
  constexpr int most_kept = 64;
  auto remark = put.remark;
  const auto group = is_of_group(remark.kind) ? group_chat(remark.subject) : ChatId{};
  if (group) remark.subject = source_of(remark.subject);
  const int changed = connection.run(
      "INSERT INTO remark(subject, kind, author, about, date_ms, rfc_id, at_ms, by_us, value) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at_ms = min(at_ms, excluded.at_ms), "
      "by_us = max(by_us, excluded.by_us), value = max(value, excluded.value) "
      "WHERE excluded.at_ms < at_ms OR excluded.by_us > by_us OR excluded.value > value",
      remark.subject, remark.kind, remark.author, remark.about, remark.date_ms, remark.rfc_id, remark.at_ms,
      remark.by_us, remark.value);
  const auto is_over = [&] {
    auto row = connection.query(
        "SELECT count(*) FROM remark WHERE subject = ? AND kind = ? AND author = ? AND (about = ? OR ?)",
        remark.subject, remark.kind, remark.author, remark.about, is_of_poll(remark.kind));
    return row.next() && row.number(0) > most_kept + 1;  // the oldest is one more
  };
  // By what is the same in every copy of a mail, so that what is kept does not depend on which copy came first.
  if (changed > 0 && is_over())
    connection.run(
        "WITH same AS (SELECT date_ms, rfc_id FROM remark "
        "WHERE subject = ?1 AND kind = ?2 AND author = ?3 AND (about = ?4 OR ?6)) "
        "DELETE FROM remark WHERE subject = ?1 AND kind = ?2 AND author = ?3 AND (about = ?4 OR ?6) "
        "AND (date_ms, rfc_id) IN (SELECT date_ms, rfc_id FROM same ORDER BY date_ms DESC, rfc_id DESC LIMIT -1 OFFSET "
        "?5) "
        "AND (date_ms, rfc_id) <> (SELECT date_ms, rfc_id FROM same ORDER BY date_ms, rfc_id LIMIT 1)",
        remark.subject, remark.kind, remark.author, remark.about, most_kept, is_of_poll(remark.kind));
  if (is_of_group(remark.kind)) {
    if (changed > 0) unsettled.insert(group);
    return;
  }
  if (remark.kind == RemarkKind::reaction || remark.kind == RemarkKind::pinned) forget_remarks(remark.subject);
  if (is_of_poll(remark.kind))
    for (const auto poll : polls_meant(connection, remark.subject, remark.about)) touch(poll);
  std::vector<std::pair<MessageId, bool>> about;
  {
    auto row = connection.query(
        "SELECT id, outgoing FROM message WHERE rfc_id = ?1 UNION ALL "
        "SELECT m.id, m.outgoing FROM also a JOIN message m ON m.id = a.message WHERE a.rfc_id = ?1",
        remark.subject);
    while (row.next()) about.emplace_back(row.id<MessageId>(0), row.flag(1));
  }
  for (const auto& [id, outgoing] : about) {
    if (remark.kind == RemarkKind::deleted) amended.insert(id);
    if (remark.kind == RemarkKind::displayed && remark.by_us) aging.insert(id);
    if (put.news && changed > 0 && outgoing && remark.kind == RemarkKind::reaction && !remark.value.empty())
      changes.reactions.insert_or_assign(shown_version(id), remark);
    // A receipt for a mail of somebody else's shows only by whether that mail is seen.
    if (!outgoing && remark.kind == RemarkKind::displayed)
      settle_seen(id);
    else
      touch(id);
  }
}

void Database::Impl::apply(const PutPicture& put) {
  connection.run("INSERT OR IGNORE INTO picture(id, base64) VALUES (?, ?)", put.picture.id, put.picture.base64);
}

}  // namespace coi::store

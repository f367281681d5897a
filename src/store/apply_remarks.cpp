// What is said about messages.
#include <utility>
#include <vector>

#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

void Database::Impl::apply(const PutRemark& put) {
  constexpr int most_kept = 64;
  const auto& remark = put.remark;
  connection.run(
      "INSERT INTO remark(subject, kind, author, about, date_ms, rfc_id, at_ms, by_us, value) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET at_ms = min(at_ms, excluded.at_ms), "
      "by_us = max(by_us, excluded.by_us), value = max(value, excluded.value)",
      remark.subject, remark.kind, remark.author, remark.about, remark.date_ms, remark.rfc_id, remark.at_ms,
      remark.by_us, remark.value);
  // By what is the same in every copy of a mail, so that what is kept does not depend on which copy came first.
  connection.run(
      "WITH same AS (SELECT date_ms, rfc_id FROM remark "
      "WHERE subject = ?1 AND kind = ?2 AND author = ?3 AND about = ?4) "
      "DELETE FROM remark WHERE subject = ?1 AND kind = ?2 AND author = ?3 AND about = ?4 "
      "AND (date_ms, rfc_id) IN (SELECT date_ms, rfc_id FROM same ORDER BY date_ms DESC, rfc_id DESC LIMIT -1 OFFSET "
      "?5) "
      "AND (date_ms, rfc_id) <> (SELECT date_ms, rfc_id FROM same ORDER BY date_ms, rfc_id LIMIT 1)",
      remark.subject, remark.kind, remark.author, remark.about, most_kept);
  std::vector<std::pair<MessageId, bool>> about;
  {
    auto row = connection.query(
        "SELECT id, outgoing FROM message WHERE rfc_id = ?1 UNION ALL "
        "SELECT m.id, m.outgoing FROM also a JOIN message m ON m.id = a.message WHERE a.rfc_id = ?1",
        remark.subject);
    while (row.next()) about.emplace_back(row.id<MessageId>(0), row.flag(1));
  }
  for (const auto& [id, outgoing] : about) {
    // A receipt for a mail of somebody else's shows only by whether that mail is seen.
    if (!outgoing && remark.kind == RemarkKind::displayed)
      settle_seen(id);
    else
      touch(id);
  }
}

}  // namespace coi::store

// Deletions: of all that an author called by an id nothing is left but the id.
#include <algorithm>
#include <set>

#include "store/amendments.h"
#include "store/database_impl.h"
#include "store/polls.h"

namespace coi::store {

using namespace chat;

// Its author took the row back, or another that has an id of it: of all that they called by an id nothing is left.
bool Database::Impl::is_taken_back(MessageId message) {
  static_assert(static_cast<int>(RemarkKind::deleted) == 7 && by_author == 1);
  auto row = connection.query(
      "WITH ids AS (SELECT rfc_id FROM message WHERE id = ?1 UNION ALL SELECT rfc_id FROM also WHERE message = ?1), "
      "m AS (SELECT from_addr, outgoing FROM message WHERE id = ?1) "
      "SELECT 1 FROM ids JOIN remark r ON r.subject = ids.rfc_id, m WHERE "
      "r.kind = 7 AND m.from_addr <> '' AND (r.author = m.from_addr OR "
      "(r.by_us AND m.outgoing) OR EXISTS (SELECT 1 FROM address a JOIN address b ON b.person = a.person "
      "WHERE a.addr = r.author AND b.addr = m.from_addr)) "
      "UNION ALL SELECT 1 FROM ids JOIN message o ON o.rfc_id = ids.rfc_id, m WHERE o.from_addr = m.from_addr AND "
      "o.deleted = 1 "
      "UNION ALL SELECT 1 FROM ids JOIN also x ON x.rfc_id = ids.rfc_id JOIN message o ON o.id = x.message, m "
      "WHERE o.from_addr = m.from_addr AND o.deleted = 1 LIMIT 1",
      message);
  return row.next();
}

// All but its ids and its place in the chat. What expired keeps a time, also an edit that had none of its own.
void Database::Impl::wipe(MessageId message, std::int64_t deleted, bool expired) {
  if (const auto shower = shown_by(message)) show_words_of(shower, {});
  const auto before = entry_of(message);
  for (const auto poll : polls_answered(message)) touch(poll);  // a vote in words goes with them
  set_poll(message, {});
  connection.run("DELETE FROM attachment WHERE message = ?", message);
  connection.run(
      "UPDATE message SET deleted = ?2, text = '', quote = '', footer = '', subject = '', html = 0, size = 0, "
      "wants_receipt = 0, kind = 0, notice = '', notice_params = '', details = '', in_reply_to = '', "
      "shown = 0, expires_ms = iif(?3, iif(expires_ms = 0, max(noticed_ms, arrived_ms) + timer * 1000, expires_ms), 0) "
      "WHERE id = ?1",
      message, deleted, expired);
  reindex(message, before);
  if (before && !before->body.empty())
    connection.run(
        "INSERT INTO setting(name, value) VALUES ('search_stale', '1') ON CONFLICT DO UPDATE SET value = '1'");
  // What was not handed over is not sent any more. The job that files its copy finds no mail, or is under way: then it
  // will say where the copy lies, which is removed.
  connection.run("UPDATE outgoing SET bytes = x'', not_before_ms = 0 WHERE message = ?", message);
  connection.run("DELETE FROM recipient WHERE state <> 2 AND outgoing IN (SELECT id FROM outgoing WHERE message = ?)",
                 message);
  static_assert(static_cast<int>(RecipientState::accepted) == 2);
  for (const auto& id : ids_of(message)) forget_remarks(id);
  touch(message);
}

std::vector<MessageId> Database::Impl::polls_answered(MessageId message) {
  std::string answered;
  if (auto row = connection.query("SELECT in_reply_to FROM message WHERE id = ?", message); row.next())
    answered = row.text(0);
  return answered.empty() ? std::vector<MessageId>() : polls_meant(connection, answered, {});
}

// Reactions and pins go with the last message that they could be about.
void Database::Impl::forget_remarks(const std::string& rfc_id) {
  static_assert(static_cast<int>(RemarkKind::reaction) == 4 && static_cast<int>(RemarkKind::pinned) == 9);
  connection.run(
      "DELETE FROM remark WHERE subject = ?1 AND kind IN (4, 9) AND EXISTS (SELECT 1 FROM message m WHERE m.deleted "
      "AND (m.rfc_id = ?1 OR m.id IN (SELECT message FROM also WHERE rfc_id = ?1))) AND NOT EXISTS (SELECT 1 FROM "
      "message m WHERE NOT m.deleted AND (m.rfc_id = ?1 OR m.id IN (SELECT message FROM also WHERE rfc_id = ?1)))",
      rfc_id);
}

std::vector<MessageId> Database::Impl::namesakes_of(MessageId message) {
  std::string from_addr;
  if (auto row = connection.query("SELECT from_addr FROM message WHERE id = ?", message); row.next())
    from_addr = row.text(0);
  std::set<MessageId> others;
  for (const auto& id : ids_of(message))
    for (const auto other : with_key(id, from_addr))
      if (other != message) others.insert(other);
  return {others.begin(), others.end()};
}

// Copies of a deleted mail cannot be compared any more: of all that its author called by an id one row is left, and one
// for each mail that they edit.
MessageId Database::Impl::join_deleted(MessageId message) {
  const auto rank = [this](MessageId id) {
    auto row = connection.query("SELECT EXISTS (SELECT 1 FROM outgoing WHERE message = ?1)", id);
    return std::pair(row.next() && row.flag(0) ? 0 : 1, id);
  };
  for (const auto other : namesakes_of(message)) {
    auto row = connection.query(
        "SELECT 1 FROM message a JOIN message b ON b.edits = a.edits WHERE a.id = ? AND b.id = ? AND b.deleted = 1",
        message, other);
    const bool fits = row.next();
    if (!fits) continue;
    const auto kept = rank(message) < rank(other) ? message : other;
    const auto gone = kept == message ? other : message;
    join_ids(kept, gone);
    apply(JoinMessages{kept, gone});
    name_thread(kept);
    message = kept;
  }
  return message;
}

// The mail that was given a further id knows which one it had first.
void Database::Impl::join_ids(MessageId kept, MessageId gone) {
  const auto ids = ids_of(kept), others = ids_of(gone);
  const auto& first = ids.size() > 1 || others.size() == 1 ? ids.front() : others.front();
  for (const auto* all : {&ids, &others})
    for (const auto& id : *all)
      if (id != first)
        connection.run("INSERT INTO also(rfc_id, message) VALUES (?, ?) ON CONFLICT DO NOTHING", id, kept);
  connection.run("UPDATE message SET rfc_id = ? WHERE id = ?", first, kept);
  connection.run("DELETE FROM also WHERE message = ? AND rfc_id = ?", kept, first);
}

void Database::Impl::settle_deletion(MessageId message) {
  if (is_taken_back(message)) spread_deletion(message, by_author);
}

void Database::Impl::apply(const RemoveMessages& removed) {
  for (const auto message : removed.messages) spread_deletion(message, removed_here, removed.expired);
}

void Database::Impl::spread_deletion(MessageId message, std::int64_t deleted, bool expired) {
  std::vector<MessageId> waiting = {message};
  std::set<MessageId> met;
  while (!waiting.empty()) {
    auto one = waiting.back();
    waiting.pop_back();
    if (!met.insert(one).second) continue;
    std::int64_t before = -1;
    if (auto row = connection.query("SELECT deleted FROM message WHERE id = ?", one); row.next())
      before = row.number(0);
    if (before < 0) continue;
    if (before < deleted) wipe(one, deleted, expired);
    if (deleted == by_author) {
      if (before < deleted)
        for (const auto other : namesakes_of(one)) waiting.push_back(other);
      if (before <= deleted) one = join_deleted(one);
    } else {
      hide(one, out_of_sight);
    }
    if (const auto family = family_of(one)) families.insert(family);
  }
}

Result<bool> Database::forget_deleted_words() {
  return impl_->guarded("cannot clean the search index", [&] {
    auto& connection = impl_->connection;
    {
      auto row = connection.query("SELECT 1 FROM setting WHERE name = 'search_stale'");
      if (!row.next()) return false;
    }
    connection.run("INSERT INTO search(search) VALUES ('optimize')");
    connection.run("DELETE FROM setting WHERE name = 'search_stale'");
    return true;
  });
}

}  // namespace coi::store

// Edits; deletions: apply_deletions.cpp. Mails that edit one another are a family: one message of several versions, of
// which one row is shown and the others are hidden. A function of what is stored, so the order in which the mails came
// does not matter.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "store/amendments.h"
#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

namespace {

// Who wrote the row m: all our addresses are one author, all addresses of a person too. NULL: nobody who could be known
// again, or who is denied.
constexpr std::string_view author_of_m =
    "iif(m.from_addr = '', NULL, iif(m.outgoing, 0, (SELECT a.person FROM address a WHERE a.addr = m.from_addr)))";

// Order of versions: by Date, never later than arrival, then arrival, then id (C-30). Of what arrived within one second
// the Date alone tells. As in the index message_version.
constexpr std::string_view said_of_message =
    "min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms), date_ms, arrived_ms, rfc_id";

}  // namespace

// A row of the index as it stands now; nullopt: it is hidden and has none.
std::optional<IndexedMessage> Database::Impl::entry_of(MessageId message) {
  IndexedMessage entry;
  {
    auto row = connection.query("SELECT chat, sort_ms, hidden FROM message WHERE id = ?", message);
    if (!row.next() || row.flag(2)) return std::nullopt;
    entry = {.chat = row.id<ChatId>(0), .sort_ms = whole_seconds(row.number(1)), .body = {}};
  }
  entry.body = indexed_body(message);
  return entry;
}

void Database::Impl::reindex(MessageId message, const std::optional<IndexedMessage>& before) {
  const auto after = entry_of(message);
  if (before && after && before->chat == after->chat && before->sort_ms == after->sort_ms &&
      before->body == after->body)
    return;
  if (before) index.remove(message, *before);
  if (after) index.add(message, *after);
}

// The one that shows the words of this row; 0: none does, or the row itself. The index of families is one of those
// rows alone that are in any, so that SQLite takes it only where the row that is looked for is said to be.
MessageId Database::Impl::shown_by(MessageId message) {
  auto row = connection.query(
      "SELECT r.id FROM message m JOIN message r ON r.family = m.family AND r.shown = m.id WHERE m.id = ? AND r.family "
      "<> 0 AND r.hidden = 0",
      message);
  return row.next() ? row.id<MessageId>(0) : MessageId{};
}

MessageId Database::Impl::shown_version(MessageId message) {
  auto row = connection.query(
      "SELECT r.id FROM message m JOIN message r ON r.family = m.family WHERE m.id = ? AND m.hidden = 1 AND r.family "
      "<> 0 AND r.hidden = 0 AND r.shown <> 0",
      message);
  return row.next() ? row.id<MessageId>(0) : message;
}

std::int64_t Database::Impl::family_of(MessageId message) {
  auto row = connection.query("SELECT family FROM message WHERE id = ?", message);
  return row.next() ? row.number(0) : 0;
}

// The smaller family takes the number of the larger one, so that n rows cost no more than n log n changes.
void Database::Impl::unite(MessageId one, MessageId other) {
  auto a = family_of(one), b = family_of(other);
  if (a == 0 && b == 0) {
    a = one.value;
    connection.run("UPDATE message SET family = ? WHERE id = ?", a, one);
  }
  if (a == 0 || b == 0) {
    connection.run("UPDATE message SET family = ? WHERE id = ?", a == 0 ? b : a, a == 0 ? one : other);
  } else if (a != b) {
    const auto size = [this](std::int64_t family) {
      auto row = connection.query("SELECT count(*) FROM message WHERE family = ? AND family <> 0", family);
      return row.next() ? row.number(0) : 0;
    };
    if (size(a) < size(b)) std::swap(a, b);
    connection.run("UPDATE message SET family = ?1 WHERE family = ?2 AND family <> 0", a, b);
  }
  families.insert(a == 0 ? b : a);
}

// Before the row goes: no number may be that of a row that is no more, for a new one may get it.
void Database::Impl::leave_family(MessageId message) {
  const auto family = family_of(message);
  if (family == 0) return;
  connection.run("UPDATE message SET family = 0 WHERE id = ?", message);
  families.insert(family);
  if (family != message.value) return;
  std::int64_t heir = 0;
  if (auto row = connection.query("SELECT coalesce(min(id), 0) FROM message WHERE family = ? AND family <> 0", family);
      row.next())
    heir = row.number(0);
  connection.run("UPDATE message SET family = ?1 WHERE family = ?2 AND family <> 0", heir, family);
  families.insert(heir);
}

// Puts the row together with what it edits, and with what edits it. An edit whose author is denied edits nothing. Those
// of one author about one mail belong together even while that is not here (C-33).
void Database::Impl::relate(MessageId message) {
  static const std::string self_query =
      fmt::format("SELECT coalesce({}, -1), iif(m.forged, '', m.edits) FROM message m WHERE m.id = ?", author_of_m);
  static const std::string sibling_query = fmt::format(
      "SELECT m.id FROM message m WHERE m.edits = ?1 AND m.edits <> '' AND m.forged = 0 AND m.id <> ?2 AND {} = ?3 "
      "LIMIT 1",
      author_of_m);
  static const std::string target_query = fmt::format(
      "SELECT m.id FROM message m WHERE m.id IN (SELECT id FROM message WHERE rfc_id = ?1 UNION ALL SELECT message "
      "FROM also WHERE rfc_id = ?1) AND m.id <> ?2 AND (m.edits = '' OR m.forged = 0) AND {} = ?3",
      author_of_m);
  std::int64_t author = -1;
  std::string edits;
  if (auto row = connection.query(self_query.c_str(), message); row.next()) {
    author = row.number(0);
    edits = row.text(1);
  }
  if (author < 0) return;
  const auto editing = [&](const std::string& id) {
    auto row = connection.query(sibling_query.c_str(), id, message, author);
    return row.next() ? row.id<MessageId>(0) : MessageId{};
  };
  if (!edits.empty()) {
    // A sibling has been put together with all that there is to edit.
    std::vector<MessageId> others;
    if (const auto sibling = editing(edits)) {
      others.push_back(sibling);
    } else {
      auto row = connection.query(target_query.c_str(), edits, message, author);
      while (row.next()) others.push_back(row.id<MessageId>(0));
    }
    for (const auto other : others) unite(message, other);
  }
  bool may_be_edited = true;
  if (auto row = connection.query("SELECT edits <> '' AND forged FROM message WHERE id = ?", message); row.next())
    may_be_edited = !row.flag(0);
  if (!may_be_edited) return;
  for (const auto& id : ids_of(message))
    if (const auto edit = editing(id)) unite(message, edit);
}

void Database::Impl::hide(MessageId message, std::int64_t hidden) {
  auto row = connection.query("SELECT hidden, chat, arrived_ms FROM message WHERE id = ?", message);
  if (!row.next() || row.number(0) == hidden) return;
  const auto chat = row.id<ChatId>(1);
  const auto arrived = row.number(2);
  const auto before = entry_of(message);
  // It leaves its place within the second to the others, and finds it again when it comes back.
  connection.run("UPDATE message SET hidden = ?2, sort_ms = ?3 WHERE id = ?1", message, hidden, arrived);
  reindex(message, before);
  unordered.insert({chat, arrived});
  if (hidden != version) touch(message);  // else it shows by another, which is touched once for all
  changes.changed.insert(message);
}

void Database::Impl::show_words_of(MessageId message, MessageId version) {
  std::int64_t before = 0;
  if (auto row = connection.query("SELECT shown, poll_id <> '' FROM message WHERE id = ?", message); row.next()) {
    before = row.number(0);
    if (row.flag(1)) version = {};  // P-18: a poll is never edited
  }
  if (before == version.value) return;
  const auto entry = entry_of(message);
  connection.run("UPDATE message SET shown = ?2 WHERE id = ?1", message, version);
  reindex(message, entry);
}

// How far the message is deleted that the family shows. One that was removed here is removed with its edits, and one of
// which but edits were here. Another mail that the author gave the same id stays.
std::int64_t Database::Impl::deletion_of(std::int64_t family, MessageId root) {
  static_assert(by_author == 1 && removed_here == 2);
  const auto any = [&](const char* query, const auto&... more) {
    Rows row = connection.query(query, more...);
    return row.next();
  };
  if (any("SELECT 1 FROM message WHERE id = ? AND deleted = 2", root)) return removed_here;
  const bool edits_are_removed =
      any("SELECT 1 FROM message WHERE family = ? AND family <> 0 AND hidden IN (0, 1, 2) AND deleted = 2 LIMIT 1",
          family) &&
      !any("SELECT 1 FROM message WHERE family = ? AND family <> 0 AND (edits <> '') = 0 AND deleted = 2 LIMIT 1",
           family);
  if (edits_are_removed) return removed_here;
  const bool taken_back = any(
      "SELECT 1 FROM message WHERE family = ? AND family <> 0 AND hidden IN (0, 1, 2) AND deleted = 1 LIMIT 1", family);
  return taken_back ? by_author : not_deleted;
}

// The original is shown, with the words of the newest edit; while it is not here, the earliest edit in its place. Other
// mails that the author gave the same id, or somebody in their name, stay what they are.
void Database::Impl::settle_family(std::int64_t family) {
  static const std::string original_query = fmt::format(
      "SELECT id FROM message WHERE family = ?1 AND family <> 0 AND (edits <> '') = 0 ORDER BY forged, deleted = 2, "
      "{}, text LIMIT 1",
      said_of_message);
  static const std::string first_query = fmt::format(
      "SELECT id FROM message WHERE family = ?1 AND family <> 0 AND (edits <> '') = 1 ORDER BY {}, text LIMIT 1",
      said_of_message);
  static const std::string last_query = fmt::format(
      "SELECT id FROM message WHERE family = ?1 AND family <> 0 AND (edits <> '') = 1 AND deleted = 0 ORDER BY "
      "min(iif(date_ms = 0, arrived_ms, date_ms), arrived_ms) DESC, date_ms DESC, arrived_ms DESC, rfc_id DESC, text "
      "DESC LIMIT 1");
  const auto one = [&](const std::string& query) {
    Rows row = connection.query(query.c_str(), family);
    return row.next() ? row.id<MessageId>(0) : MessageId{};
  };
  const auto original = one(original_query);
  const auto root = original ? original : one(first_query);
  if (!root) return;
  const auto deleted = deletion_of(family, root);
  if (deleted != not_deleted) {
    std::vector<MessageId> left;
    {
      auto row = connection.query(
          "SELECT id FROM message WHERE family = ?1 AND family <> 0 AND hidden IN (0, 1, 2) AND deleted < ?2 AND (?2 = "
          "1 OR edits <> '' OR id = ?3)",
          family, deleted, root);
      while (row.next()) left.push_back(row.id<MessageId>(0));
    }
    // What comes when the message has gone goes for the same reason.
    bool expired = false;
    if (deleted == removed_here) {
      auto gone = connection.query(
          "SELECT 1 FROM message WHERE family = ? AND family <> 0 AND deleted = 2 AND expires_ms <> 0 LIMIT 1", family);
      expired = gone.next();
    }
    for (const auto id : left) spread_deletion(id, deleted, expired);
    if (!left.empty()) return settle_family(family);  // rows may have been joined
  }
  std::vector<std::pair<MessageId, bool>> visible;
  {
    auto row =
        connection.query("SELECT id, edits <> '' FROM message WHERE family = ? AND family <> 0 AND hidden = 0", family);
    while (row.next()) visible.emplace_back(row.id<MessageId>(0), row.flag(1));
  }
  for (const auto& [id, is_edit] : visible) {
    if (id == root) continue;
    show_words_of(id, {});
    if (is_edit) hide(id, version);
  }
  hide(root, deleted == removed_here ? out_of_sight : shown);
  const auto newest = deleted == not_deleted ? one(last_query) : MessageId{};
  show_words_of(root, newest == root ? MessageId{} : newest);
  touch(root);
}

// Of what this plan has changed. Deletions join rows and families, which may delete more, until nothing changes.
void Database::Impl::settle_amendments() {
  while (!amended.empty() || !families.empty()) {
    for (const auto id : std::exchange(amended, {})) {
      relate(id);
      settle_deletion(id);
      // It may have been given a further id since.
      if (is_deleted(id))
        for (const auto& rfc_id : ids_of(id)) forget_remarks(rfc_id);
    }
    for (const auto family : std::exchange(families, {})) settle_family(family);
  }
}

// Addresses were given to the person, or taken: whose mails edit whose, and who takes back what, is looked at anew, in
// all chats. The rows of a family have one author, so that all of it falls apart.
void Database::Impl::relate_anew(PersonId person) {
  static_assert(static_cast<int>(RemarkKind::deleted) == 7);
  std::set<std::int64_t> apart;
  {
    auto row = connection.query(
        "SELECT id, family FROM message WHERE family <> 0 AND from_addr IN (SELECT addr FROM address WHERE person = "
        "?1) "
        "UNION SELECT id, 0 FROM message WHERE edits <> '' AND from_addr IN (SELECT addr FROM address WHERE person = "
        "?1) "
        "UNION SELECT m.id, 0 FROM remark r JOIN message m ON m.rfc_id = r.subject WHERE r.kind = 7 AND r.author IN "
        "(SELECT addr FROM address WHERE person = ?1) "
        "UNION SELECT x.message, 0 FROM remark r JOIN also x ON x.rfc_id = r.subject WHERE r.kind = 7 AND r.author IN "
        "(SELECT addr FROM address WHERE person = ?1)",
        person);
    while (row.next()) {
      amended.insert(row.id<MessageId>(0));
      if (row.flag(1)) apart.insert(row.number(1));
    }
  }
  for (const auto family : apart) dissolve(family);
}

void Database::Impl::dissolve(std::int64_t family) {
  std::vector<std::pair<MessageId, std::int64_t>> rows;
  {
    auto row = connection.query("SELECT id, hidden FROM message WHERE family = ? AND family <> 0", family);
    while (row.next()) rows.emplace_back(row.id<MessageId>(0), row.number(1));
  }
  for (const auto& [id, hidden] : rows) {
    amended.insert(id);
    show_words_of(id, {});
    if (hidden == version) hide(id, shown);
  }
  connection.run("UPDATE message SET family = 0 WHERE family = ? AND family <> 0", family);
}

std::vector<MessageFacts> Database::Impl::find(const FindVersions& wanted) {
  static const std::string versions =
      fmt::format("SELECT id FROM message WHERE family = ?1 AND family <> 0 AND edits <> '' AND id <> ?2 ORDER BY {}",
                  said_of_message);
  std::vector<MessageFacts> facts;
  std::int64_t family = 0;  // 0: nothing but the row itself
  {
    auto row = connection.query("SELECT iif(shown <> 0 OR deleted, family, 0) FROM message WHERE id = ? AND hidden = 0",
                                wanted.message);
    if (!row.next()) return facts;
    family = row.number(0);
  }
  std::vector<MessageId> ids = {wanted.message};
  if (family != 0) {
    auto row = connection.query(versions.c_str(), family, wanted.message);
    while (row.next()) ids.push_back(row.id<MessageId>(0));
  }
  for (const auto id : ids)
    if (auto one = message_facts(id)) facts.push_back(std::move(*one));
  return facts;
}

}  // namespace coi::store

#include "store/polls.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "chat/settle.h"
#include "store/remarks.h"

namespace coi::store {

using namespace chat;

namespace {

struct Participant {
  std::string person;
  UnixMs until_ms = 0;  // when they left
};

// By each of their addresses. Whom somebody removed who never was in it takes no part.
std::map<std::string, Participant> participants(Connection& connection, ChatId chat) {
  std::map<std::string, Participant> all;
  constexpr auto always = std::numeric_limits<UnixMs>::max();
  auto row = connection.query(
      "SELECT a.addr, a.person, ?2 FROM address a JOIN chat c ON c.person = a.person WHERE c.id = ?1 UNION ALL "
      "SELECT a.addr, a.person, iif(b.joined_ms >= b.parted_ms, ?2, b.parted_ms) FROM member b JOIN address o ON "
      "o.addr = b.addr JOIN address a ON a.person = o.person WHERE b.chat = ?1 AND b.joined_ms > 0 UNION ALL "
      "SELECT b.addr, b.addr, iif(b.joined_ms >= b.parted_ms, ?2, b.parted_ms) FROM member b WHERE b.chat = ?1 AND "
      "b.joined_ms > 0 AND b.addr NOT IN (SELECT addr FROM address)",
      chat, always);
  while (row.next()) {
    auto& one = all[row.text(0)];
    one = {.person = row.text(1), .until_ms = std::max(one.until_ms, row.number(2))};
  }
  return all;
}

std::vector<MessageId> ids_in(Rows row) {
  std::vector<MessageId> ids;
  while (row.next()) ids.push_back(row.id<MessageId>(0));
  return ids;
}

}  // namespace

std::map<std::string, std::string> persons_of_chat(Connection& connection, ChatId chat) {
  std::map<std::string, std::string> persons;
  for (auto& [addr, one] : participants(connection, chat)) persons.emplace(addr, one.person);
  return persons;
}

std::vector<MessageId> polls_meant(Connection& connection, const std::string& subject, const std::string& about) {
  if (!about.empty()) {
    auto answered = ids_in(connection.query(
        "SELECT id FROM message WHERE poll_id = ?1 AND poll_id <> '' AND (rfc_id = ?2 OR id IN (SELECT message FROM "
        "also WHERE rfc_id = ?2))",
        subject, about));
    if (!answered.empty()) return answered;
    // It was another one, or is none any more: what was chosen there says nothing about what has the same id.
    const auto others = ids_in(connection.query(
        "SELECT id FROM message WHERE (deleted OR poll_id <> '') AND id IN (SELECT id FROM message WHERE rfc_id = ?1 "
        "UNION ALL SELECT message FROM also WHERE rfc_id = ?1) LIMIT 1",
        about));
    if (!others.empty()) return {};
  }
  auto named = ids_in(connection.query(
      "SELECT id FROM message WHERE poll_id = ? AND poll_id <> '' ORDER BY arrived_ms, rfc_id, from_addr, text, "
      "subject, details LIMIT 1",
      subject));
  if (!named.empty()) return named;
  return ids_in(connection.query(
      "SELECT id FROM message WHERE poll_id <> '' AND (rfc_id = ?1 OR id IN (SELECT message FROM also WHERE rfc_id = "
      "?1))",
      subject));
}

PollSaid said_of_poll(Connection& connection, MessageId poll) {
  // A vote in words goes with them when their author takes them back.
  static const std::string about_one =
      std::string(select_remarks) +
      "IN (SELECT poll_id FROM message WHERE id = ?1 UNION ALL SELECT rfc_id FROM message WHERE id = ?1 UNION ALL "
      "SELECT rfc_id FROM also WHERE message = ?1) AND (kind = 11 OR (kind = 10 AND NOT EXISTS (SELECT 1 FROM message "
      "m "
      "WHERE m.rfc_id = remark.rfc_id AND m.rfc_id <> '' AND m.from_addr = remark.author AND m.deleted = 1)))";
  static_assert(static_cast<int>(RemarkKind::vote) == 10 && static_cast<int>(RemarkKind::poll_closed) == 11);
  PollSaid said;
  ChatId chat;
  if (auto row = connection.query("SELECT chat FROM message WHERE id = ? AND poll_id <> ''", poll); row.next())
    chat = row.id<ChatId>(0);
  if (!chat) return said;
  const auto people = participants(connection, chat);
  for (const auto& [addr, one] : people) said.persons.emplace(addr, one.person);
  std::map<std::pair<std::string, std::string>, bool> meant;
  auto row = connection.query(about_one.c_str(), poll);
  while (row.next()) {
    auto remark = remark_of(row);
    const auto author = people.find(remark.author);
    const bool takes_part = remark.by_us || (author != people.end() && said_ms(remark) <= author->second.until_ms);
    if (!takes_part) continue;
    const auto [known, is_new] = meant.try_emplace({remark.subject, remark.about}, false);
    if (is_new) {
      const auto polls = polls_meant(connection, remark.subject, remark.about);
      known->second = std::ranges::find(polls, poll) != polls.end();
    }
    if (known->second) said.remarks.push_back(std::move(remark));
  }
  return said;
}

}  // namespace coi::store

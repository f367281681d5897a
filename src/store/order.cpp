// The order of messages within a second.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

namespace {

struct Said {
  MessageId id;
  std::string rfc_id, from_addr, follows;
  UnixMs sort_ms = 0, date_ms = 0;
  std::int64_t size = 0;
};

auto rank(const Said& one) {
  return std::tuple(one.date_ms, std::string_view(one.rfc_id), std::string_view(one.from_addr), one.size, one.id);
}

// `said` is sorted by rank. The first of those whose forerunner stands already comes next; a circle of forged headers
// is cut at its first.
std::vector<const Said*> in_order(const std::vector<Said>& said, const std::map<std::string_view, const Said*>& by_id) {
  std::vector<const Said*> ordered;
  std::map<const Said*, std::vector<std::size_t>> followers;
  std::set<std::size_t> ready, waiting;
  for (std::size_t i = 0; i < said.size(); ++i) {
    const auto found = by_id.find(said[i].follows);
    const bool follows = found != by_id.end() && found->second != &said[i];
    if (follows) followers[found->second].push_back(i);
    (follows ? waiting : ready).insert(i);
  }
  while (!ready.empty() || !waiting.empty()) {
    auto& from = ready.empty() ? waiting : ready;
    const auto* next = &said[*from.begin()];
    from.erase(from.begin());
    ordered.push_back(next);
    for (const auto follower : followers[next])
      if (waiting.erase(follower) > 0) ready.insert(follower);
  }
  return ordered;
}

}  // namespace

// A mail's times end at the second, so what arrived within one is told apart by what each author had before them, then
// by Date, then by Message-ID: one millisecond each in sort_ms. A function of what is stored, so that every device
// shows the same, in whichever order it read the history.
void Database::Impl::order_second(ChatId chat, UnixMs second) {
  constexpr int most = 1000;  // milliseconds
  std::vector<Said> said;
  {
    auto row = connection.query(
        "SELECT id, rfc_id, from_addr, follows, sort_ms, date_ms, size FROM message WHERE chat = ? AND hidden = 0 AND "
        "sort_ms BETWEEN "
        "? AND ? LIMIT ?",
        chat, second, second + most - 1, most);
    while (row.next())
      said.push_back({.id = row.id<MessageId>(0),
                      .rfc_id = row.text(1),
                      .from_addr = row.text(2),
                      .follows = row.text(3),
                      .sort_ms = row.number(4),
                      .date_ms = row.number(5),
                      .size = row.number(6)});
  }
  if (said.size() == 1 && said.front().sort_ms == second) return;
  std::ranges::sort(said, {}, rank);
  std::map<std::string_view, const Said*> by_id;
  for (const auto& one : said) by_id.emplace(one.rfc_id, &one);
  std::vector<std::pair<std::string, MessageId>> others;
  {
    auto row = connection.query(
        "SELECT also.rfc_id, message.id FROM message CROSS JOIN also ON also.message = message.id WHERE message.chat = "
        "? AND message.hidden = 0 "
        "AND message.sort_ms BETWEEN ? AND ?",
        chat, second, second + most - 1);
    while (row.next()) others.emplace_back(row.text(0), row.id<MessageId>(1));
  }
  for (const auto& [rfc_id, id] : others)
    if (const auto one = std::ranges::find(said, id, &Said::id); one != said.end()) by_id.emplace(rfc_id, &*one);
  UnixMs at = second;
  for (const auto* one : in_order(said, by_id)) {
    const auto sort_ms = at++;
    if (one->sort_ms == sort_ms) continue;
    connection.run("UPDATE message SET sort_ms = ? WHERE id = ?", sort_ms, one->id);
    touch(one->id);
  }
}

void Database::Impl::order_seconds() {
  for (const auto& [chat, second] : std::exchange(unordered, {})) order_second(chat, second);
}

// Once, after a migration: messages whose time was none are moved to the best that is known, and every second in which
// several arrived is put in order.
void Database::Impl::order_all() {
  std::vector<std::tuple<MessageId, ChatId, UnixMs, UnixMs>> moved;
  {
    auto row = connection.query(
        "SELECT id, chat, sort_ms, arrived_ms FROM message WHERE sort_ms < 631152000000 AND arrived_ms > sort_ms");
    while (row.next()) moved.emplace_back(row.id<MessageId>(0), row.id<ChatId>(1), row.number(2), row.number(3));
  }
  for (const auto& [id, chat, before, after] : moved) {
    const auto body = indexed_body(id);
    index.replace(id, {.chat = chat, .sort_ms = before, .body = body}, {.chat = chat, .sort_ms = after, .body = body});
    connection.run("UPDATE message SET sort_ms = ? WHERE id = ?", after, id);
  }
  std::vector<std::pair<ChatId, UnixMs>> seconds;
  {
    auto row = connection.query(
        "SELECT chat, sort_ms / 1000 * 1000 AS second FROM message GROUP BY chat, second HAVING count(*) > 1");
    while (row.next()) seconds.emplace_back(row.id<ChatId>(0), row.number(1));
  }
  for (const auto& [chat, second] : seconds) order_second(chat, second);
  index.save();
  changes = {};
}

}  // namespace coi::store

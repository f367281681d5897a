// Groups: what follows from what is said about them, and what a decision knows of them.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "chat/settle_group.h"
#include "store/database_impl.h"
#include "store/known_chat.h"
#include "store/remarks.h"

namespace coi::store {

using namespace chat;

// What is said about the group is said about one of these.
std::vector<std::string> Database::Impl::sources_of(ChatId chat) {
  std::vector<std::string> sources;
  auto row = connection.query(
      "SELECT id FROM group_id WHERE chat = ?1 AND component = '' UNION SELECT component FROM group_id WHERE chat = ?1 "
      "AND component <> ''",
      chat);
  while (row.next()) sources.push_back(row.text(0));
  return sources;
}

GroupClaims Database::Impl::claims_of(ChatId chat) {
  GroupClaims claims;
  if (auto row =
          connection.query("SELECT first_author FROM group_id WHERE chat = ? AND first_ms > 0 ORDER BY first_ms, "
                           "first_rfc_id, first_author LIMIT 1",
                           chat);
      row.next())
    claims.founder = row.text(0);
  static const std::string about_one = std::string(select_remarks) + "= ? AND kind IN (5, 6, 12)";
  static_assert(static_cast<int>(RemarkKind::group_name) == 5 && static_cast<int>(RemarkKind::group_description) == 6 &&
                static_cast<int>(RemarkKind::group_picture) == 12);
  for (const auto& source : sources_of(chat)) {
    {
      auto row =
          connection.query("SELECT author, member, parted, at_ms, said_ms FROM membership WHERE source = ?", source);
      while (row.next())
        claims.members.push_back({.author = row.text(0),
                                  .member = row.text(1),
                                  .parted = row.flag(2),
                                  .at_ms = row.number(3),
                                  .said_ms = row.number(4)});
    }
    auto row = connection.query(about_one.c_str(), source);
    while (row.next()) {
      auto remark = remark_of(row);
      auto& list = remark.kind == RemarkKind::group_name          ? claims.names
                   : remark.kind == RemarkKind::group_description ? claims.descriptions
                                                                  : claims.pictures;
      list.push_back(std::move(remark));
    }
  }
  return claims;
}

void Database::Impl::settle_groups() {
  for (const auto chat : std::exchange(unsettled, {})) {
    if (!chat) continue;
    const auto claims = claims_of(chat);
    const auto state = settle_group(claims);
    int changed = connection.run(
        "UPDATE chat SET name = ?2, name_ms = ?3, description = ?4, description_ms = ?5, founder = ?6, picture = ?7, "
        "picture_ms = ?8 WHERE id = ?1 AND (name, name_ms, description, description_ms, founder, picture, picture_ms) "
        "IS NOT (?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        chat, state.name, state.name_ms, state.description, state.description_ms, claims.founder, state.picture,
        state.picture_ms);
    for (const auto& member : state.members)
      changed += connection.run(
          "INSERT INTO member(chat, addr, joined_ms, parted_ms) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
          "joined_ms = excluded.joined_ms, parted_ms = excluded.parted_ms "
          "WHERE (joined_ms, parted_ms) IS NOT (excluded.joined_ms, excluded.parted_ms)",
          chat, member.addr, member.joined_ms, member.parted_ms);
    std::vector<std::string> gone;
    {
      auto row = connection.query("SELECT addr FROM member WHERE chat = ?", chat);
      while (row.next())
        if (!std::ranges::binary_search(state.members, row.text(0), {}, &Member::addr)) gone.push_back(row.text(0));
    }
    for (const auto& addr : gone)
      changed += connection.run("DELETE FROM member WHERE chat = ? AND addr = ?", chat, addr);
    if (changed == 0) continue;
    changes.chats.insert(chat);
    untimed.insert(chat);
  }
}

// P-06: of members alone.
void Database::Impl::add_group_words(ChatId chat, GroupFacts& group) {
  static_assert(static_cast<int>(RemarkKind::group_info) == 13 && static_cast<int>(RemarkKind::group_request) == 14);
  for (const auto& source : sources_of(chat)) {
    auto row = connection.query(
        "SELECT kind, by_us, max(date_ms) FROM remark WHERE subject = ?1 AND kind IN (13, 14) AND (by_us = 1 OR EXISTS "
        "(SELECT 1 FROM member m WHERE m.chat = ?2 AND m.addr = remark.author AND m.joined_ms <> 0 AND m.joined_ms >= "
        "m.parted_ms)) "
        "GROUP BY kind, by_us",
        source, chat);
    while (row.next()) {
      const auto at = row.number(2);
      if (row.word<RemarkKind>(0) == RemarkKind::group_info)
        group.described_ms = std::max(group.described_ms, at);
      else if (row.flag(1))
        group.asked = true;
      else
        group.requested_ms = std::max(group.requested_ms, at);
    }
  }
}

std::optional<GroupFacts> Database::Impl::group_facts(ChatId chat) {
  settle_groups();  // what this transaction has put counts
  GroupFacts group;
  {
    auto row = connection.query(
        "SELECT group_id, name, name_ms, description, description_ms, self, EXISTS (SELECT 1 FROM message m WHERE "
        "m.chat = chat.id AND (m.unsaid = 0 OR EXISTS (SELECT 1 FROM outgoing o WHERE o.message = m.id AND "
        "o.hold_until_ms <> 0))), picture, picture_ms, (SELECT p.base64 FROM picture p WHERE p.id = chat.picture), "
        "founder = self FROM "
        "chat WHERE id = ? AND kind = ?",
        chat, ChatKind::group);
    if (!row.next()) return std::nullopt;
    group = {.id = row.text(0),
             .self = row.text(5),
             .name = row.text(1),
             .description = row.text(3),
             .name_ms = row.number(2),
             .description_ms = row.number(4),
             .picture_ms = row.number(8),
             .members = {},
             .picture = {.id = row.text(7), .base64 = row.text(9)},
             .begun = row.flag(6),
             .founded = row.flag(10)};
  }
  add_group_words(chat, group);
  auto row = connection.query("SELECT addr, joined_ms, parted_ms FROM member WHERE chat = ? ORDER BY addr", chat);
  while (row.next()) group.members.push_back({row.text(0), row.number(1), row.number(2)});
  return group;
}

std::optional<bool> Database::Impl::find(const FindAccepted& wanted) {
  static const std::string by_id = fmt::format(
      "SELECT {} AND NOT {} FROM group_id g JOIN chat c ON c.id = g.chat LEFT JOIN person p ON p.id = c.person WHERE "
      "g.id = ?",
      known_chat, blocked_chat);
  auto row = connection.query(by_id.c_str(), wanted.group);
  return row.next() ? std::optional(row.flag(0)) : std::nullopt;
}

}  // namespace coi::store

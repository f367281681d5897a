// From what a user writes to whom it may mean.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/ascii.h"
#include "store/folding.h"
#include "store/known_chat.h"
#include "store/reader_impl.h"

namespace coi::store {

using namespace chat;

namespace {

constexpr std::array words_for_self = {"saved", "self"};

// For named_row(): a person p and its chat.
std::string named_query(std::string_view rest) {
  return fmt::format(
      "SELECT coalesce((SELECT c.id FROM chat c WHERE c.person = p.id), 0), coalesce({}, ''), {}, p.blocked, p.name "
      "<> '' FROM person p {}",
      addr_of_person, name_of_person, rest);
}

NamedRow named_row(Rows& row) {
  NamedRow named{.chat = row.id<ChatId>(0), .addr = row.text(1), .name = row.text(2), .blocked = row.flag(3)};
  if (named.name.empty()) named.name = named.addr;
  return named;
}

}  // namespace

std::optional<ChatId> Reader::Impl::self_chat() {
  auto row = connection.query("SELECT id FROM chat WHERE kind = ?", ChatKind::self);
  return row.next() ? std::optional(row.id<ChatId>(0)) : std::nullopt;
}

Result<std::optional<ChatId>> Reader::self_chat() {
  return impl_->guarded("cannot look for the chat", [&] { return impl_->self_chat(); });
}

Result<std::vector<ChatId>> Reader::find_chats(std::string_view addr) {
  return impl_->guarded("cannot look for the chat", [&] {
    std::vector<ChatId> found;
    auto row = impl_->connection.query("SELECT c.id FROM chat c JOIN address a ON a.person = c.person WHERE a.addr = ?",
                                       ascii_lower(addr));
    while (row.next()) found.push_back(row.id<ChatId>(0));
    return found;
  });
}

Result<std::optional<NamedRow>> Reader::addressed(std::string_view addr) {
  return impl_->guarded("cannot look for the contact", [&]() -> std::optional<NamedRow> {
    static const std::string sql = named_query("WHERE p.id = (SELECT a.person FROM address a WHERE a.addr = ?)");
    auto row = impl_->connection.query(sql.c_str(), addr);
    return row.next() ? std::optional(named_row(row)) : std::nullopt;
  });
}

Result<std::vector<NamedRow>> Reader::named(std::string_view word) {
  return impl_->guarded("cannot look for the name", [&] {
    std::vector<NamedRow> found;
    const Folding folded(impl_->connection.database().getHandle());
    const auto wanted = folded(ascii_trim(word));
    if (wanted.empty()) return found;
    static const std::string sql = named_query("WHERE p.known = 1");
    auto row = impl_->connection.query(sql.c_str());
    while (row.next()) {
      auto one = named_row(row);
      const auto name = folded(one.name);
      if (!name.contains(wanted)) continue;
      one.given = row.flag(4) && name == wanted;
      found.push_back(std::move(one));
    }
    // Groups that the user knows, by their names.
    static const std::string known_groups = fmt::format(
        "SELECT c.id, c.name, c.blocked FROM chat c LEFT JOIN person p ON p.id = c.person WHERE c.kind = 2 "
        "AND {}",
        known_chat);
    auto group = impl_->connection.query(known_groups.c_str());
    while (group.next())
      if (folded(group.text(1)).contains(wanted))
        found.push_back({.chat = group.id<ChatId>(0), .addr = {}, .name = group.text(1), .blocked = group.flag(2)});
    const auto self = folded(name_of_self);
    const bool is_self = self == wanted || std::ranges::find(words_for_self, wanted) != words_for_self.end();
    if (is_self || self.starts_with(wanted))
      found.push_back({.chat = impl_->self_chat().value_or(ChatId{}),
                       .addr = {},
                       .name = std::string(name_of_self),
                       .given = is_self});
    return found;
  });
}

}  // namespace coi::store

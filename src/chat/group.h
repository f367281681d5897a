// Which group a mail belongs to, and what it says about who is in it. Pure; by that mail and the account alone.
#pragma once

#include <optional>

#include "chat/facts.h"
#include "chat/model.h"
#include "chat/plan.h"

namespace coi::chat {

// C-59, C-69, C-73: the id that the mail carries, or that a mail has which it refers to. Without any it has one of its
// own: of a chat program's mail one that it shares with those that it refers to (PutGroup::threads); of a plain
// program's mail to several one of the thread and of all who take part, so that a mail to others is not in the same
// group. nullopt: the mail belongs to one person. So does what is forged, came through a list
// or was sent by a program, and what only refers to a group and went to one of us alone.
std::optional<InGroup> group_of(const Content& content, const AccountFacts& account);

// What a mail of group_of() says about the group. `arrived`: chat/arrival.h. Own addresses stand there as account.addr.
std::vector<Operation> group_operations(const Content& content, const AccountFacts& account, UnixMs arrived);

// The change of a group that a mail tells of; without code: none. Codes and parameters: docs/api.md.
Notice notice_of(const Content& content);

// Members of whom one mail speaks; what it says about more of them is not taken.
inline constexpr std::size_t most_named = 5000;
// Octets of a group's name or description.
inline constexpr std::size_t longest_group_name = 1000;

// A claim without a time of its own: anything that is known is newer. A second, since headers tell whole ones.
inline constexpr UnixMs long_ago = 1000;

// The id of a group without one, by any mail of a chat program in it.
std::string group_of_thread(const std::string& thread);
bool is_derived_group_id(const std::string& id);
// Of several ids of one group that which its mails carry: one that a program made, and of these the least.
bool is_better_group_id(const std::string& a, const std::string& b);

// C-70: the name that a subject gives to a group; '': none.
std::string group_name_of(std::string_view subject);

}  // namespace coi::chat

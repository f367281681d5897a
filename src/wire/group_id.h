// What names a group on the wire, and the Message-IDs that carry the name. Message-IDs are taken with or without <> and
// given without.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coi::wire {

// C-57: 11 to 128 characters of [0-9A-Za-z_-]. Group ids compare with case.
bool is_group_id(std::string_view text);

// C-57: 24 characters, 144 random bits.
std::string make_group_id();

// Of a group whose mails carry no id (C-69): the same on every device that knows the first mail of the thread.
// "thread-" and the first 24 characters of the base64url SHA-256 of that mail's Message-ID, without <> and white space
// at its ends. 31 characters, so that make_group_id() never gives one.
std::string derived_group_id(std::string_view thread_root);
// Has the form of a derived id; a stranger may have chosen one of that form.
bool is_derived_group_id(std::string_view id);

// C-58 "chat$group.ID.UNIQUE@domain", and "Gr.ID.UNIQUE@domain" of old versions of Delta Chat (D-06). The id ends at
// the next dot. nullopt: of another form, or the id is none (is_group_id()).
std::optional<std::string> group_id_of(std::string_view message_id);

// C-58: "chat$UNIQUE@domain" as "chat$group.ID.UNIQUE@domain". `chat_id`: as of make_message_id() or message_id_for().
std::string in_group(std::string_view chat_id, std::string_view group_id);

}  // namespace coi::wire

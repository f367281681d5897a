// Is a mail a chat mail? One rule for client and server, so that the two cannot drift.
#pragma once

#include <string_view>

namespace coi::wire {

// The three fields the rule looks at, raw values; an absent field is an empty view with a null data pointer.
struct ClassifiedFields {
  std::string_view chat_version;
  std::string_view message_id;
  std::string_view references;
};

// S-20: it has Chat-Version (any value), or its Message-ID starts with chat$, or the first id in References does.
// Exactly these three.
bool is_chat(const ClassifiedFields& fields);

// C-88: the client's wider rule for replies written by plain programs: a chat$ id anywhere in References or
// In-Reply-To.
bool replies_to_chat(std::string_view references, std::string_view in_reply_to);

// C-07: the id, with or without <>, starts with chat$.
bool is_chat_id(std::string_view message_id);

}  // namespace coi::wire

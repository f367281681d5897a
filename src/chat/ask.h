// Which facts an input needs before it can be decided. Two rounds at most: the second may build on what the first
// found.
#pragma once

#include <vector>

#include "chat/facts.h"
#include "chat/input.h"

namespace coi::chat {

std::vector<Lookup> ask(const Input& input);
// After the first round was gathered; mostly empty.
std::vector<Lookup> ask_again(const Input& input, const Facts& facts);

// The chat a mail belongs to, by its author and recipients alone.
ChatRef chat_of(const Content& content, const AccountFacts& account);

bool is_own(const AccountFacts& account, std::string_view addr);

}  // namespace coi::chat

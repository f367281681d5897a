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
// The user's own mail, from whichever device (C-89): an own address, and nobody says that it was forged.
bool is_by_us(const AccountFacts& account, const Content& content);

}  // namespace coi::chat

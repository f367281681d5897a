// Whom a command means.
#pragma once

#include <string>

#include "shell.h"

namespace coi::cli {

struct Whom {
  std::string account;  // id, or empty: the daemon chooses
  std::string chat;     // how the daemon is to be told: an id, or an address that nobody wrote from or to yet
  std::string text;     // for a person: "Bob Miller <bob@example.org>"
};

// The one chat that the word means, or the address that it is. Errors: not_found, ambiguous, and those of ask().
Result<Whom> find_whom(Shell& shell, const std::string& word);

// For a person: ", from alice@example.org,", or nothing where there is one account.
std::string from_words(Shell& shell, const std::string& account);

}  // namespace coi::cli

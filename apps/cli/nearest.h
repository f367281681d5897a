// The word that somebody meant who wrote another one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coi::cli {

// The one of `words` that fewest slips of the keyboard (a letter too many, too few, wrong, or two exchanged) lead from,
// or that the word begins; nothing where none is near.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words);

}  // namespace coi::cli

// Where chat mail lives on the server (S-21, C-87).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace coi::wire {

enum class Filter : std::uint8_t {
  none,    // chat mail stays where it is
  active,  // chat mail goes to <root>/Chats at once
  seen,    // chat mail goes to <root>/Chats once it was read
};

std::string_view name(Filter filter);
// Compares with case (S-22); nullopt for any other word.
std::optional<Filter> parse_filter(std::string_view word);

}  // namespace coi::wire

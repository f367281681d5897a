// rooms: base
// What a fuzz target promises; what does not hold ends it.
#pragma once

#include <cstdlib>
#include <string_view>

#include "base/utf8.h"

inline void check(bool holds) {
  if (!holds) std::abort();
}

// Valid UTF-8 without NUL.
inline void check_text(std::string_view text) {
  while (!text.empty()) {
    const auto length = coi::utf8_sequence(text);
    check(length > 0 && text.front() != '\0');
    text.remove_prefix(length);
  }
}

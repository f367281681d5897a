// Lengths of time as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace coi::inline base {

// "8 hours", "1 day": in the largest unit, up to weeks, of which it is a whole number. `seconds`: at least 1.
std::string length_text(std::int64_t seconds);

}  // namespace coi::inline base

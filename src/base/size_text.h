// Sizes as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace coi::inline base {

// "999 bytes", "23.4 kB", "999 MB": at most three digits, in powers of ten, as mail providers count.
std::string size_text(std::uint64_t octets);

}  // namespace coi::inline base

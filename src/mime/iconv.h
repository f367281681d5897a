// The C library's iconv, asked for UTF-8. The inside of to_utf8().
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coi::mime {

struct Converted {
  std::string text;
  std::size_t faults = 0;  // units that could not be read; each is U+FFFD in `text`
};

// nullopt: iconv does not know the charset. `unit`: as many octets as one fault costs. `text` may hold NUL, if `octets`
// do.
std::optional<Converted> convert(std::string_view octets, const std::string& charset, std::size_t unit = 1);

}  // namespace coi::mime

// White space of header fields and of lines.
#pragma once

#include <string_view>

namespace coi::mime {

inline constexpr std::string_view white_space = " \t\r\n";

constexpr bool is_space(char c) { return white_space.contains(c); }
// White space alone, or nothing.
constexpr bool is_blank(std::string_view text) { return text.find_first_not_of(white_space) == std::string_view::npos; }
// A line end alone, or nothing. Some programs end lines with CR CR LF.
constexpr bool is_empty(std::string_view line) { return line.find_first_not_of("\r\n") == std::string_view::npos; }

}  // namespace coi::mime

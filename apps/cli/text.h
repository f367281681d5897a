// Text as a terminal shows it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coi::cli {

// Other people's words, safe to print: control characters except LF become U+FFFD, so that no message can move the
// cursor, colour the screen or set the title; a tab becomes a space. Of marks and other characters that take no columns
// so many stand in a row as any writing needs (longest_grapheme); U+FFFD stands for those beyond.
std::string printable(std::string_view text);
// The same on one line: every run of white space is one space.
std::string one_line(std::string_view text);

// Without NUL, which no text of a person has and where many mail programs end it.
bool is_text(std::string_view text);

// Columns that the text takes. Escape sequences are not expected in it.
std::size_t columns(std::string_view text);
// At most `width` columns, the rest replaced by "…". So is what takes no columns but far too many octets.
std::string cut(std::string_view text, std::size_t width);
// Exactly `width` columns: cut, or filled up with spaces on the right.
std::string fit(std::string_view text, std::size_t width);
// Lines of at most `width` columns, broken at spaces where there are any. 0: only where the text has line ends.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

}  // namespace coi::cli

// What lines are made of. Private to this room.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace coi::reply {

// Without white space, no-break spaces and characters that are not seen at both ends.
std::string_view bare(std::string_view text);

// bare(), without the * and _ of bold type at both ends either.
std::string_view unmarked(std::string_view text);

// The position behind the first ":" or U+FF1A, of which `before` is what stands in front, bare; npos if there is none
// within the first `most` octets.
std::size_t behind_colon(std::string_view line, std::string_view& before, std::size_t most);

bool ends_with_colon(std::string_view line);

// The pieces between white space, of at most `most`; views.
std::vector<std::string_view> words_of(std::string_view text, std::size_t most);

// In ASCII letters of any case.
bool is_one_of(std::string_view text, std::span<const std::string_view> known);

// Latin, Greek and Cyrillic capitals without accents of their own as small letters: enough for words in a table.
std::string in_small_letters(std::string_view text);

// "bob@example.org", wherever it stands.
bool has_address(std::string_view text);

// A day: "2024-03-04", "4.3.24", "3/4/2024", "2024年3月4日", "4 March 2024", "Mar 4, 2024", "Dec 9".
bool has_date(std::string_view text);
// "10:15", "10.15", "10h15", "下午2:23".
bool has_time(std::string_view text);

// Dashes, underscores, equals signs, asterisks or the like alone, at least `least` of one kind. `of`: which.
bool is_rule(std::string_view line, std::size_t least, std::string_view of = "-_=*~#");

}  // namespace coi::reply

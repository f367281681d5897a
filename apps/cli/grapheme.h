// What a reader takes for one character: an extended grapheme cluster (UAX #29), such as a letter with its accents, a
// flag, or an emoji with its skin tone.
#pragma once

#include <cstddef>
#include <string_view>

namespace coi::cli {

// Octets of one that are looked at: far more than any writing system or emoji needs. What is longer (an accent repeated
// a thousand times) counts as several, so that the work for a text grows with its length alone.
inline constexpr std::size_t longest_grapheme = 128;

// Octets of the first one of a text that is not empty. An octet that is no UTF-8 stands alone.
std::size_t first_grapheme(std::string_view text);
// Octets of the last one.
std::size_t last_grapheme(std::string_view text);

// Columns that a grapheme takes on a terminal: an emoji sequence and a flag two, whatever they are made of (UTS #51).
std::size_t grapheme_width(std::string_view grapheme);

}  // namespace coi::cli

// What the full-text index holds of a text, and how a query asks for it. One function for both, versioned: a change of
// the rule is a new search_version, and a job rebuilds the index.
#pragma once

#include <string>
#include <string_view>

namespace coi::store {

inline constexpr int search_version = 1;

// Runs of scripts without spaces between words (Han, Kana, Hangul, Thai, Lao, Khmer, Myanmar) become overlapping pairs
// of characters, separated by spaces, since the stock tokenizer takes such a run for one word. All else stays.
std::string search_text(std::string_view text);

// An FTS5 query: every word must occur, the last character run of each as a prefix. Empty when nothing can be asked.
std::string search_query(std::string_view words);

}  // namespace coi::store

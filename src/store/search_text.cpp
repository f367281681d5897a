#include "store/search_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fmt/ranges.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::store {
namespace {

struct Block {
  char32_t first, last;
};
// Unicode blocks whose scripts put no space between words (facts of the Unicode standard).
constexpr std::array unspaced = {
    Block{0x0E00, 0x0EFF},    // Thai, Lao
    Block{0x1000, 0x109F},    // Myanmar
    Block{0x1100, 0x11FF},    // Hangul Jamo
    Block{0x1780, 0x17FF},    // Khmer
    Block{0x3040, 0x30FF},    // Hiragana, Katakana
    Block{0x3400, 0x4DBF},    // Han extension A
    Block{0x4E00, 0x9FFF},    // Han
    Block{0xAC00, 0xD7AF},    // Hangul
    Block{0xF900, 0xFAFF},    // Han compatibility
    Block{0x20000, 0x3FFFF},  // Han extensions
};
static_assert(std::ranges::is_sorted(unspaced, {}, &Block::first));

bool is_unspaced(char32_t c) {
  return c >= unspaced.front().first &&
         std::ranges::any_of(unspaced, [c](Block block) { return c >= block.first && c <= block.last; });
}

struct Character {
  char32_t code;
  std::string_view octets;
};

// The next character; a stray octet counts as a character of its own.
Character next_character(std::string_view text) {
  auto rest = text;
  const auto code = utf8_take(rest);
  return {code, text.substr(0, text.size() - rest.size())};
}

// Calls word(run, unspaced) for every run of characters of one sort.
template <class Word>
void runs(std::string_view text, Word word) {
  while (!text.empty()) {
    const bool kind = is_unspaced(next_character(text).code);
    std::size_t length = 0;
    while (length < text.size()) {
      const auto character = next_character(text.substr(length));
      if (is_unspaced(character.code) != kind) break;
      length += character.octets.size();
    }
    word(text.substr(0, length), kind);
    text.remove_prefix(length);
  }
}

// Indexed, "abc" becomes "ab bc c", so that a single character is found wherever it stands; asked for, "ab bc".
enum class Pairs : std::uint8_t { indexed, asked };

std::string pairs(std::string_view run, Pairs purpose) {
  std::string out;
  std::string_view previous;
  while (!run.empty()) {
    const auto character = next_character(run).octets;
    run.remove_prefix(character.size());
    if (!previous.empty()) out.append(previous).append(character) += ' ';
    previous = character;
  }
  if (purpose == Pairs::indexed || out.empty()) return out.append(previous);
  out.pop_back();
  return out;
}

// U+E000, for private use: a character of words for the tokenizer, and of nobody's language.
constexpr std::string_view chat_mark = "\xEE\x80\x80";

// A string in the syntax of FTS5 queries.
std::string fts_string(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

// Punctuation alone asks for nothing.
bool says_something(std::string_view run) {
  return std::ranges::any_of(run, [](char c) { return ascii_alnum(c) || static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

std::string search_text(std::string_view text) {
  // Nearly all text has none of these scripts, and none of their characters is below U+0E00 (E0 B8 80 in UTF-8).
  if (std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xE0; }))
    return std::string(text);
  std::string out;
  runs(text, [&](std::string_view run, bool unspaced_run) {
    if (unspaced_run)
      out.append(" ").append(pairs(run, Pairs::indexed)).append(" ");
    else
      out += run;
  });
  return out;
}

std::string chat_word(chat::ChatId chat) { return fmt::format("{}{}", chat_mark, chat.value); }

std::string search_query(std::string_view words, std::optional<chat::ChatId> chat) {
  constexpr std::size_t most_terms = 32;
  std::vector<std::string> terms;
  std::string typed(words);
  std::ranges::replace_if(typed, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  for (const auto word : ascii_split(typed, ' '))
    runs(word, [&](std::string_view run, bool unspaced_run) {
      // Quoted, the tokenizer decides what is a word, and nothing is an operator.
      if (terms.size() < most_terms && says_something(run))
        terms.push_back(fts_string(unspaced_run ? pairs(run, Pairs::asked) : std::string(run)) + "*");
    });
  if (terms.empty()) return {};
  if (chat) terms.push_back(fts_string(chat_word(*chat)));
  return fmt::format("{}", fmt::join(terms, " "));
}

}  // namespace coi::store

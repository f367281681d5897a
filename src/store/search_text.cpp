#include "store/search_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

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

// "abc" -> "ab bc"; a single character stays.
std::string pairs(std::string_view run) {
  std::string out;
  std::string_view previous;
  while (!run.empty()) {
    const auto character = next_character(run).octets;
    run.remove_prefix(character.size());
    if (!previous.empty()) {
      if (!out.empty()) out += ' ';
      out += previous;
      out += character;
    }
    previous = character;
  }
  return out.empty() ? std::string(previous) : out;
}

std::string quoted(std::string_view word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace

std::string search_text(std::string_view text) {
  // Nearly all text has none of these scripts, and none of their characters is below U+0E00 (E0 B8 80 in UTF-8).
  if (std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0xE0; })) return std::string(text);
  std::string out;
  runs(text, [&](std::string_view run, bool unspaced_run) {
    if (unspaced_run)
      out.append(" ").append(pairs(run)).append(" ");
    else
      out += run;
  });
  return out;
}

std::string search_query(std::string_view words) {
  std::string query;
  const auto add = [&](std::string term) {
    if (!query.empty()) query += ' ';
    query += term;
  };
  std::string word;
  const auto flush = [&] {
    if (word.empty()) return;
    runs(word, [&](std::string_view run, bool unspaced_run) {
      // Quoted, the tokenizer decides what is a word; a run of punctuation alone asks for nothing and matches all.
      if (std::ranges::all_of(run, [](char c) { return static_cast<unsigned char>(c) < 0x80 && std::isalnum(static_cast<unsigned char>(c)) == 0; })) return;
      add(quoted(unspaced_run ? pairs(run) : std::string(run)) + "*");
    });
    word.clear();
  };
  for (const char c : words) {
    if (std::string_view(" \t\r\n").find(c) != std::string_view::npos)
      flush();
    else
      word += c;
  }
  flush();
  return query;
}

}  // namespace coi::store

// Where words begin and end in UTF-8, as far as marks in a text need it; inside of the room only.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/ascii.h"

namespace coi::chat {

constexpr bool is_tail_octet(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Spaces beyond ASCII, the line ends of Unicode and U+200B.
constexpr bool is_wide_space(char32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

// Whether the character that begins at `at` is a letter or digit of a script that parts its words by spaces. Between
// two of those no mark begins or ends: 2*3*4, snake_case. Chinese and Japanese have no such spaces, and marks there
// stand between any two characters. By the lead octet: U+00C0 to U+1FFF are taken for letters, and µ, º and ª.
constexpr bool is_word_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return false;
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return ascii_alnum(text[at]);
  if (lead == 0xC2) {
    const auto tail = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0U;
    return tail == 0xAA || tail == 0xB5 || tail == 0xBA;
  }
  return lead >= 0xC3 && lead <= 0xE1;
}

// The same of the character that ends before `at`.
constexpr bool is_word_before(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  auto start = at - 1;
  for (int i = 0; i < 3 && start > 0 && is_tail_octet(text[start]); ++i) --start;
  return is_word_at(text, start);
}

}  // namespace coi::chat

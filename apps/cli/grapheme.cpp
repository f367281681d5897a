#include "grapheme.h"

#include <unigbrk.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cwchar>

#include "base/utf8.h"

namespace coi::cli {
namespace {

bool is_ascii(char octet) { return static_cast<unsigned char>(octet) < 0x80; }
bool continues(char octet) { return (static_cast<unsigned char>(octet) & 0xC0) == 0x80; }

bool is_regional(char32_t code) { return code >= 0x1F1E6 && code <= 0x1F1FF; }
bool is_skin_tone(char32_t code) { return code >= 0x1F3FB && code <= 0x1F3FF; }
constexpr char32_t joiner = 0x200D, emoji_presentation = 0xFE0F;
constexpr std::size_t regional_octets = 4;

// The first break behind the beginning, in at most so many octets; 0 if there is none. u8_grapheme_next() would see
// pairs of characters alone, which tells neither flags nor joined emoji apart.
template <std::size_t most>
std::size_t first_break(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size()) {
    const auto character = utf8_sequence(text.substr(size));
    if (character == 0 && size == 0) return 1;  // no UTF-8, which the library wants: it stands alone
    if (size + character > most) break;
    if (character == 0) {
      text = text.substr(0, size);
      break;
    }
    size += character;
  }
  std::array<char, most> breaks;
  ::u8_grapheme_breaks(reinterpret_cast<const std::uint8_t*>(text.data()), size, breaks.data());
  const auto* found = std::find(breaks.data() + 1, breaks.data() + size, 1);
  if (found != breaks.data() + size) return static_cast<std::size_t>(found - breaks.data());
  return size == text.size() ? size : 0;
}

bool ends_with_regional(std::string_view text) {
  if (text.size() < regional_octets) return false;
  auto last = text.substr(text.size() - regional_octets);
  return is_regional(utf8_take(last)) && last.empty();
}

// A place from which graphemes can be counted to the end: before an ASCII character, or far enough back. Flags are
// pairs and have to be counted from the first of their row.
std::size_t safe_start(std::string_view text) {
  auto at = text.size();
  while (at > 0 && text.size() - at < longest_grapheme)
    if (is_ascii(text[--at])) return at;
  while (at > 0 && continues(text[at])) --at;
  if (auto rest = text.substr(at); is_regional(utf8_take(rest)))
    while (ends_with_regional(text.substr(0, at))) at -= regional_octets;
  return at;
}

std::size_t code_width(char32_t code) {
  const int width = ::wcwidth(static_cast<wchar_t>(code));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

}  // namespace

std::size_t first_grapheme(std::string_view text) {
  if (is_ascii(text.front()) && (text.size() == 1 || is_ascii(text[1]))) return 1;
  constexpr std::size_t usual = 16;
  if (const auto size = first_break<usual>(text); size > 0) return size;
  if (const auto size = first_break<longest_grapheme>(text); size > 0) return size;
  auto end = longest_grapheme;  // between two characters
  while (continues(text[end])) --end;
  return end;
}

std::size_t last_grapheme(std::string_view text) {
  auto at = safe_start(text);
  while (true) {
    const auto size = first_grapheme(text.substr(at));
    if (at + size >= text.size()) return text.size() - at;
    at += size;
  }
}

std::size_t grapheme_width(std::string_view grapheme) {
  std::size_t total = 0;
  bool is_sequence = false, is_emoji = false;
  for (bool first = true; !grapheme.empty(); first = false) {
    const auto code = utf8_take(grapheme);
    total += code_width(code);
    is_emoji = is_emoji || code == emoji_presentation;
    is_sequence = is_sequence || (!first && (code == joiner || is_skin_tone(code) || is_regional(code)));
  }
  if (is_emoji) return total == 0 ? 0 : 2;
  return is_sequence ? std::min<std::size_t>(total, 2) : total;
}

}  // namespace coi::cli

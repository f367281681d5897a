#include "base/utf8.h"

#include <algorithm>

namespace coi::inline base {

//   UTF8-2 = %xC2-DF UTF8-tail
//   UTF8-3 = %xE0 %xA0-BF UTF8-tail / %xE1-EC 2( UTF8-tail ) / %xED %x80-9F UTF8-tail / %xEE-EF 2( UTF8-tail )
//   UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / %xF1-F3 3( UTF8-tail ) / %xF4 %x80-8F 2( UTF8-tail )
std::size_t utf8_sequence(std::string_view text) {
  const auto at = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0) == 0x80; };
  const unsigned lead = at(0);
  if (lead < 0x80) return text.empty() ? 0 : 1;
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return tail(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (lead == 0xE0 && at(1) < 0xA0) return 0;  // overlong
    if (lead == 0xED && at(1) > 0x9F) return 0;  // surrogate
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (lead > 0xF4 || (lead == 0xF0 && at(1) < 0x90) || (lead == 0xF4 && at(1) > 0x8F)) return 0;
  return tail(1) && tail(2) && tail(3) ? 4 : 0;
}

char32_t utf8_take(std::string_view& text) {
  const std::size_t length = utf8_sequence(text);
  const unsigned lead = static_cast<unsigned char>(text.front());
  char32_t character = length == 0 ? 0xFFFD : length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) character = character << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  text.remove_prefix(std::max<std::size_t>(length, 1));
  return character;
}

void utf8_append(std::string& text, char32_t character) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (character >> shift & 0x3F)); };
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xC0 | character >> 6);
    tail(0);
  } else if (character < 0x10000) {
    text += static_cast<char>(0xE0 | character >> 12);
    tail(6);
    tail(0);
  } else {
    text += static_cast<char>(0xF0 | character >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

std::string_view utf8_front(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (text[max] & 0xC0) == 0x80) --max;
  return text.substr(0, max);
}

std::string printable(std::string_view text, std::size_t max) {
  std::string clean;
  while (!text.empty()) {
    const bool well_formed = utf8_sequence(text) > 0;
    const auto here = text;
    const auto character = utf8_take(text);
    const auto octets = here.substr(0, here.size() - text.size());
    if (octets.size() > max - clean.size()) break;
    if (!well_formed)
      clean += '?';
    else if (is_control(character))
      clean += ' ';
    else
      clean += octets;
  }
  return clean;
}

}  // namespace coi::inline base

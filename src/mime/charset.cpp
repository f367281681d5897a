#include "mime/charset.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/charset_name.h"
#include "mime/escaped_charset.h"
#include "mime/iconv.h"

namespace coi::mime {
namespace {

// What 0x80..0x9F mean in windows-1252; its five holes read as the C1 control of the same number.
constexpr char16_t marks_of_1252[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                        0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

char32_t from_windows_1252(unsigned char octet) {
  return octet >= 0x80 && octet < 0xA0 ? marks_of_1252[octet - 0x80] : octet;
}

std::string from_windows_1252(std::string_view octets) {
  std::string out;
  out.reserve(octets.size() + octets.size() / 4);
  for (const char c : octets) {
    if (c == '\0')
      out += utf8_replacement;
    else
      utf8_append(out, from_windows_1252(static_cast<unsigned char>(c)));
  }
  return out;
}

bool is_plain(char c) { return static_cast<signed char>(c) > 0; }  // ASCII, but no NUL

// What of the octets outside ASCII is UTF-8.
struct Utf8Share {
  std::size_t characters = 0;
  std::size_t strays = 0;  // octets that belong to none

  // Text of another charset that is UTF-8 by chance is short; one bad octet among many characters costs only itself.
  bool is_most(std::size_t least) const { return characters >= least && characters > 4 * strays; }
};

Utf8Share utf8_share(std::string_view octets) {
  Utf8Share share;
  while (true) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(octets, is_plain) - octets.begin());
    octets.remove_prefix(plain);
    if (octets.empty()) return share;
    const auto length = utf8_sequence(octets);
    ++(length > 1 ? share.characters : share.strays);
    octets.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

// A leading vowel and two consonants are a character of three octets by chance, of any script but Thai in most words.
Utf8Share thai_share(std::string_view octets) {
  Utf8Share share;
  while (!octets.empty()) {
    const auto length = std::max<std::size_t>(utf8_sequence(octets), 1);
    const auto front = octets.substr(0, length);
    if (length == 1 && !is_plain(front.front()))
      ++share.strays;
    else if (front.starts_with("\xE0\xB8") || front.starts_with("\xE0\xB9"))
      ++share.characters;
    octets.remove_prefix(length);
  }
  return share;
}

std::string from_table(std::string_view octets, std::u16string_view table) {
  std::string out;
  out.reserve(octets.size() * 2);
  for (const char c : octets) {
    if (const auto octet = static_cast<unsigned char>(c); octet < 0x80)
      out += c;
    else
      utf8_append(out, table[octet - 0x80]);
  }
  return out;
}

// Whether UTF-16 (`width` 2) or UTF-32 (4) is little-endian; takes the mark off. A mark says more than the label, and
// the label more than a guess: most of a text has zeros in the high octets. RFC 2781, 4.3: without all of that it is
// big-endian.
bool take_order(std::string_view& octets, const CharsetName& name, std::size_t width) {
  constexpr std::string_view little_mark("\xFF\xFE\0\0", 4), big_mark("\0\0\xFE\xFF", 4);
  for (const bool little : {true, false}) {
    if (!octets.starts_with(little ? little_mark.substr(0, width) : big_mark.substr(4 - width))) continue;
    octets.remove_prefix(width);
    return little;
  }
  if (name.order != OctetOrder::unknown) return name.order == OctetOrder::little;
  std::size_t first_zeros = 0, last_zeros = 0;
  for (std::size_t at = 0; at + width <= octets.size(); at += width) {
    first_zeros += octets[at] == 0;
    last_zeros += octets[at + width - 1] == 0;
  }
  return last_zeros > first_zeros;
}

std::string from_wide(std::string_view octets, const CharsetName& name, std::size_t width) {
  // Converted on the way by somebody who left the label: a blank has a zero beside it where the label is true.
  if (!octets.contains('\0') && octets.find_first_of(" \n") != std::string_view::npos && utf8_share(octets).strays == 0)
    return valid_utf8(octets);
  const bool little = take_order(octets, name, width);
  const auto read = convert(octets, fmt::format("UTF-{}{}E", width * 8, little ? 'L' : 'B'), width);
  return valid_utf8(read ? std::string_view(read->text) : octets);
}

std::string from_7_bits(std::string_view octets, std::string (*read)(std::string_view)) {
  const bool escapes = octets.find_first_of("\x1B\x0E~") != std::string_view::npos;
  return !escapes && utf8_share(octets).is_most(2) ? valid_utf8(octets) : read(octets);
}

std::string by_iconv(std::string_view octets, const CharsetName& name) {
  const auto read = convert(octets, name.iconv);
  return valid_utf8(read ? std::string_view(read->text) : octets);  // else nobody knows that name
}

// Several octets for a character: what is not that, or too long for chance, is UTF-8.
std::string from_octets(std::string_view octets, const CharsetName& name) {
  constexpr std::size_t too_many = 8;  // characters
  const auto share = utf8_share(octets);
  if (share.strays == 0 && share.characters >= too_many) return valid_utf8(octets);
  const auto read = convert(octets, name.iconv);
  if (!read || (read->faults > 0 && share.is_most(1))) return valid_utf8(octets);
  return valid_utf8(read->text);
}

// Escapes that text in 7 bits has if it is Japanese and nobody said so.
bool has_japanese_escapes(std::string_view octets) {
  return octets.contains("\x1B$B") || octets.contains("\x1B$@") || octets.contains("\x1B(I");
}

bool has_wide_mark(std::string_view octets) {
  return (octets.starts_with("\xFF\xFE") || octets.starts_with("\xFE\xFF")) && octets.contains('\0');
}

}  // namespace

std::string valid_utf8(std::string_view octets) {
  std::string out;
  out.reserve(octets.size());
  while (!octets.empty()) {
    const auto plain = static_cast<std::size_t>(std::ranges::find_if_not(octets, is_plain) - octets.begin());
    out.append(octets.substr(0, plain));
    octets.remove_prefix(plain);
    if (octets.empty()) break;
    if (octets.front() == '\0') {
      out += utf8_replacement;
      octets.remove_prefix(1);
    } else if (const auto length = utf8_sequence(octets)) {
      out.append(octets.substr(0, length));
      octets.remove_prefix(length);
    } else {
      utf8_append(out, from_windows_1252(static_cast<unsigned char>(octets.front())));
      octets.remove_prefix(1);
    }
  }
  return out;
}

std::string to_utf8(std::string_view octets, std::string_view charset) {
  const auto name = meant_charset(charset);
  switch (name.kind) {
    case CharsetKind::utf8:
    case CharsetKind::windows_1252:
      if (has_japanese_escapes(octets) && utf8_share(octets).characters == 0) return from_iso_2022_jp(octets);
      if (has_wide_mark(octets)) return from_wide(octets, name, 2);
      if (name.kind != CharsetKind::windows_1252 || utf8_share(octets).is_most(1)) return valid_utf8(octets);
      return from_windows_1252(octets);
    case CharsetKind::one_octet:
      return utf8_share(octets).is_most(2) ? valid_utf8(octets) : by_iconv(octets, name);
    case CharsetKind::thai:
      return thai_share(octets).is_most(2) ? valid_utf8(octets) : by_iconv(octets, name);
    case CharsetKind::table:
      return utf8_share(octets).is_most(2) ? valid_utf8(octets) : valid_utf8(from_table(octets, name.table));
    case CharsetKind::octets:
      return from_octets(octets, name);
    case CharsetKind::utf16:
      return from_wide(octets, name, 2);
    case CharsetKind::utf32:
      return from_wide(octets, name, 4);
    case CharsetKind::iso_2022_jp:
      return from_7_bits(octets, from_iso_2022_jp);
    case CharsetKind::iso_2022_kr:
      return from_7_bits(octets, from_iso_2022_kr);
    case CharsetKind::hz:
      return from_7_bits(octets, from_hz);
  }
  return valid_utf8(octets);
}

}  // namespace coi::mime

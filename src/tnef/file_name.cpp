#include "tnef/file_name.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::tnef {
namespace {

constexpr std::size_t longest_name = 1000;

// Takes one character, and says what it is as far as that matters here: one that is not UTF-8 is as good as any letter.
char32_t take_character(std::string_view& rest, bool is_utf8, CodePage page) {
  constexpr char32_t any_letter = 'x';
  if (is_utf8) return utf8_take(rest);
  const auto octet = rest.front();
  const std::size_t size = is_lead_octet(page, octet) ? 2 : 1;
  rest.remove_prefix(std::min(size, rest.size()));
  return size == 2 || static_cast<std::uint8_t>(octet) >= 0x80 ? any_letter : static_cast<char32_t>(octet);
}

}  // namespace

Piece clean_name(const Piece& name, CodePage page, bool is_subject) {
  const bool is_utf8 = name.charset == "utf-8";
  Piece out{.octets = {}, .charset = name.charset};
  std::string_view rest = name.octets;
  while (!rest.empty()) {
    const auto before = rest;
    const auto character = take_character(rest, is_utf8, page);
    const auto octets = before.substr(0, before.size() - rest.size());
    if (character == '/' || character == '\\') {
      if (is_subject)
        out.octets += '_';
      else
        out.octets.clear();
    } else if (!is_control(character) && !(is_utf8 && is_bidi_control(character))) {
      if (out.octets.size() + octets.size() <= longest_name) out.octets += octets;
    }
  }
  out.octets = ascii_trim(out.octets);
  if (out.octets.find_first_not_of('.') == std::string::npos) out.octets.clear();
  return out;
}

}  // namespace coi::tnef

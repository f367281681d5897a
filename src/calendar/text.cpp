#include "calendar/text.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::calendar {
namespace {

bool is_unseen(char32_t c) {
  return is_bidi_control(c) || c == 0xAD || c == 0x34F || c == 0x200B || c == 0xFEFF || (c >= 0x2060 && c <= 0x206F);
}

template <class Unfit>
std::string cleaned(std::string_view text, std::size_t max, std::string_view kept, Unfit unfit) {
  std::string out;
  while (!text.empty()) {
    auto character = utf8_take(text);
    const bool control = is_control(character) || character == 0x2028 || character == 0x2029;  // lines, paragraphs
    if (control && !(character < 0x80 && kept.contains(static_cast<char>(character)))) {
      if (character == '\r' && text.starts_with('\n')) continue;
      character = ' ';
    } else if (unfit(character)) {
      continue;
    }
    const auto before = out.size();
    utf8_append(out, character);
    if (out.size() > max) {
      out.resize(before);
      break;
    }
  }
  return std::string(ascii_trim(out));
}

}  // namespace

std::string one_line(std::string_view text, std::size_t max) { return cleaned(text, max, "", turns_text); }
std::string several_lines(std::string_view text, std::size_t max) { return cleaned(text, max, "\n\t", turns_text); }
std::string visible_name(std::string_view text) { return cleaned(text, longest_name, "", is_unseen); }

std::string address_of(std::string_view uri) {
  constexpr std::string_view scheme = "mailto:";
  constexpr std::size_t longest = 320;  // RFC 5321, 4.5.3.1: 64 and 255 octets with the @
  uri = ascii_trim(uri);
  std::string address(uri);
  if (ascii_istarts_with(uri, scheme)) {
    uri.remove_prefix(scheme.size());
    address = ascii_undo_percent(ascii_trim(uri.substr(0, uri.find('?'))));
  }
  const auto at = address.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 == address.size() || address.size() > longest) return {};
  for (std::string_view left = address; !left.empty();) {
    const bool well_formed = utf8_sequence(left) > 0;
    const auto character = utf8_take(left);
    constexpr std::string_view unfit = " <>()[],;:\"\\";
    if (!well_formed || is_control(character) || is_unseen(character) || character == 0x2028 || character == 0x2029 ||
        (character < 0x80 && unfit.contains(static_cast<char>(character))))
      return {};
  }
  return address;
}

std::string mailto(std::string_view address) {
  std::string uri = "mailto:";
  for (const char c : address) {
    constexpr std::string_view plain = "-._~!$&'*+=/@";
    if (ascii_alnum(c) || plain.contains(c))
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

std::string https_url(std::string_view text) {
  constexpr std::string_view scheme = "https://";
  constexpr std::size_t longest = 2000;
  text = ascii_trim(text);
  if (!ascii_istarts_with(text, scheme) || text.size() > longest) return {};
  if (!std::ranges::all_of(text,
                           [](char c) { return c > ' ' && c < 0x7F && !std::string_view("\"<>\\^`{|}").contains(c); }))
    return {};
  const auto behind = text.substr(scheme.size());
  const auto host = behind.substr(0, behind.find_first_of("/?#"));
  if (host.empty() || !ascii_alnum(host.front()) || host.contains('@')) return {};
  return std::string(text);
}

}  // namespace coi::calendar

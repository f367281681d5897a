#include "tnef/rtf_token.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace coi::tnef {
namespace {

constexpr std::string_view special = "\\{}\r\n";
constexpr std::size_t longest_word = 32, longest_number = 10;

constexpr bool is_letter(char c) { return ascii_alnum(c) && !ascii_digit(c); }

std::string_view take(std::string_view& rest, std::size_t size) {
  const auto taken = rest.substr(0, size);
  rest.remove_prefix(taken.size());
  return taken;
}

std::size_t count_front(std::string_view text, std::size_t most, bool (*is_one)(char)) {
  text = text.substr(0, most);
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_one) - text.begin());
}

// word = 1*32ALPHA ["-"] *10DIGIT [SP]
RtfToken take_word(std::string_view& rest) {
  RtfToken token{.kind = RtfToken::Kind::word, .text = take(rest, count_front(rest, longest_word, is_letter))};
  const std::size_t sign = rest.starts_with('-') ? 1 : 0;
  const auto digits = count_front(rest.substr(sign), longest_number, ascii_digit);
  if (digits > 0) {
    const auto text = take(rest, sign + digits);
    int number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{}) token.number = number;
  }
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  if (token.text == "bin") take(rest, static_cast<std::size_t>(std::max(token.number.value_or(0), 0)));
  return token;
}

// Behind the backslash.
std::optional<RtfToken> take_escaped(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  if (is_letter(rest.front())) return take_word(rest);
  const auto symbol = take(rest, 1);
  if (symbol == "\r" || symbol == "\n") {
    if (symbol == "\r" && rest.starts_with('\n')) rest.remove_prefix(1);
    return RtfToken{.kind = RtfToken::Kind::word, .text = "par"};
  }
  if (symbol == "'") {
    if (const auto octet = ascii_hex_octet(rest)) {
      rest.remove_prefix(2);
      return RtfToken{.kind = RtfToken::Kind::octet, .octet = *octet};
    }
  }
  return RtfToken{.kind = RtfToken::Kind::symbol, .text = symbol};
}

}  // namespace

std::optional<RtfToken> next_rtf_token(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of("\r\n"), rest.size()));
  if (rest.empty()) return std::nullopt;
  if (const auto text = take(rest, rest.find_first_of(special)); !text.empty()) return RtfToken{.text = text};
  const auto first = take(rest, 1);
  if (first == "{") return RtfToken{.kind = RtfToken::Kind::open};
  if (first == "}") return RtfToken{.kind = RtfToken::Kind::close};
  return take_escaped(rest);
}

}  // namespace coi::tnef

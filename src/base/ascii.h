// Protocol words are ASCII and compare without case, in every locale. Text for people does not belong here.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coi::inline base {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

constexpr bool ascii_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool ascii_alnum(char c) { return ascii_digit(c) || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'); }
// 0 … 15; -1 for what is no hexadecimal digit.
constexpr int ascii_hex_digit(char c) {
  if (ascii_digit(c)) return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
// Of the two hexadecimal digits at the front; nullopt if there are none.
constexpr std::optional<char> ascii_hex_octet(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  const int high = ascii_hex_digit(text[0]), low = ascii_hex_digit(text[1]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}
// With %XX as the octet it stands for (RFC 3986, 2.1); another % stays as it is. What comes out may be no UTF-8.
std::string ascii_undo_percent(std::string_view text);
// All octets below 0x80.
bool is_ascii(std::string_view text);

std::string ascii_lower(std::string_view text);
std::string ascii_upper(std::string_view text);
bool ascii_iequal(std::string_view a, std::string_view b);
bool ascii_istarts_with(std::string_view text, std::string_view prefix);

// Its letters and digits alone, in lower case: names that are written in many ways.
std::string ascii_letters_and_digits(std::string_view text);

// Without SP, HTAB, CR and LF at both ends.
std::string_view ascii_trim(std::string_view text);
// Without SP at both ends, and with one where there are several.
std::string ascii_single_spaced(std::string_view text);
// The pieces between separators, empty ones included; views into `text`.
std::vector<std::string_view> ascii_split(std::string_view text, char separator);

// A whole decimal number without sign, of 32 bits unless told; nullopt for anything else and for what does not fit.
template <std::unsigned_integral Number = std::uint32_t>
std::optional<Number> ascii_number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// For ordered maps and sets of protocol words.
struct AsciiLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

}  // namespace coi::inline base

#include "base/ascii.h"

#include <algorithm>

namespace coi::inline base {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string ascii_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return ascii_lower(c); });
  return lower;
}

std::string ascii_upper(std::string_view text) {
  std::string upper(text);
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; });
  return upper;
}

bool ascii_iequal(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, [](char c) { return ascii_lower(c); }, [](char c) { return ascii_lower(c); });
}

bool ascii_istarts_with(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && ascii_iequal(text.substr(0, prefix.size()), prefix);
}

std::string ascii_letters_and_digits(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (ascii_alnum(c)) out += ascii_lower(c);
  return out;
}

std::string_view ascii_trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

std::vector<std::string_view> ascii_split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const auto end = text.find(separator);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string ascii_undo_percent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = text[i] == '%' ? ascii_hex_octet(text.substr(i + 1)) : std::nullopt;
    out += octet.value_or(text[i]);
    if (octet) i += 2;
  }
  return out;
}

bool AsciiLess::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(
      a, b, {}, [](char c) { return ascii_lower(c); }, [](char c) { return ascii_lower(c); });
}

std::string ascii_single_spaced(std::string_view text) {
  std::string out;
  for (const auto piece : ascii_split(text, ' '))
    if (!piece.empty()) out.append(out.empty() ? "" : " ").append(piece);
  return out;
}

}  // namespace coi::inline base

#include "reply/words.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::reply {
namespace {

constexpr std::string_view full_colon = "\xEF\xBC\x9A";  // U+FF1A

// White space beyond ASCII, and what is not seen: U+00A0, U+034F, U+200B to U+200F, U+202A to U+202F, U+2060, U+2066 to
// U+2069, U+3000, U+FEFF.
bool is_unseen(char32_t c) {
  return c == 0xA0 || c == 0x34F || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202F) || c == 0x2060 ||
         (c >= 0x2066 && c <= 0x2069) || c == 0x3000 || c == 0xFEFF;
}

bool take_unseen_front(std::string_view& text) {
  if ((text.front() & 0x80) == 0) return false;
  auto rest = text;
  if (!is_unseen(utf8_take(rest))) return false;
  text = rest;
  return true;
}

bool take_unseen_back(std::string_view& text) {
  if ((text.back() & 0x80) == 0) return false;
  auto begin = text.size() - 1;
  while (begin > 0 && (text[begin] & 0xC0) == 0x80) --begin;
  auto last = text.substr(begin);
  if (!is_unseen(utf8_take(last)) || !last.empty()) return false;
  text.remove_suffix(text.size() - begin);
  return true;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

constexpr std::string_view months[] = {"apr", "aug", "dec", "feb", "jan", "jul",
                                       "jun", "mar", "may", "nov", "oct", "sep"};

// The English short name of a month at the front of a word.
bool is_month(std::string_view word) {
  if (word.size() < 3) return false;
  const std::array<char, 3> front = {ascii_lower(word[0]), ascii_lower(word[1]), ascii_lower(word[2])};
  return std::ranges::binary_search(months, std::string_view(front.data(), 3));
}

struct Number {
  std::size_t digits = 0;
  unsigned value = 0;
};

Number number_at(std::string_view text, std::size_t at) {
  Number number;
  while (at < text.size() && ascii_digit(text[at]) && number.digits < 9) {
    number.value = number.value * 10 + static_cast<unsigned>(text[at++] - '0');
    ++number.digits;
  }
  return number;
}

bool is_year(Number number) { return number.digits == 4 && number.value >= 1970 && number.value < 2100; }
bool is_day(Number number) { return number.digits <= 2 && number.value >= 1 && number.value <= 31; }

// "4.3.24", "2024-03-04", "2016. 11. 8.": three numbers that one kind of sign parts.
bool is_numeric_date(std::string_view text, std::size_t at) {
  std::array<Number, 3> found;
  char sign = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    found[i] = number_at(text, at);
    if (found[i].digits == 0) return false;
    at += found[i].digits;
    if (i == 2) break;
    if (at >= text.size() || !std::string_view("./-").contains(text[at]) || (sign != 0 && text[at] != sign))
      return false;
    sign = text[at++];
    if (at < text.size() && text[at] == ' ' && sign == '.') ++at;
  }
  if (is_year(found[0])) return is_day(found[1]) && is_day(found[2]);
  return is_day(found[0]) && is_day(found[1]) && (is_year(found[2]) || found[2].digits == 2);
}

// A number that stands on its own, not within a word, a price or an address.
bool stands_alone(std::string_view text, std::size_t at, std::size_t digits) {
  const auto is_part = [](char c) {
    return ascii_alnum(c) || c == '@' || c == '_' || c == '$' || c == '%' || c == '#';
  };
  if (at > 0 && is_part(text[at - 1])) return false;
  const auto behind = at + digits;
  return behind >= text.size() || !(text[behind] == '@' || text[behind] == '%' || text[behind] == '_');
}

}  // namespace

std::string_view bare(std::string_view text) {
  while (!text.empty()) {
    if (is_space(text.front()))
      text.remove_prefix(1);
    else if (!take_unseen_front(text))
      break;
  }
  while (!text.empty()) {
    if (is_space(text.back()))
      text.remove_suffix(1);
    else if (!take_unseen_back(text))
      break;
  }
  return text;
}

std::string_view unmarked(std::string_view text) {
  text = bare(text);
  while (!text.empty() && (text.front() == '*' || text.front() == '_')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '*' || text.back() == '_')) text.remove_suffix(1);
  return bare(text);
}

std::size_t behind_colon(std::string_view line, std::string_view& before, std::size_t most) {
  const auto front = line.substr(0, most);
  const auto colon = front.find(':'), full = front.find(full_colon);
  const auto at = std::min(colon, full);
  if (at == std::string_view::npos) return at;
  before = unmarked(line.substr(0, at));
  return at + (at == colon ? 1 : full_colon.size());
}

bool ends_with_colon(std::string_view line) { return line.ends_with(':') || line.ends_with(full_colon); }

std::vector<std::string_view> words_of(std::string_view text, std::size_t most) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size() && words.size() < most;) {
    while (at < text.size() && is_space(text[at])) ++at;
    const auto begin = at;
    while (at < text.size() && !is_space(text[at])) ++at;
    if (at > begin) words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

bool is_one_of(std::string_view text, std::span<const std::string_view> known) {
  return std::ranges::any_of(
      known, [&](std::string_view one) { return one.size() == text.size() && ascii_iequal(one, text); });
}

std::string in_small_letters(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto c = utf8_take(text);
    const bool latin = (c >= 0xC0 && c <= 0xDE && c != 0xD7), greek = c >= 0x391 && c <= 0x3A9,
               cyrillic = c >= 0x410 && c <= 0x42F;
    if ((c >= 'A' && c <= 'Z') || latin || greek || cyrillic) c += 0x20;
    if (c >= 0x400 && c <= 0x40F) c += 0x50;  // Ѐ to Џ
    utf8_append(out, c);
  }
  return out;
}

bool has_address(std::string_view text) {
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1))
    if (at > 0 && at + 1 < text.size() && ascii_alnum(text[at + 1]) &&
        (ascii_alnum(text[at - 1]) || (text[at - 1] & 0x80) != 0))
      return true;
  return false;
}

bool has_date(std::string_view text) {
  if (std::ranges::none_of(text, ascii_digit)) return false;
  bool year = false, day = false;
  for (std::size_t at = 0; at < text.size();) {
    if (!ascii_digit(text[at])) {
      // "Dec 9", "December 9th"
      if ((at == 0 || !ascii_alnum(text[at - 1])) && is_month(text.substr(at))) {
        const auto space = text.find_first_of(" \t", at);
        if (space != std::string_view::npos && space - at <= 9 && is_day(number_at(text, space + 1)) &&
            number_at(text, space + 1).digits > 0)
          return true;
      }
      ++at;
      continue;
    }
    if ((at == 0 || !ascii_digit(text[at - 1])) && is_numeric_date(text, at)) return true;
    const auto number = number_at(text, at);
    if (stands_alone(text, at, number.digits)) {
      const bool time =
          (at > 0 && text[at - 1] == ':') || (at + number.digits < text.size() && text[at + number.digits] == ':');
      year = year || (is_year(number) && !time);
      day = day || (is_day(number) && !time);
    }
    at += number.digits;
  }
  return year && day;
}

bool has_time(std::string_view text) {
  for (std::size_t at = 0; at + 3 < text.size(); ++at) {
    if (!ascii_digit(text[at]) || (at > 0 && (ascii_digit(text[at - 1]) || text[at - 1] == '.' || text[at - 1] == ':')))
      continue;
    const auto hour = number_at(text, at);
    const auto sign = at + hour.digits;
    if (hour.digits > 2 || hour.value > 24 || sign + 2 >= text.size()) continue;
    if (text[sign] != ':' && text[sign] != '.' && text[sign] != 'h') continue;
    const auto minute = number_at(text, sign + 1);
    const auto behind = sign + 1 + minute.digits;
    if (minute.digits == 2 && minute.value < 60 && (behind == text.size() || text[behind] != '.')) return true;
  }
  return false;
}

bool is_rule(std::string_view line, std::size_t least, std::string_view of) {
  line = bare(line);
  return line.size() >= least && !line.empty() && of.contains(line.front()) &&
         line.find_first_not_of(line.front()) == std::string_view::npos;
}

}  // namespace coi::reply

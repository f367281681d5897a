#include "mime/text.h"

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "base/ascii.h"
#include "mime/blank.h"

namespace coi::mime {
namespace {

using Lines = std::span<const std::string_view>;

constexpr std::string_view escaped_dashes = "-\xE2\x80\x8B-";  // with U+200B between

bool is_quoted(std::string_view line) { return line.starts_with('>'); }
bool has_digit(std::string_view line) { return std::ranges::any_of(line, ascii_digit); }

// A year or a time of day: four digits together, or "5:04", "05.04".
bool has_date(std::string_view line) {
  std::size_t digits = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    digits = ascii_digit(line[i]) ? digits + 1 : 0;
    if (digits == 4) return true;
    if (digits > 0 && i + 3 < line.size() && (line[i + 1] == ':' || line[i + 1] == '.') && ascii_digit(line[i + 2]) &&
        ascii_digit(line[i + 3]))
      return true;
  }
  return false;
}

Lines without_blank_ends(Lines lines) {
  while (!lines.empty() && is_blank(lines.front())) lines = lines.subspan(1);
  while (!lines.empty() && is_blank(lines.back())) lines = lines.first(lines.size() - 1);
  return lines;
}

std::string join(Lines lines) {
  std::string out;
  for (const auto line : without_blank_ends(lines)) {
    if (!out.empty()) out += '\n';
    out += line;
  }
  return out;
}

// Without one level of "> ".
std::string join_unquoted(Lines lines) {
  std::vector<std::string_view> plain(lines.begin(), lines.end());
  for (auto& line : plain) {
    if (is_quoted(line)) line.remove_prefix(1);
    if (line.starts_with(' ')) line.remove_prefix(1);
  }
  return join(plain);
}

// D-16. Some servers turn "-- " into "--  ", some drop the space; without it the line counts only with a blank line
// before and a short text behind.
std::optional<std::size_t> find_signature(Lines lines) {
  constexpr std::size_t short_text = 8;  // lines
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i] == "-- " || lines[i] == "--  ") return i;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    if (lines[i] == "--" && (i == 0 || is_blank(lines[i - 1])) && !is_blank(lines[i + 1]) &&
        lines.size() - i - 1 <= short_text)
      return i;
  return std::nullopt;
}

// "On …, Bob <bob@example.org> wrote:" in any language: the lines right above a quote of which the last ends in a
// colon. It may be wrapped: without a date in it, the line above belongs to it if that has a date or an address.
// Gives the first line.
std::optional<std::size_t> find_attribution(Lines lines, std::size_t quote) {
  auto last = quote;
  while (last > 0 && quote - last < 2 && is_blank(lines[last - 1])) --last;
  if (last == 0) return std::nullopt;
  const auto ending = ascii_trim(lines[--last]);
  if (!ending.ends_with(':') && !ending.ends_with("\xEF\xBC\x9A")) return std::nullopt;  // U+FF1A, fullwidth
  auto begin = last;
  while (last - begin < 3 && begin > 0 && !has_date(lines[begin])) {
    const auto above = lines[begin - 1];
    if (is_quoted(above) || (!has_date(above) && above.find('@') == std::string_view::npos)) break;
    --begin;
  }
  return begin;
}

// "-----Original Message-----", "-------- Ursprüngliche Nachricht --------": dashes on both sides of a few words.
bool is_message_rule(std::string_view line) {
  line = ascii_trim(line);
  const auto left = std::min(line.find_first_not_of('-'), line.size());
  if (left < 4 || left == line.size()) return false;
  const auto right = line.size() - 1 - line.find_last_not_of('-');
  const auto words = line.substr(left, line.size() - left - right);
  return right >= 4 && words.size() < 60 && words.find("--") == std::string_view::npos && !has_digit(words);
}

// "________________________________" of Outlook on the web
bool is_line_of_underscores(std::string_view line) {
  line = ascii_trim(line);
  return line.size() >= 20 && line.find_first_not_of('_') == std::string_view::npos;
}

// "From: Bob", "*Von:* Bob", "Gesendet: Dienstag": up to three words, a colon, a value.
bool is_copied_field(std::string_view line) {
  line = ascii_trim(line);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 30 || colon + 1 == line.size()) return false;
  const auto name = line.substr(0, colon);
  return std::ranges::count(name, ' ') <= 2 && !has_digit(name) && (line[colon + 1] == ' ' || line[colon + 1] == '*');
}

// "From:" as mail programs translate it. Without it, four lines "Date: …", "Price: …" of a shop would be a header.
bool is_from_field(std::string_view line) {
  constexpr std::string_view names[] = {"From", "Von",    "De",        "Da",     "Van",      "Fra",
                                        "Från", "Od",     "Lähettäjä", "Kimden", "От",       "Від",
                                        "από",  "发件人", "寄件者",    "差出人", "보낸 사람"};
  line = ascii_trim(line);
  while (line.starts_with('*')) line.remove_prefix(1);
  auto name = line.substr(0, line.find(':'));
  while (name.ends_with('*') || name.ends_with(' ')) name.remove_suffix(1);
  return std::ranges::any_of(names, [&](std::string_view known) { return ascii_iequal(known, name); });
}

// The header that Outlook copies above the old mail: "From" and at least two more fields, with a time among them.
bool is_copied_header(Lines lines) {
  if (!is_from_field(lines.front())) return false;
  std::size_t fields = 0;
  bool time = false;
  for (; fields < lines.size() && fields < 8 && is_copied_field(lines[fields]); ++fields)
    time = time || has_digit(lines[fields]);
  return fields >= 3 && time;
}

// "---------- Forwarded message ---------" in the languages of the common programs.
bool is_forward_rule(std::string_view line) {
  constexpr std::string_view stems[] = {"orward",     "eitergeleitet", "ransfér",   "eenvia", "ncaminha", "noltrat",
                                        "oorgestuur", "idarebefordr",  "ideresend", "пересл", "ересыл",   "rzekazan",
                                        "rzesłan",    "转发",          "轉寄",      "転送",   "전달"};
  return is_message_rule(line) &&
         std::ranges::any_of(stems, [&](std::string_view stem) { return line.find(stem) != std::string_view::npos; });
}

// Where the copy of the old mail begins, if it is not marked by ">". What is forwarded is meant to be read.
std::optional<std::size_t> find_copied_mail(Lines lines) {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (is_forward_rule(lines[i])) return std::nullopt;
    const bool after_gap = i == 0 || is_blank(lines[i - 1]);
    auto below = i + 1;
    while (below < lines.size() && below < i + 3 && is_blank(lines[below])) ++below;
    const bool ruled = is_message_rule(lines[i]) || is_line_of_underscores(lines[i]);
    if (ruled && below < lines.size() && is_copied_field(lines[below])) return i;
    if (after_gap && is_copied_header(lines.subspan(i))) return i;
  }
  return std::nullopt;
}

// Takes the quote off the end of `lines` and puts it into `split`.
bool take_bottom_quote(Lines& lines, SplitText& split) {
  if (const auto copy = find_copied_mail(lines)) {
    split.quote = join(lines.subspan(*copy));
    lines = lines.first(*copy);
    return true;
  }
  lines = without_blank_ends(lines);
  auto begin = lines.size();
  while (begin > 0 && (is_quoted(lines[begin - 1]) || is_blank(lines[begin - 1]))) --begin;
  while (begin < lines.size() && is_blank(lines[begin])) ++begin;
  if (begin == lines.size()) return false;
  split.quote = join_unquoted(lines.subspan(begin));
  lines = lines.first(find_attribution(lines, begin).value_or(begin));
  return true;
}

// D-15: "> " lines at the very start, then a blank line or other text.
void take_top_quote(Lines& lines, SplitText& split) {
  std::size_t end = 0;
  while (end < lines.size() && is_quoted(lines[end])) ++end;
  if (end == 0) return;
  split.quote = join_unquoted(lines.first(end));
  lines = lines.subspan(end);
}

// The same in mail, with the attribution above and the answer below. Answers between quotes are left as they are.
void take_leading_quote(Lines& lines, SplitText& split) {
  Lines rest = without_blank_ends(lines);
  const auto begin = static_cast<std::size_t>(std::ranges::find_if(rest, is_quoted) - rest.begin());
  if (begin == rest.size() || (begin > 0 && find_attribution(rest, begin) != 0)) return;
  rest = rest.subspan(begin);
  const auto end = static_cast<std::size_t>(std::ranges::find_if_not(rest, is_quoted) - rest.begin());
  if (std::ranges::any_of(rest.subspan(end), is_quoted)) return;
  take_top_quote(rest, split);
  lines = rest;
}

bool take_signature(Lines& lines, SplitText& split) {
  const auto at = find_signature(lines);
  if (!at) return false;
  split.signature = join(lines.subspan(*at + 1));
  lines = lines.first(*at);
  return true;
}

// A signature stands under the own text, so before the quote or behind it, according to where one answers.
void take_mail_apart(Lines& lines, SplitText& split) {
  const bool quote_last = take_bottom_quote(lines, split);
  const bool signature = take_signature(lines, split);
  const bool quoted = quote_last || (signature && take_bottom_quote(lines, split));
  if (!quoted) take_leading_quote(lines, split);
}

std::string unescape_footer(std::string_view text) {
  std::string out;
  for (auto line : ascii_split(text, '\n')) {
    if (line.data() != text.data()) out += '\n';
    if (line.starts_with(escaped_dashes)) {
      out += '-';
      line.remove_prefix(escaped_dashes.size() - 1);
    }
    out += line;
  }
  return out;
}

}  // namespace

SplitText split_text(std::string_view text, Origin origin) {
  const auto all = ascii_split(text, '\n');
  Lines lines = all;
  SplitText split;
  if (origin == Origin::chat) {
    // Text of one's own that begins with ">" has a blank line before it; so the first line must be the quote.
    take_top_quote(lines, split);
    take_signature(lines, split);
  } else {
    take_mail_apart(lines, split);
  }
  split.shown = unescape_footer(join(lines));
  if (origin == Origin::mail && split.shown.empty() && !split.quote.empty()) {
    lines = all;
    split = {};
    take_signature(lines, split);
    split.shown = unescape_footer(join(lines));
    if (split.shown.empty()) return {.shown = join(all)};
  }
  return split;
}

std::string escape_footer(std::string_view text) {
  std::string out;
  for (auto line : ascii_split(text, '\n')) {
    if (line.data() != text.data()) out += '\n';
    if (line.starts_with("-- ") || line == "--") {
      out += escaped_dashes;
      line.remove_prefix(2);
    }
    out += line;
  }
  return out;
}

}  // namespace coi::mime

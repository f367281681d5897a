#include "reply/copied_header.h"

#include <algorithm>

#include "base/ascii.h"
#include "reply/languages.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

constexpr std::size_t longest_name = 48;       // octets, in front of the colon
constexpr std::size_t most_header_lines = 60;  // of a header, whose list of recipients may be long
constexpr std::size_t most_strange = 3;        // fields that nobody knows

struct Entry {
  FieldName name;
  std::string_view value;
};

// "Name: value"; `strange` fields have up to three words in front of the colon.
std::optional<Entry> entry_of(std::string_view line, bool& strange) {
  std::string_view name;
  const auto value = behind_colon(line, name, longest_name);
  if (value == std::string_view::npos || name.empty() || std::ranges::count(name, ' ') > 3 ||
      std::ranges::any_of(name, ascii_digit))
    return std::nullopt;
  Entry entry{field_of(name), unmarked(line.substr(value))};
  strange = entry.name.field == Field::none;
  if (strange && (std::ranges::count(name, ' ') > 2 || name.contains('@') || line.substr(value).starts_with("//")))
    return std::nullopt;
  return entry;
}

class Header {
 public:
  void add(const Entry& entry) {
    const auto has_at = entry.value.contains('@');
    address_ = address_ || has_at;
    ++fields_;
    day_ = day_ || has_date(entry.value);
    switch (entry.name.field) {
      case Field::from:
        from_ |= entry.name.languages;
        break;
      case Field::sent:
        if (entry.value.find_first_of("0123456789") != std::string_view::npos) sent_ |= entry.name.languages;
        break;
      case Field::to:
        to_ |= entry.name.languages;
        break;
      case Field::subject:
        subject_ |= entry.name.languages;
        break;
      default:
        break;
    }
  }
  bool is_known() const {
    const auto both = from_ & sent_;
    return (both & subject_) != 0 || ((both & to_) != 0 && address_);
  }
  bool may_be_of_a_strange_language() const { return fields_ >= 3 && day_ && address_; }
  bool has_begun() const { return fields_ > 0; }

 private:
  std::uint64_t from_ = 0, sent_ = 0, to_ = 0, subject_ = 0;  // languages in which that field was seen
  std::size_t fields_ = 0;
  bool address_ = false, day_ = false;
};

// The value of the field above goes on in this line.
bool continues(std::string_view above, std::string_view line) {
  return above.ends_with(',') || above.ends_with(';') || ends_with_colon(above) || line.starts_with('<') ||
         (line.contains('@') && !ends_with_colon(line) && words_of(line, 12).size() < 12) ||
         (above.rfind('<') != std::string_view::npos && above.find('>', above.rfind('<')) == std::string_view::npos);
}

// A program drew a rule above, or marks what follows as the answered mail.
bool is_announced(Lines lines, std::size_t at) {
  auto above = at;
  while (above > 0 && lines[above - 1].blank()) --above;
  if (lines[at].container > 0) return above == 0 || lines[above - 1].container != lines[at].container;
  if (lines[at].said == Said::below_rule) return true;
  return above > 0 && (lines[above - 1].said == Said::rule || is_rule(lines[above - 1].text, 20, "_"));
}

}  // namespace

std::optional<std::size_t> copied_header(Lines lines, std::size_t at) {
  bool strange = false;
  const auto first = entry_of(lines[at].text, strange);
  if (!first || (strange && !is_announced(lines, at))) return std::nullopt;
  Header header;
  std::size_t strangers = 0;
  auto end = at;
  auto known_until = at;
  for (auto i = at; i < lines.size() && i < at + most_header_lines && lines[i].depth == lines[at].depth; ++i) {
    const auto& line = lines[i];
    if (line.blank()) {
      // Some programs part the fields by blank lines.
      const auto next = next_written(lines, i);
      if (header.is_known() || next >= lines.size() || next > i + 2) break;
      const auto below = entry_of(lines[next].text, strange);
      if (!below || strange) break;
      continue;
    }
    if (const auto entry = entry_of(line.text, strange); entry && (!strange || ++strangers <= most_strange)) {
      header.add(*entry);
      if (!strange) known_until = i + 1;
      end = i + 1;
    } else if (header.has_begun() && continues(lines[i - 1].text, line.text)) {
      end = known_until = i + 1;
    } else if (i > at && !header.is_known() && i + 1 < lines.size() && entry_of(lines[i + 1].text, strange) &&
               !strange) {
      end = i + 1;  // one line of a long subject
    } else {
      break;
    }
  }
  // What looks like a field behind the last that is known may be the text.
  if (header.is_known()) return known_until;
  if (is_announced(lines, at) && header.may_be_of_a_strange_language()) return end;
  return std::nullopt;
}

Rule rule_of(const Seen& line) {
  constexpr std::string_view ends = "-_=*~", david = "Original";
  const auto text = line.text;
  if (line.said == Said::rule) return Rule::line;
  if (text.empty() || text.size() > 160) return is_rule(text, 3) ? Rule::line : Rule::none;
  // Nearly all lines are none.
  const bool may_be_rule = ends.contains(text.front()) || text.front() == '#';
  if (!may_be_rule && !ends_with_colon(text) && !text.starts_with(david)) return Rule::none;
  if (may_be_rule && is_rule(text, 3)) return Rule::line;
  const auto left = std::min(text.find_first_not_of(ends), text.size());
  if (left == text.size()) return Rule::none;
  const auto right = text.size() - 1 - text.find_last_not_of(ends);
  auto words = unmarked(text.substr(left, text.size() - left - right));
  const bool ruled = left >= 3 && right >= 3;
  const bool colon = ends_with_colon(words);
  if (colon) words = bare(words.substr(0, words.size() - (words.ends_with(':') ? 1 : 3)));
  if ((ruled || colon) && is_forwarded_message(words)) return Rule::forward;
  if (ruled && is_original_message(words)) return Rule::original;
  if (words.starts_with("Original Message processed by david") ||
      words.starts_with("Originalnachricht verarbeitet von david"))
    return Rule::original;
  return Rule::none;
}

}  // namespace coi::reply

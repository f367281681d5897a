#include "reply/attribution.h"

#include <algorithm>
#include <string>

#include "base/ascii.h"
#include "reply/languages.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

constexpr std::size_t most_attribution_lines = 4;
constexpr std::size_t longest_attribution = 400;  // octets, of all its lines

// What may stand around it: "---- On … wrote ----", "- Le … a écrit :", bold type.
std::string_view without_ends(std::string_view text) {
  constexpr std::string_view ends = "-*_ ";
  const auto first = text.find_first_not_of(ends);
  if (first == std::string_view::npos) return {};
  return bare(text.substr(first, text.find_last_not_of(ends) - first + 1));
}

std::string_view without_colon(std::string_view text) {
  if (text.ends_with(':')) text.remove_suffix(1);
  if (text.ends_with("\xEF\xBC\x9A")) text.remove_suffix(3);
  return bare(text);
}

// "Al Miller wrote": no word in front of the verb is one of a sentence.
bool is_name_and_verb(const std::vector<std::string_view>& words) {
  constexpr std::string_view particles[] = {"von", "van", "de",  "la", "der", "den", "di",
                                            "da",  "du",  "del", "a",  "ha",  "you"};
  if (words.size() < 2 || words.size() > 6) return false;
  return std::all_of(words.begin(), words.end() - 1, [&](std::string_view word) {
    return !(word.front() >= 'a' && word.front() <= 'z') || is_one_of(word, particles);
  });
}

struct Facts {
  bool colon = false, date = false, time = false, address = false, final_verb = false, verb = false, begins = false;
  bool digit_first = false, angle_last = false, named = false;
  std::size_t words = 0;
};

Facts facts_of(std::string_view text) {
  text = without_ends(text);
  const auto said = without_colon(text);
  Facts facts;
  facts.colon = said.size() < text.size();
  facts.date = has_date(said);
  facts.address = has_address(said) || said.contains("&lt;");
  facts.final_verb = ends_with_verb(said);
  if (!facts.date && !facts.address && !facts.final_verb) return facts;
  const auto words = words_of(said, 40);
  facts.verb = facts.final_verb || has_verb(said);
  facts.time = has_time(said);
  facts.words = words.size();
  facts.digit_first = !said.empty() && ascii_digit(said.front());
  facts.angle_last = said.ends_with('>');
  facts.named = facts.final_verb && is_name_and_verb(words);
  facts.begins = !words.empty() && (ascii_digit(words.front().front()) || begins_attribution(words.front()) ||
                                    said.starts_with("\xE5\x9C\xA8") || said.starts_with('"'));  // 在
  return facts;
}

enum class Below { marked, unmarked, container };

// Of one line that stands between blank ones, the day and "wrote" are enough without a time.
bool is_attribution(const Facts& facts, Below below, bool alone) {
  if (!facts.colon && !(facts.final_verb && facts.date)) return false;
  if (below == Below::container) return facts.date || facts.address || facts.verb;
  if (below == Below::marked)
    return (facts.date && (facts.address || facts.verb || (facts.time && facts.digit_first))) ||
           (facts.address && (facts.final_verb || (facts.angle_last && (facts.verb || facts.words <= 4)))) ||
           facts.named;
  if (facts.words > 24) return false;
  if (facts.address && facts.final_verb) return facts.date || facts.words <= 8;
  if (facts.address && facts.verb) return facts.date;
  if (!facts.date || !facts.begins) return false;
  return facts.time ? facts.verb || facts.address : facts.final_verb && alone && facts.words <= 10;
}

// What a program marks as the answered mail begins with line `begin`.
bool begins_container(Lines lines, std::size_t begin) {
  if (lines[begin].said == Said::attribution) return true;
  if (lines[begin].container == 0) return false;
  auto above = begin;
  while (above > 0 && lines[above - 1].blank()) --above;
  return above == 0 || lines[above - 1].container != lines[begin].container;
}

Below below_of(Lines lines, std::size_t begin, std::size_t last) {
  if (begins_container(lines, begin)) return Below::container;
  const auto next = next_written(lines, last + 1);
  return next < lines.size() && lines[next].depth > lines[last].depth ? Below::marked : Below::unmarked;
}

// Cheap, and false for nearly all lines.
bool may_end(std::string_view text) {
  if (ends_with_colon(text)) return true;
  if (text.ends_with('-') || text.ends_with('*'))
    return ends_with_verb(without_ends(text)) || ends_with_colon(without_ends(text));
  return text.size() > 12 && ends_with_verb(text) && text.find_first_of("0123456789@") != std::string_view::npos;
}

}  // namespace

std::optional<std::size_t> attribution_ending(Lines lines, std::size_t last) {
  if (!may_end(lines[last].text)) return std::nullopt;
  std::optional<std::size_t> without_day;
  std::string text;
  for (std::size_t begin = last; last - begin < most_attribution_lines; --begin) {
    if (lines[begin].blank() || lines[begin].depth != lines[last].depth) break;
    if (begin < last && ends_with_colon(lines[begin].text)) break;
    text = std::string(lines[begin].text) + (text.empty() ? "" : " ") + text;
    if (text.size() > longest_attribution) break;
    const bool alone = begin == last && (begin == 0 || lines[begin - 1].blank()) &&
                       (last + 1 == lines.size() || lines[last + 1].blank());
    const auto facts = facts_of(text);
    if (is_attribution(facts, below_of(lines, begin, last), alone)) {
      // More than one line only if the first of them looks like a beginning: the line above may be the author's.
      if (facts.date && (begin == last || facts.begins)) return begin;
      const bool wrapped = begin == last || words_of(lines[last].text, 4).size() <= 3;
      if (!facts.date && !without_day && wrapped) without_day = begin;
    }
    if (begin == 0) break;
  }
  return without_day;
}

}  // namespace coi::reply

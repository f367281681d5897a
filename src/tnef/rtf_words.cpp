#include "tnef/rtf_words.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"

namespace coi::tnef {
namespace {

struct Meaning {
  std::string_view word, text, html;
};
// Sorted by `word`.
constexpr Meaning meanings[] = {
    {"_", "-", "&shy;"},        {"bullet", "•", "&bull;"},     {"cell", "\t", ""},
    {"emdash", "—", "&mdash;"}, {"emspace", " ", "&emsp;"},    {"endash", "–", "&ndash;"},
    {"enspace", " ", "&ensp;"}, {"ldblquote", "“", "&ldquo;"}, {"line", "\n", "\n"},
    {"lquote", "‘", "&lsquo;"}, {"nestcell", "\t", ""},        {"nestrow", "\n", ""},
    {"page", "\n", ""},         {"par", "\n", "\n"},           {"rdblquote", "”", "&rdquo;"},
    {"row", "\n", ""},          {"rquote", "’", "&rsquo;"},    {"sect", "\n", ""},
    {"tab", "\t", "\t"},        {"~", "\u00A0", "&nbsp;"}};
static_assert(std::ranges::is_sorted(meanings, {}, &Meaning::word));

// Sorted.
constexpr std::string_view passed_over[] = {"annotation", "bkmkend", "bkmkstart",  "colortbl", "filetbl", "footer",
                                            "footerf",    "footerl", "footerr",    "header",   "headerf", "headerl",
                                            "headerr",    "info",    "nonshppict", "objdata",  "pict",    "private",
                                            "revtbl",     "rxe",     "stylesheet", "tc",       "txe",     "xe"};
static_assert(std::ranges::is_sorted(passed_over));

}  // namespace

std::string_view text_of_word(std::string_view word, bool as_html) {
  const auto* found = std::ranges::lower_bound(meanings, word, {}, &Meaning::word);
  if (found == std::end(meanings) || found->word != word) return {};
  return as_html ? found->html : found->text;
}

bool is_passed_over(std::string_view word) { return std::ranges::binary_search(passed_over, word); }

// HYPERLINK ["] target ["] *switch
std::string link_target(std::string_view instruction) {
  constexpr std::string_view link = "HYPERLINK";
  instruction = ascii_trim(instruction);
  if (!ascii_istarts_with(instruction, link)) return {};
  instruction = ascii_trim(instruction.substr(link.size()));
  std::string_view target;
  if (instruction.starts_with('"')) {
    instruction.remove_prefix(1);
    target = instruction.substr(0, instruction.find('"'));
  } else if (!instruction.starts_with('\\')) {
    target = instruction.substr(0, instruction.find(' '));
  }
  if (std::ranges::any_of(target, [](char c) { return c <= ' ' || c > '~' || c == '<' || c == '>'; })) return {};
  return std::string(target);
}

bool says_target(std::string_view text, std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://", "mailto:"})
    if (ascii_istarts_with(target, scheme)) {
      target.remove_prefix(scheme.size());
      break;
    }
  if (target.ends_with('/')) target.remove_suffix(1);
  return text.find(target) != std::string_view::npos;
}

}  // namespace coi::tnef

// Formatted text as people type it (P-08): a subset of Markdown that leaves everything else alone. Pure.
//
// What counts as markup:
// - **bold**, *italic* or _italic_, ~~strike~~, `code`, ||spoiler||, [text](https://…) with http, https or mailto. A
//   mark opens before and closes behind a character that is no space. On its outer side stands no letter or digit
//   (2*3*4, snake_case, a||b), except of scripts that write no spaces between words. It ends in the same paragraph or
//   item. Longer runs of marks (****, __x__) are text; so are marks in a URL.
// - lines between ``` and ```, the first with the name of a language if need be;
// - two or more list items on lines that follow each other, `- ` or `* ` or `1. ` or `1) ` and a word, items within
//   items by two spaces more; what is indented below an item belongs to it. One such line alone is text;
// - lines that begin with `> ` and a word.
// Headings, tables, rules, HTML, entities, pictures and references are text. Line ends are kept.
// A backslash before one of * _ ~ ` | [ ] makes that text, and two backslashes before it one; elsewhere (\\host\dir)
// it is itself. Where nothing counts as markup, escapes do not either: such a text is taken octet for octet.
//
// All functions take any octets and are total; time grows with the length. A text longer than Limits::text has no
// markup, nor has a paragraph beyond 16 kB marks within its lines, nor one in which a long link has very many runs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "html/html.h"

namespace coi::chat {

struct Style {
  bool bold = false, italic = false, strike = false, code = false, spoiler = false;
  friend bool operator==(const Style&, const Style&) = default;
};

struct TextRun {
  std::string text;  // may hold "\n": a line end
  Style style = {};
  // http, https or mailto; "": none. The text may name another host: html::unsaid_target() (html/link_text.h) of the
  // text of all runs with this link is what has to be shown beside it.
  std::string link = {};
  // What is to be shown behind the link: set by say_targets() alone.
  std::string leads_to = {};
  bool mention = false;  // the text is "@Name", and the link the person's (chat/mention.h), "" for @all
  friend bool operator==(const TextRun&, const TextRun&) = default;
};

enum class BlockKind : std::uint8_t { paragraph, code, bullet, numbered };

// What front ends show, one below the other; flat, so that nobody has to follow how deep a stranger nests.
struct Block {
  BlockKind kind = BlockKind::paragraph;
  std::size_t quote = 0;  // how often quoted; at most 8
  std::size_t level = 0;  // of list items: 1 … 4, each at most one deeper than the item before
  bool first = false;     // the item begins a list
  std::uint32_t number = 0;
  std::string language;  // of code, "" if not said
  std::vector<TextRun> runs;
  friend bool operator==(const Block&, const Block&) = default;
};

std::vector<Block> blocks(std::string_view markdown);

// Sets `leads_to` of the last run of each link whose text names another host than the one it leads to
// (html::unsaid_target).
void say_targets(std::vector<Block>& blocks);

// Whether anything counts as markup. If not, the text goes as it is, in one text/plain (P-08). Mentions are none.
bool has_markup(std::string_view markdown);

// The text without its marks (P-09): links as "text (https://…)", items with "- " or their number, quotes with "> ",
// mentions in the form that find_mentions() reads. Lines and white space as typed. Without markup: the same octets.
std::string plain_text(std::string_view markdown);

// What stands in the body of the HTML form (P-09): p, strong, em, s, code, pre, blockquote, ul, ol, li, a, br, and
// <span class="spoiler">, mentions as mention_html(). It runs and loads nothing.
std::string to_html(std::string_view markdown);

// Markdown that to_html() makes this tree of, or nullopt if there is none: only what a program like ours wrote is read,
// and it is for mails with Chat-Version alone (P-07). `document`: html::parse() of it.
std::optional<std::string> markdown_from_html(const html::Node& document);

}  // namespace coi::chat

#include "reply/seen.h"

#include <algorithm>

#include "base/ascii.h"
#include "reply/words.h"

namespace coi::reply {
namespace {

// Takes the marks off the front: ">", "> >", ">>", one space behind the last.
unsigned take_marks(std::string_view& text) {
  unsigned depth = 0;
  while (text.starts_with('>')) {
    ++depth;
    text.remove_prefix(1);
    if (text.starts_with(" >")) text.remove_prefix(1);
  }
  if (depth > 0 && text.starts_with(' ')) text.remove_prefix(1);
  return depth;
}

// "… Bob <bob@example.org" and in the next line ">:" or "> wrote:", which is no mark.
bool closes_address(std::string_view above, std::string_view line) {
  const auto open = above.rfind('<');
  return open != std::string_view::npos && above.find('>', open) == std::string_view::npos && line.starts_with('>') &&
         line.size() <= 24 && ends_with_colon(bare(line));
}

// Faces (">:(", ">.<"), and what mbox writers put before "From " (RFC 4155).
bool may_be_typed(std::string_view text) {
  const auto word = text.substr(0, text.find(' '));
  return text.starts_with(">From ") ||
         (word.size() >= 2 && word.size() <= 4 && word[1] != '>' && !ascii_alnum(word[1]) && (word[1] & 0x80) == 0);
}

// A mark for sure, without a space behind it.
bool is_tight(std::span<const Line> lines, std::size_t at) {
  if (at >= lines.size() || may_be_typed(lines[at].text)) return false;
  const auto text = lines[at].text;
  return text.size() >= 2 && text.front() == '>' && text[1] != ' ' && text[1] != '>';
}

// What may be typed is a mark only beside others that are written in the same way.
bool is_marked(std::span<const Line> lines, std::size_t at) {
  const auto text = lines[at].text;
  if (!text.starts_with('>') || (at > 0 && closes_address(lines[at - 1].text, text))) return false;
  return !may_be_typed(text) || is_tight(lines, at + 1) || (at > 0 && is_tight(lines, at - 1));
}

}  // namespace

std::vector<Seen> seen(std::span<const Line> lines) {
  std::vector<Seen> out;
  out.reserve(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    Seen one{.kept = line.text,
             .depth = line.depth,
             .container = line.container,
             .cited = line.cited || line.depth == 0,
             .said = line.said};
    if (is_marked(lines, i)) {
      one.depth += take_marks(one.kept);
      one.cited = true;
    }
    one.text = bare(one.kept);
    out.push_back(one);
  }
  return out;
}

std::size_t next_written(Lines lines, std::size_t at) {
  while (at < lines.size() && lines[at].blank() && lines[at].depth == 0) ++at;
  return at;
}

}  // namespace coi::reply

#include "mime/flowed.h"

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_flowed_line = 78;  // characters, RFC 3676, 4.2
constexpr std::string_view signature_separator = "-- ";

// quoted = 1*">" [SP] text
struct Line {
  std::size_t depth = 0;
  std::string_view text;
};

std::size_t count_quotes(std::string_view line) { return std::min(line.find_first_not_of('>'), line.size()); }

Line unstuffed(std::string_view line) {
  const auto depth = count_quotes(line);
  line.remove_prefix(depth);
  if (line.starts_with(' ')) line.remove_prefix(1);
  return {depth, line};
}

std::string quote_prefix(std::size_t depth) { return depth == 0 ? "" : std::string(depth, '>') + ' '; }

void append_line(std::string& out, bool& first, std::string_view line) {
  if (!first) out += '\n';
  first = false;
  out += line;
}

std::string_view without_trailing_space(std::string_view line) {
  return line.substr(0, line.find_last_not_of(" \t") + 1);
}

// How much of `text` goes on a line that has room for `room` characters: everything, or up to and including a space.
// Never so that the line would read as the signature separator, or that nothing but space is left for the next.
std::size_t line_break(std::string_view text, std::size_t room) {
  std::size_t best = 0;
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); at += std::max<std::size_t>(1, utf8_sequence(text.substr(at)))) {
    ++characters;
    const bool breakable =
        text[at] == ' ' && at + 1 < text.size() && text[at + 1] != ' ' && text.substr(0, at + 1) != signature_separator;
    if (breakable && (characters <= room || best == 0)) best = at + 1;
    if (characters > room && best > 0) return best;
  }
  return characters <= room || best == 0 ? text.size() : best;
}

void append_paragraph(std::string& out, bool& first, std::size_t depth, std::string_view text) {
  if (text != signature_separator) text = without_trailing_space(text);
  do {
    std::string line = quote_prefix(depth);
    // RFC 3676, 4.4: what begins with a space, "From " or ">" is stuffed; behind quote marks the space is there
    // already.
    if (depth == 0 && (text.starts_with(' ') || text.starts_with('>') || text.starts_with("From "))) line += ' ';
    const auto length = line_break(text, longest_flowed_line - std::min(line.size(), longest_flowed_line / 2));
    line += text.substr(0, length);
    text.remove_prefix(length);
    append_line(out, first, line);
  } while (!text.empty());
}

}  // namespace

std::string decode_flowed(std::string_view text, bool delsp) {
  std::string out;
  bool first = true;
  std::string paragraph;
  bool flowing = false;  // `paragraph` waits for its next line
  std::size_t paragraph_depth = 0;
  const auto finish = [&] {
    if (flowing) append_line(out, first, quote_prefix(paragraph_depth) + paragraph);
    paragraph.clear();
    flowing = false;
  };
  const bool ends_with_line = text.ends_with('\n');
  if (ends_with_line) text.remove_suffix(1);
  for (const auto raw : ascii_split(text, '\n')) {
    const auto [depth, line] = unstuffed(raw);
    const bool separator = line == signature_separator;
    if (separator || depth != paragraph_depth) finish();  // a paragraph never goes on at another level: section 4.5
    const bool flows = line.ends_with(' ') && !separator;
    paragraph += line;
    if (flows && delsp) paragraph.pop_back();
    paragraph_depth = depth;
    flowing = true;
    if (!flows) finish();
  }
  finish();
  if (ends_with_line) out += '\n';
  return out;
}

std::string encode_flowed(std::string_view text) {
  std::string out;
  bool first = true;
  for (const auto line : ascii_split(text, '\n')) {
    const auto [depth, content] = line.starts_with('>') ? unstuffed(line) : Line{0, line};
    append_paragraph(out, first, depth, content);
  }
  return out;
}

}  // namespace coi::mime

#include "text.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "grapheme.h"

namespace coi::cli {
namespace {

struct Character {
  std::string_view bytes;
  char32_t code = 0;  // U+FFFD: not UTF-8
};

constexpr char32_t replacement = 0xFFFD;

// The first character of a text that is not empty.
Character first(std::string_view text) {
  auto rest = text;
  const auto code = utf8_take(rest);
  return {text.substr(0, text.size() - rest.size()), code};
}

template <class Use>
void each(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto character = first(text);
    use(character);
    text.remove_prefix(character.bytes.size());
  }
}

// The marks U+061C, U+200E and U+200F reach no further than the next letter: text in two directions needs them.
bool turns_what_follows(char32_t code) { return is_bidi_control(code) && code > 0x200F; }

bool is_seen(const Character& character) {
  return character.code < 0x80 || character.code == replacement || grapheme_width(character.bytes) > 0;
}

template <class Use>
void each_grapheme(std::string_view text, Use use) {
  while (!text.empty()) {
    const auto grapheme = text.substr(0, first_grapheme(text));
    use(grapheme);
    text.remove_prefix(grapheme.size());
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t unseen = 0;  // octets in a row that take no columns
  each(text, [&](const Character& character) {
    if (character.code == '\r') return;
    unseen = is_seen(character) ? 0 : unseen + character.bytes.size();
    if (unseen > longest_grapheme) {
      if (unseen - character.bytes.size() <= longest_grapheme) out += "\uFFFD";
      return;
    }
    if (character.code == '\n')
      out += '\n';
    else if (character.code == '\t')
      out += ' ';
    else if (character.code == replacement || is_control(character.code) || turns_what_follows(character.code))
      out += "\uFFFD";
    else
      out += character.bytes;
  });
  return out;
}

std::string one_line(std::string_view text) {
  std::string out;
  bool space = false;
  for (const char c : printable(text)) {
    if (c == ' ' || c == '\n') {
      space = !out.empty();
      continue;
    }
    if (space) out += ' ';
    space = false;
    out += c;
  }
  return out;
}

bool is_text(std::string_view text) { return text.find('\0') == std::string_view::npos; }

std::size_t columns(std::string_view text) {
  std::size_t total = 0;
  each_grapheme(text, [&](std::string_view grapheme) { total += grapheme_width(grapheme); });
  return total;
}

std::string cut(std::string_view text, std::size_t width) {
  std::size_t used = 0, kept = 0;  // `kept`: octets that leave room for the ellipsis
  for (std::size_t at = 0; at < text.size();) {
    const auto grapheme = text.substr(at, first_grapheme(text.substr(at)));
    used += grapheme_width(grapheme);
    if (used > width || at > width * longest_grapheme)
      return width == 0 ? std::string() : std::string(text.substr(0, kept)) + "…";
    at += grapheme.size();
    if (used < width) kept = at;
  }
  return std::string(text);
}

std::string fit(std::string_view text, std::size_t width) {
  auto out = cut(text, width);
  return out + std::string(width - columns(out), ' ');
}

namespace {

// One line without line ends into lines that fit. Each grapheme is looked at once, and once more behind a broken word.
void wrap_line(std::string_view line, std::size_t width, std::vector<std::string>& lines) {
  constexpr auto none = std::string_view::npos;
  std::size_t begin = 0, used = 0, space = none, used_at_space = 0;
  for (std::size_t at = 0; at < line.size();) {
    const auto grapheme = line.substr(at, first_grapheme(line.substr(at)));
    const bool is_space = grapheme == " ";
    const auto wide = grapheme_width(grapheme);
    if (used + wide > width && at > begin) {
      if (is_space) {  // it is what the line breaks at
        lines.emplace_back(line.substr(begin, at - begin));
        begin = at += 1, used = 0, space = none;
        continue;
      }
      const bool at_space = space != none && space > begin && used - used_at_space + wide <= width;
      const auto end = at_space ? space : at;
      lines.emplace_back(line.substr(begin, end - begin));
      begin = at_space ? end + 1 : end;
      used = at_space ? used - used_at_space : 0;
      space = none;
    }
    used += wide;
    if (is_space) space = at, used_at_space = used;
    at += grapheme.size();
  }
  lines.emplace_back(line.substr(begin));
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (true) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    if (width > 0)
      wrap_line(line, width, lines);
    else
      lines.emplace_back(line);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

}  // namespace coi::cli

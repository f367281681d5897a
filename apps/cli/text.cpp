#include "text.h"

#include <array>
#include <cwchar>

#include <fmt/format.h>

#include "base/utf8.h"

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

std::size_t width_of(char32_t code) {
  const int width = ::wcwidth(static_cast<wchar_t>(code));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  each(text, [&](const Character& character) {
    if (character.code == '\n')
      out += '\n';
    else if (character.code == '\t')
      out += ' ';
    else if (character.code == '\r')
      return;
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

std::size_t columns(std::string_view text) {
  std::size_t total = 0;
  each(text, [&](const Character& character) { total += width_of(character.code); });
  return total;
}

std::string cut(std::string_view text, std::size_t width) {
  if (columns(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::string out;
  std::size_t used = 1;  // the ellipsis
  bool full = false;
  each(text, [&](const Character& character) {
    used += width_of(character.code);
    full = full || used > width;
    if (!full) out += character.bytes;
  });
  return out + "…";
}

std::string fit(std::string_view text, std::size_t width) {
  auto out = cut(text, width);
  return out + std::string(width - columns(out), ' ');
}

namespace {

// The longest beginning of a line that fits, up to a space if there is one: its octets, and those to go on after.
std::pair<std::size_t, std::size_t> break_line(std::string_view line, std::size_t width) {
  std::size_t used = 0, end = 0, last_space = 0;
  while (end < line.size()) {
    const auto character = first(line.substr(end));
    used += width_of(character.code);
    if (used > width && end > 0) break;
    if (character.code == ' ') last_space = end;
    end += character.bytes.size();
  }
  if (end == line.size()) return {end, end};
  if (line[end] == ' ') return {end, end + 1};
  if (last_space > 0) return {last_space, last_space + 1};
  return {end, end};
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (true) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (width > 0)
      while (columns(line) > width) {
        const auto [shown, next] = break_line(line, width);
        if (shown == line.size()) break;  // one character, wider than all there is
        lines.emplace_back(line.substr(0, shown));
        line.remove_prefix(next);
      }
    lines.emplace_back(line);
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

std::string size_text(std::uint64_t octets) {
  constexpr std::array units = {"kB", "MB", "GB", "TB"};
  if (octets < 1000) return fmt::format("{} bytes", octets);
  double amount = static_cast<double>(octets) / 1000;
  std::size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < units.size()) amount /= 1000, ++unit;
  return amount < 9.95 ? fmt::format("{:.1f} {}", amount, units.at(unit))
                       : fmt::format("{:.0f} {}", amount, units.at(unit));
}

}  // namespace coi::cli

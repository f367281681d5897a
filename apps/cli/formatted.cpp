#include "formatted.h"

#include <algorithm>

#include <fmt/format.h>

#include "text.h"

namespace coi::cli {
namespace {

// SGR parameters of ECMA-48, section 8.3.117; a spoiler is concealed, and shown when it is selected.
std::string codes_of(const proto::TextRun& run) {
  std::string codes;
  const auto add = [&](std::string_view code) { codes.append(codes.empty() ? "" : ";").append(code); };
  for (const auto style : run.style) switch (style) {
      case proto::TextStyle::bold:
        add("1");
        break;
      case proto::TextStyle::italic:
        add("3");
        break;
      case proto::TextStyle::strike:
        add("9");
        break;
      case proto::TextStyle::code:
        add("36");
        break;
      case proto::TextStyle::spoiler:
        add("8");
        break;
    }
  if (run.mention)
    add("1;35");
  else if (!run.link.empty())
    add("4");
  return codes;
}

bool hides(const proto::TextRun& run) {
  return std::ranges::find(run.style, proto::TextStyle::spoiler) != run.style.end();
}

// A text, and the style of each octet as an index into `codes`.
struct Styled {
  std::string text;
  std::vector<std::size_t> style;
  std::vector<std::string> codes = {""};

  void add(std::string_view words, const std::string& code) {
    if (code != codes.back()) codes.push_back(code);
    text += words;
    style.resize(text.size(), codes.size() - 1);
  }
};

Styled styled_text(const Output& out, const std::vector<proto::TextRun>& runs) {
  Styled all;
  std::string label;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& run = runs[i];
    const auto words = printable(run.text);
    if (!out.colour() && hides(run))
      all.add("||" + words + "||", "");
    else
      all.add(words, codes_of(run));
    label += run.text;
    const bool link_ends = i + 1 == runs.size() || runs[i + 1].link != run.link;
    if (!run.link.empty() && !run.mention && link_ends && label != run.link)
      all.add(fmt::format(" ({})", one_line(run.link)), "");
    if (link_ends) label.clear();
  }
  return all;
}

// `line` is the piece of the text from `at` on.
std::string painted(const Output& out, const Styled& all, std::string_view line, std::size_t at) {
  if (!out.colour()) return std::string(line);
  std::string painted;
  for (std::size_t i = 0; i < line.size();) {
    auto end = i + 1;
    while (end < line.size() && all.style[at + end] == all.style[at + i]) ++end;
    const auto& codes = all.codes[all.style[at + i]];
    const auto piece = line.substr(i, end - i);
    if (codes.empty())
      painted += piece;
    else
      painted.append("\033[").append(codes).append("m").append(piece).append("\033[0m");
    i = end;
  }
  return painted;
}

// What stands before the first line of a block, and before the others.
std::pair<std::string, std::string> margins(const proto::TextBlock& block) {
  constexpr std::uint64_t deepest = 8;
  std::string first;
  for (std::uint64_t i = 0; i < std::min(block.quote, deepest); ++i) first += "│ ";
  auto later = first;
  if (block.kind == proto::BlockKind::code) return {first + "    ", later + "    "};
  if (block.kind == proto::BlockKind::paragraph) return {first, later};
  const auto indent = std::string(2 * (std::clamp<std::uint64_t>(block.level, 1, deepest) - 1), ' ');
  const auto mark = block.kind == proto::BlockKind::bullet ? std::string("• ") : fmt::format("{}. ", block.number);
  return {first + indent + mark, later + indent + std::string(columns(mark), ' ')};
}

}  // namespace

std::vector<std::string> formatted_lines(const Output& out, const std::vector<proto::TextBlock>& blocks,
                                         std::size_t width) {
  constexpr std::size_t least = 10;
  std::vector<std::string> lines;
  const proto::TextBlock* before = nullptr;
  for (const auto& block : blocks) {
    const auto [first, later] = margins(block);
    const bool is_item = block.level > 0 && before != nullptr && before->level > 0 && !block.first;
    if (before != nullptr && !is_item) lines.emplace_back();
    before = &block;
    const auto all = styled_text(out, block.runs);
    const auto room = width == 0 ? 0 : std::max(width - std::min(width, columns(first)), least);
    std::size_t at = 0;
    for (bool is_first = true; const auto& line : wrap(all.text, room)) {
      const auto found = all.text.find(line, at);
      const bool known = found != std::string::npos;
      lines.push_back((is_first ? first : later) + (known ? painted(out, all, line, found) : line));
      if (known) at = found + line.size();
      is_first = false;
    }
  }
  return lines;
}

}  // namespace coi::cli

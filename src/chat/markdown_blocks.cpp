#include "chat/markdown_blocks.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.h"
#include "base/limits.h"
#include "chat/markdown_inline.h"
#include "mime/blank.h"

namespace coi::chat {
namespace {

constexpr std::size_t most_quotes = 8;
constexpr std::size_t most_levels = 4;
constexpr std::size_t widest_indent = 16;
constexpr std::string_view fence = "```";

struct Line {
  std::string_view raw;
  std::size_t quote = 0;
  std::string_view lead, rest;  // behind the quote marks
};

// `quoted`: the line before is a quote. ">" alone begins none.
Line line_of(std::string_view raw, bool quoted) {
  Line line{.raw = raw, .rest = raw};
  while (line.quote < most_quotes && line.rest.starts_with("> ")) {
    ++line.quote;
    line.rest.remove_prefix(2);
  }
  if (line.rest == ">" && (line.quote > 0 || quoted) && line.quote < most_quotes) {
    ++line.quote;
    line.rest = {};
  }
  if (line.quote > 0 && !quoted && mime::is_blank(line.rest)) return {.raw = raw, .rest = raw};
  line.lead = raw.substr(0, raw.size() - line.rest.size());
  return line;
}

struct Item {
  std::size_t indent = 0;
  std::optional<std::uint32_t> number;
  std::string_view mark;  // "1. " of a numbered one, as typed
  std::string_view text;
};

std::size_t indent_of(std::string_view text) { return std::min(text.find_first_not_of(' '), text.size()); }

std::optional<Item> item_of(std::string_view text) {
  constexpr std::size_t most_digits = 4;
  Item item{.indent = indent_of(text)};
  text.remove_prefix(item.indent);
  std::size_t mark = 0;
  if (text.starts_with("- ") || text.starts_with("* ")) {
    mark = 2;
  } else {
    while (mark < text.size() && ascii_digit(text[mark])) ++mark;
    if (mark == 0 || mark > most_digits || mark + 1 >= text.size()) return std::nullopt;
    if ((text[mark] != '.' && text[mark] != ')') || text[mark + 1] != ' ') return std::nullopt;
    item.number = ascii_number(text.substr(0, mark));
    mark += 2;
  }
  item.mark = text.substr(0, mark);
  item.text = text.substr(mark);
  if (item.indent > widest_indent || mime::is_blank(item.text)) return std::nullopt;
  return item;
}

class BlockScan {
 public:
  explicit BlockScan(std::string_view text) {
    bool quoted = false;
    for (const auto raw : ascii_split(text, '\n')) {
      lines_.push_back(line_of(raw, quoted));
      quoted = lines_.back().quote > 0;
    }
  }

  Document run() {
    for (std::size_t at = 0; at < lines_.size();) {
      if (mime::is_blank(lines_[at].rest))
        blank_.push_back(lines_[at++].raw);
      else if (const auto close = closing_fence(at); close > at)
        at = code(at, close);
      else if (begins_list(at))
        at = list(at);
      else
        at = paragraph(at);
    }
    out_.after = std::move(blank_);
    return std::move(out_);
  }

 private:
  Piece& add(Block block) {
    out_.formatted |= block.quote > 0 || block.kind != BlockKind::paragraph;
    for (const auto& run : block.runs) out_.formatted |= run.style != Style{} || (!run.link.empty() && !run.mention);
    out_.pieces.push_back({.block = std::move(block), .before = std::exchange(blank_, {})});
    return out_.pieces.back();
  }

  static bool is_opening_fence(std::string_view text) {
    if (!text.starts_with(fence)) return false;
    const auto language = text.substr(fence.size());
    return language.size() <= 40 && std::ranges::all_of(language, [](char c) {
             return ascii_alnum(c) || std::string_view("+#-_.").contains(c);
           });
  }

  // `at` itself if no code begins there.
  std::size_t closing_fence(std::size_t at) {
    const auto quote = lines_[at].quote;
    if (!is_opening_fence(lines_[at].rest) || at < no_fence_before_[quote]) return at;
    auto end = at + 1;
    for (; end < lines_.size() && lines_[end].quote >= quote; ++end)
      if (inside(lines_[end], quote) == fence) return end;
    no_fence_before_[quote] = end;
    return at;
  }

  // What stands behind so many quote marks, of a line that has as many or more.
  static std::string_view inside(const Line& line, std::size_t quote) {
    return line.raw.substr(std::min(2 * quote, line.raw.size()));
  }

  std::size_t code(std::size_t open, std::size_t close) {
    const auto quote = lines_[open].quote;
    std::string text;
    std::vector<std::string> leads;
    for (auto at = open + 1; at < close; ++at) {
      const auto line = inside(lines_[at], quote);
      if (at > open + 1) text += '\n';
      text += line;
      leads.emplace_back(lines_[at].raw.substr(0, lines_[at].raw.size() - line.size()));
    }
    Block block{
        .kind = BlockKind::code, .quote = quote, .language = std::string(lines_[open].rest.substr(fence.size()))};
    if (!text.empty()) block.runs.push_back({.text = std::move(text)});
    add(std::move(block)).leads = std::move(leads);
    return close + 1;
  }

  bool is_below_item(const Line& line, std::size_t quote) const {
    return line.quote == quote && !mime::is_blank(line.rest) && indent_of(line.rest) >= 2;
  }

  // Two items that follow each other, with what is indented below the first.
  bool begins_list(std::size_t at) const {
    const auto quote = lines_[at].quote;
    if (const auto item = item_of(lines_[at].rest); !item || item->indent > 3) return false;
    for (++at; at < lines_.size() && lines_[at].quote == quote; ++at) {
      if (item_of(lines_[at].rest)) return true;
      if (!is_below_item(lines_[at], quote)) return false;
    }
    return false;
  }

  std::size_t list(std::size_t at) {
    const auto quote = lines_[at].quote;
    std::vector<std::size_t> indents;
    for (bool first = true; at < lines_.size() && lines_[at].quote == quote; first = false) {
      const auto item = item_of(lines_[at].rest);
      if (!item) break;
      while (indents.size() > 1 && item->indent < indents.back()) indents.pop_back();
      if (indents.empty() || (item->indent >= indents.back() + 2 && indents.size() < most_levels))
        indents.push_back(item->indent);
      std::string text(item->text);
      const std::string lead(lines_[at].lead);
      std::vector<std::string> leads = {lead + std::string(item->indent, ' ') +
                                        (item->number ? std::string(item->mark) : "- ")};
      for (++at; at < lines_.size() && !item_of(lines_[at].rest) && is_below_item(lines_[at], quote); ++at) {
        const auto indent = indent_of(lines_[at].rest);
        text.append("\n").append(lines_[at].rest.substr(indent));
        leads.push_back(std::string(lines_[at].lead) + std::string(indent, ' '));
      }
      add({.kind = item->number ? BlockKind::numbered : BlockKind::bullet,
           .quote = quote,
           .level = indents.size(),
           .first = first,
           .number = item->number.value_or(0),
           .runs = read_inline(text)})
          .leads = std::move(leads);
    }
    return at;
  }

  std::size_t paragraph(std::size_t at) {
    const auto quote = lines_[at].quote;
    std::string text(lines_[at].rest);
    std::vector<std::string> leads = {std::string(lines_[at].lead)};
    for (++at; at < lines_.size() && lines_[at].quote == quote && !mime::is_blank(lines_[at].rest); ++at) {
      if (closing_fence(at) > at || begins_list(at)) break;
      text.append("\n").append(lines_[at].rest);
      leads.emplace_back(lines_[at].lead);
    }
    add({.quote = quote, .runs = read_inline(text)}).leads = std::move(leads);
    return at;
  }

  std::vector<Line> lines_;
  std::vector<std::string_view> blank_;
  std::array<std::size_t, most_quotes + 1> no_fence_before_{};  // no fence closes one that opens on a line before it
  Document out_;
};

// Every octet is text.
Document verbatim(std::string_view text) {
  Document out;
  std::vector<std::string_view> blank;
  const auto lines = ascii_split(text, '\n');
  for (std::size_t at = 0; at < lines.size();) {
    if (mime::is_blank(lines[at])) {
      blank.push_back(lines[at++]);
      continue;
    }
    const auto start = lines[at].data();
    auto end = start;
    for (; at < lines.size() && !mime::is_blank(lines[at]); ++at) end = lines[at].data() + lines[at].size();
    out.pieces.push_back(
        {.block = {.runs = read_verbatim(std::string_view(start, end))}, .before = std::exchange(blank, {})});
  }
  out.after = std::move(blank);
  return out;
}

}  // namespace

Document read_document(std::string_view markdown) {
  const bool may_have_marks =
      markdown.size() <= Limits{}.text && (markdown.find_first_of("*_~`|[>-") != std::string_view::npos ||
                                           markdown.contains(". ") || markdown.contains(") "));
  if (!may_have_marks) return verbatim(markdown);
  auto document = BlockScan(markdown).run();
  return document.formatted ? document : verbatim(markdown);
}

}  // namespace coi::chat

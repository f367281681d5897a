#include "chat/markdown_tree.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/markdown.h"
#include "chat/markdown_inline.h"
#include "chat/mention.h"

namespace coi::chat {
namespace {

using html::Node;

constexpr std::size_t deepest = 64;  // blocks within each other and elements within a word

class MarkdownWriter {
 public:
  explicit MarkdownWriter(char italic) : italic_(italic) {}

  std::optional<std::string> run(const std::vector<Node>& body) {
    if (!blocks(body, "", 0)) return std::nullopt;
    return std::move(out_);
  }

 private:
  bool blocks(const std::vector<Node>& nodes, const std::string& lead, std::size_t depth) {
    if (depth > deepest) return false;
    const Node* before = nullptr;
    for (const auto& node : nodes) {
      // Two lists of one kind are parted by a blank line; one of another kind goes on where the first ended.
      const bool goes_on = before != nullptr && is_list(node) && is_list(*before) && node.tag != before->tag;
      if (before != nullptr && !goes_on) line(ascii_trim(lead), "");
      if (!block(node, lead, depth)) return false;
      before = &node;
    }
    return true;
  }

  static bool is_list(const Node& node) { return node.tag == "ul" || node.tag == "ol"; }

  bool block(const Node& node, const std::string& lead, std::size_t depth) {
    if (node.tag == "p") return words(node.children, lead, lead);
    if (node.tag == "pre") return code(node, lead);
    if (node.tag == "blockquote") return blocks(node.children, lead + "> ", depth + 1);
    return is_list(node) && list(node, lead, 0);
  }

  bool code(const Node& node, const std::string& lead) {
    if (node.children.size() != 1 || node.children.front().tag != "code") return false;
    const auto& inner = node.children.front();
    constexpr std::string_view front = "language-";
    auto language = inner.attribute("class");
    language.remove_prefix(language.starts_with(front) ? front.size() : 0);
    std::string text;
    for (const auto& child : inner.children) {
      if (!child.is_text()) return false;
      text += child.text;
    }
    line(lead, fmt::format("```{}", language));
    if (!inner.children.empty())
      for (const auto one : ascii_split(text, '\n')) line(lead, one);
    line(lead, "```");
    return true;
  }

  bool list(const Node& node, const std::string& lead, std::size_t level) {
    if (level > 3) return false;
    auto number = ascii_number(node.attribute("start")).value_or(1);
    for (const auto& item : node.children) {
      if (item.tag != "li") return false;
      if (item.has_attribute("value")) number = ascii_number(item.attribute("value")).value_or(0);
      const auto inner = std::ranges::find_if(item.children, is_list);
      const std::string indent(2 * level, ' ');
      const auto mark = node.tag == "ul" ? std::string("- ") : fmt::format("{}. ", number++);
      if (!words({item.children.begin(), inner}, lead + indent + mark, lead + indent + "  ")) return false;
      for (auto nested = inner; nested != item.children.end(); ++nested)
        if (!is_list(*nested) || !list(*nested, lead, level + 1)) return false;
    }
    return true;
  }

  bool words(const std::vector<Node>& nodes, const std::string& first, const std::string& later) {
    std::vector<TextRun> runs;
    if (!collect(nodes, {}, runs, 0)) return false;
    std::string text = marked(runs);
    bool begins = true;
    for (const auto one : ascii_split(text, '\n')) {
      line(begins ? first : later, one);
      begins = false;
    }
    return true;
  }

  // NOLINTNEXTLINE(misc-no-recursion): bounded
  bool collect(const std::vector<Node>& nodes, const TextRun& around, std::vector<TextRun>& runs, std::size_t depth) {
    if (depth > deepest) return false;
    for (const auto& node : nodes) {
      TextRun run = around;
      if (node.is_text()) {
        if (node.text.contains('\n')) return false;  // flows: a line end is <br>
        run.text = around.style.code ? node.text : escaped(node.text);
        add_run(runs, std::move(run));
        continue;
      }
      if (node.tag == "br") {
        run.text = "\n";
        add_run(runs, std::move(run));
        continue;
      }
      if (node.tag == "a" && node.attribute("class") == "mention") {
        if (!mention(node, run, runs)) return false;
        continue;
      }
      if (!apply(node, run) || !collect(node.children, run, runs, depth + 1)) return false;
    }
    return true;
  }

  static bool mention(const Node& node, TextRun run, std::vector<TextRun>& runs) {
    const auto addr = mailto_address(node.attribute("href"));
    if (addr.empty() || node.children.size() != 1 || !node.children.front().text.starts_with('@')) return false;
    run.text = write_mention(std::string_view(node.children.front().text).substr(1), addr);
    add_run(runs, std::move(run));
    return true;
  }

  static bool apply(const Node& node, TextRun& run) {
    auto& style = run.style;
    if (node.tag == "strong") return style.bold = true;
    if (node.tag == "em") return style.italic = true;
    if (node.tag == "s") return style.strike = true;
    if (node.tag == "code") return style.code = true;
    if (node.tag == "span" && node.attribute("class") == "spoiler") return style.spoiler = true;
    if (node.tag != "a") return false;
    const auto href = node.attribute("href");
    if (link_length(href) != href.size() || href.empty()) return false;
    run.link = href;
    return true;
  }

  // Text in which no mark counts. Mentions and URLs are text too, and have no marks.
  static std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
      if (std::string_view("*_~`|[]\\").contains(c)) out += '\\';
      out += c;
    }
    return out;
  }

  // Of the styles that begin or end between two runs, the inner ones are written nearer to the text.
  std::string marked(const std::vector<TextRun>& runs) const {
    std::string out;
    std::vector<std::pair<std::string, std::string>> open;
    const auto close_to = [&](std::size_t kept) {
      for (; open.size() > kept; open.pop_back()) out += open.back().second;
    };
    for (const auto& run : runs) {
      std::vector<std::pair<std::string, std::string>> wanted;
      if (!run.link.empty()) wanted.emplace_back("[", fmt::format("]({})", run.link));
      if (run.style.spoiler) wanted.emplace_back("||", "||");
      if (run.style.bold) wanted.emplace_back("**", "**");
      if (run.style.italic) wanted.emplace_back(std::string(1, italic_), std::string(1, italic_));
      if (run.style.strike) wanted.emplace_back("~~", "~~");
      const auto [kept, other] = std::ranges::mismatch(open, wanted);
      close_to(static_cast<std::size_t>(kept - open.begin()));
      for (auto at = open.size(); at < wanted.size(); ++at) {
        out += wanted[at].first;
        open.push_back(wanted[at]);
      }
      out += run.style.code ? in_ticks(run.text) : run.text;
    }
    close_to(0);
    return out;
  }

  // CommonMark, 6.1: a run of ticks that the text does not hold, and a space where it begins or ends with one.
  static std::string in_ticks(const std::string& text) {
    std::string ticks = "`";
    while (text.contains(ticks) && ticks.size() < 10) ticks += '`';
    const bool spaced = text.starts_with('`') || text.ends_with('`') || (text.starts_with(' ') && text.ends_with(' '));
    const std::string_view space = spaced ? " " : "";
    return fmt::format("{}{}{}{}{}", ticks, space, text, space, ticks);
  }

  void line(std::string_view lead, std::string_view text) {
    if (begun_) out_ += '\n';
    begun_ = true;
    out_.append(lead).append(text);
  }

  char italic_;
  std::string out_;
  bool begun_ = false;
};

}  // namespace

std::optional<std::string> write_markdown(const std::vector<Node>& body, char italic) {
  return MarkdownWriter(italic).run(body);
}

}  // namespace coi::chat

// Formatted text <-> HTML (P-07, P-09).
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/markdown.h"
#include "chat/markdown_blocks.h"
#include "chat/markdown_inline.h"
#include "chat/markdown_tree.h"
#include "chat/mention.h"
#include "html/escaped.h"

namespace coi::chat {
namespace {

// Elements of runs, opened and closed so that they nest, with no more tags than needed.
class Inline {
 public:
  explicit Inline(std::string& out) : out_(out) {}

  void run(const TextRun& run) {
    if (run.mention) {
      open(elements(run, false));
      const auto addr = mailto_address(run.link);
      out_ += addr.empty() ? html::escaped(run.text)
                           : mention_html({.name = std::string(std::string_view(run.text).substr(1)), .addr = addr});
      return;
    }
    open(elements(run, true));
    for (const auto line : ascii_split(run.text, '\n')) {
      if (line.data() != run.text.data()) out_ += "<br>";
      out_ += html::escaped(line);
    }
  }
  void finish() { open({}); }

 private:
  struct Element {
    std::string start, end;
    friend bool operator==(const Element&, const Element&) = default;
  };

  static std::vector<Element> elements(const TextRun& run, bool linked) {
    std::vector<Element> all;
    if (linked && !run.link.empty()) all.push_back({fmt::format("<a href=\"{}\">", html::escaped(run.link)), "</a>"});
    if (run.style.spoiler) all.push_back({"<span class=\"spoiler\">", "</span>"});
    if (run.style.bold) all.push_back({"<strong>", "</strong>"});
    if (run.style.italic) all.push_back({"<em>", "</em>"});
    if (run.style.strike) all.push_back({"<s>", "</s>"});
    if (run.style.code) all.push_back({"<code>", "</code>"});
    return all;
  }

  void open(const std::vector<Element>& wanted) {
    const auto [kept, other] = std::ranges::mismatch(open_, wanted);
    const auto common = static_cast<std::size_t>(kept - open_.begin());
    for (; open_.size() > common; open_.pop_back()) out_ += open_.back().end;
    for (auto at = common; at < wanted.size(); ++at) {
      out_ += wanted[at].start;
      open_.push_back(wanted[at]);
    }
  }

  std::string& out_;
  std::vector<Element> open_;
};

class HtmlWriter {
 public:
  void block(const Block& block) {
    const bool item = block.level > 0;
    if (block.quote != quotes_ || !item || block.first) close_lists(0);
    for (; quotes_ > block.quote; --quotes_) out_ += "</blockquote>";
    for (; quotes_ < block.quote; ++quotes_) out_ += "<blockquote>";
    if (item)
      begin_item(block);
    else if (block.kind == BlockKind::code)
      return code(block);
    else
      out_ += "<p>";
    Inline runs(out_);
    for (const auto& run : block.runs) runs.run(run);
    runs.finish();
    if (!item) out_ += "</p>";
  }

  std::string finish() {
    close_lists(0);
    for (; quotes_ > 0; --quotes_) out_ += "</blockquote>";
    return std::move(out_);
  }

 private:
  struct List {
    bool numbered;
    std::uint32_t next;
  };

  void begin_item(const Block& block) {
    const bool numbered = block.kind == BlockKind::numbered;
    close_lists(block.level);
    if (lists_.size() == block.level && lists_.back().numbered != numbered)
      close_lists(block.level - 1);
    else if (lists_.size() == block.level)
      out_ += "</li>";
    while (lists_.size() < block.level) {
      lists_.push_back({numbered, block.number});
      if (!numbered)
        out_ += "<ul>";
      else
        out_ += block.number == 1 ? "<ol>" : fmt::format("<ol start=\"{}\">", block.number);
    }
    auto& next = lists_.back().next;
    out_ += numbered && next != block.number ? fmt::format("<li value=\"{}\">", block.number) : "<li>";
    next = block.number + 1;
  }

  void close_lists(std::size_t kept) {
    for (; lists_.size() > kept; lists_.pop_back()) out_ += lists_.back().numbered ? "</li></ol>" : "</li></ul>";
  }

  // A parser drops a line end behind <pre>, but none behind <code>.
  void code(const Block& block) {
    out_ += block.language.empty() ? "<pre><code>"
                                   : fmt::format("<pre><code class=\"language-{}\">", html::escaped(block.language));
    for (const auto& run : block.runs) out_ += html::escaped(run.text);
    out_ += "</code></pre>";
  }

  std::string out_;
  std::size_t quotes_ = 0;
  std::vector<List> lists_;
};

const html::Node* body_of(const html::Node& document) {
  if (document.tag == "body") return &document;
  for (const auto& child : document.children)
    if (child.tag == "body") return &child;
  return nullptr;
}

// The same tree, whatever white space stands between blocks, and whichever of two names an element has.
html::Node normalised(const html::Node& node, bool within_words) {
  html::Node out{.tag = node.tag, .text = node.text, .attributes = node.attributes};
  if (out.tag == "b") out.tag = "strong";
  if (out.tag == "i") out.tag = "em";
  if (out.tag == "del" || out.tag == "strike") out.tag = "s";
  std::ranges::sort(out.attributes, {}, &html::Attribute::name);
  within_words |= node.tag == "p" || node.tag == "li" || node.tag == "pre";
  for (const auto& child : node.children) {
    const bool gap = child.is_text() && ascii_trim(child.text).empty() && !within_words;
    if (!gap) out.children.push_back(normalised(child, within_words));
  }
  return out;
}

}  // namespace

std::string to_html(std::string_view markdown) {
  HtmlWriter writer;
  for (const auto& piece : read_document(markdown).pieces) writer.block(piece.block);
  return writer.finish();
}

std::optional<std::string> markdown_from_html(const html::Node& document) {
  const auto* body = body_of(document);
  if (body == nullptr) return std::nullopt;
  const auto read = normalised(*body, false).children;
  if (read.empty()) return std::nullopt;
  // What is written back says whether it was understood.
  for (const char italic : {'*', '_'}) {
    auto markdown = write_markdown(read, italic);
    if (!markdown) return std::nullopt;
    const auto again = html::parse(to_html(*markdown), Limits{});
    if (!again) return std::nullopt;
    const auto* same = body_of(*again);
    if (same != nullptr && normalised(*same, false).children == read) return markdown;
  }
  return std::nullopt;
}

}  // namespace coi::chat

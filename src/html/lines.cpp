#include "html/lines.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/ascii.h"
#include "html/reply_marks.h"
#include "html/sanitize.h"
#include "html/style.h"
#include "html/text_writer.h"

namespace coi::html {
namespace {

bool is_one_of(std::string_view tag, std::initializer_list<std::string_view> tags) {
  return std::ranges::find(tags, tag) != tags.end();
}

bool is_invisible(const Node& node) {
  return is_one_of(node.tag, {"head",   "script",   "style",  "title", "template", "meta",   "link", "object",
                              "embed",  "applet",   "iframe", "audio", "video",    "canvas", "svg",  "math",
                              "select", "textarea", "input",  "map",   "noframes", "noembed"}) ||
         node.has_attribute("hidden") || hides(node.attribute("style"));
}

// How many blank lines an element wants around it; -1: it does not begin a line at all.
int blank_lines_around(std::string_view tag) {
  if (is_one_of(tag,
                {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "pre", "table", "figure"}))
    return 1;
  if (is_one_of(tag, {"div",        "section", "article", "header", "footer", "main",    "nav",   "aside",    "address",
                      "center",     "li",      "dt",      "dd",     "tr",     "caption", "form",  "fieldset", "legend",
                      "figcaption", "details", "summary", "hr",     "tbody",  "thead",   "tfoot", "option",   "body"}))
    return 0;
  return -1;
}

void append_text(const Node& node, std::string& out) {
  out += node.text;
  for (const auto& child : node.children) append_text(child, out);
}

// A target and a label, made comparable: "https://www.Example.org/" and "example.org" say the same.
std::string bare_target(std::string_view text) {
  auto bare = ascii_lower(ascii_trim(text));
  for (const std::string_view front : {"https://", "http://", "mailto:", "tel:", "xmpp:", "www."})
    if (bare.starts_with(front)) bare.erase(0, front.size());
  while (bare.ends_with('/')) bare.pop_back();
  return bare;
}

void find_hidden(const Node& node, HiddenNames& names) {
  if (node.tag == "style")
    for (const auto& text : node.children) names.merge(hidden_names(text.text));
  for (const auto& child : node.children) find_hidden(child, names);
}

class Renderer {
 public:
  explicit Renderer(const Node& document) { find_hidden(document, hidden_); }

  void node(const Node& node) {
    if (node.is_text())
      pre_ > 0 ? writer_.preformatted(node.text) : writer_.flow(node.text);
    else if (!is_invisible(node) && !is_hidden_by_name(node))
      marked(node);
  }

  std::vector<Line> finish() { return writer_.finish(); }

 private:
  bool is_hidden_by_name(const Node& node) const {
    if (hidden_.empty()) return false;
    if (const auto id = node.attribute("id"); !id.empty() && hidden_.contains("#" + std::string(id))) return true;
    return std::ranges::any_of(ascii_split(node.attribute("class"), ' '), [&](std::string_view name) {
      return !name.empty() && hidden_.contains("." + std::string(name));
    });
  }

  // What a program says of this element holds for the lines in it, or for all that follow.
  void marked(const Node& node) {
    const auto mark = reply_mark(node);
    const auto before = writer_.where();
    auto& where = writer_.where();
    if (mark == ReplyMark::quote && where.container == 0) where.container = ++containers_;
    if (mark == ReplyMark::quote_from_here && from_here_ == 0) from_here_ = where.container = ++containers_;
    if (mark == ReplyMark::attribution) where.mark = LineMark::attribution;
    if (mark == ReplyMark::border) {
      writer_.block();
      where.mark = LineMark::below_rule;
    }
    if (node.tag == "blockquote" && !is_indentation(node)) {
      where.cited = is_cite(node) || (where.depth > 0 && where.cited);
      ++where.depth;
    }
    const bool kept = keeps_white_space(node);
    if (kept) ++pre_;
    element(node);
    if (kept) --pre_;
    where.depth = before.depth;
    where.cited = before.cited;
    where.container = from_here_ > 0 ? from_here_ : before.container;
    if (mark == ReplyMark::attribution) where.mark = before.mark;
  }

  // "white-space: pre-wrap" and the like, on an element that begins a line.
  static bool keeps_white_space(const Node& node) {
    if (node.tag == "pre") return true;
    const auto style = node.attribute("style");
    if (!style.contains("white-space") && !style.contains("WHITE-SPACE")) return false;
    return std::ranges::any_of(parse_style(style), [](const Declaration& one) {
      return one.name == "white-space" && (one.value.starts_with("pre") || one.value.starts_with("break-spaces"));
    });
  }

  void element(const Node& node) {
    if (node.tag == "br") {
      writer_.line_break();
    } else if (node.tag == "img") {
      image(node);
    } else if (node.tag == "hr") {
      rule();
    } else if (node.tag == "a") {
      children(node);
      link(node);
    } else if (node.tag == "q") {
      writer_.flow("\u201C");
      children(node);
      writer_.flow("\u201D");
    } else if (node.tag == "td" || node.tag == "th") {
      writer_.gap();
      children(node);
    } else if (const int blank = blank_lines_around(node.tag); blank >= 0) {
      block(node, static_cast<std::size_t>(blank));
    } else {
      children(node);
    }
  }

  void block(const Node& node, std::size_t blank) {
    const bool list = node.tag == "ul" || node.tag == "ol";
    if (list && !lists_.empty()) blank = 0;  // a list within a list
    writer_.block(blank);
    if (list) lists_.push_back({node.tag == "ol", first_number(node)});
    if (node.tag == "li" || node.tag == "dd")
      indented(node);
    else
      children(node);
    if (list) lists_.pop_back();
    writer_.block(blank);
  }

  void indented(const Node& node) {
    std::string first = "  ";
    std::string later = "  ";
    if (node.tag == "li") {
      first = item_mark(node);
      if (!lists_.empty() && lists_.back().numbered) later.assign(first.size(), ' ');
    }
    const auto before = writer_.enter(first, later);
    children(node);
    writer_.leave(before);
  }

  std::string item_mark(const Node& item) {
    if (lists_.empty() || !lists_.back().numbered) return "\u2022 ";
    auto& number = lists_.back().next;
    if (item.has_attribute("value")) number = number_of(item.attribute("value"), number);
    return fmt::format("{}. ", number++);
  }

  void image(const Node& node) {
    const auto tiny = [&](std::string_view name) {
      const auto value = node.attribute(name);
      return value == "0" || value == "1" || value == "0px" || value == "1px";
    };
    if (tiny("width") || tiny("height") || ascii_istarts_with(node.attribute("src"), "cid:")) return;
    writer_.flow(node.attribute("alt"));
  }

  void link(const Node& node) {
    constexpr std::size_t longest = 300;  // longer ones only identify the reader
    const auto url = ascii_trim(node.attribute("href"));
    std::string label;
    append_text(node, label);
    if (!is_safe_link(url) || url.size() > longest || ascii_trim(label).empty()) return;
    if (bare_target(url) != bare_target(label)) writer_.flow(fmt::format(" <{}>", url));
  }

  void rule() {
    if (writer_.empty()) return;  // nothing to be kept apart from
    writer_.block();
    writer_.where().mark = LineMark::rule;
    writer_.flow("---");
    writer_.block();
  }

  static int number_of(std::string_view text, int otherwise) {
    int value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value >= -1'000'000 && value <= 1'000'000 ? value : otherwise;
  }
  static int first_number(const Node& list) { return number_of(list.attribute("start"), 1); }

  void children(const Node& parent) {
    for (const auto& child : parent.children) node(child);
  }

  struct List {
    bool numbered;
    int next;
  };

  HiddenNames hidden_;  // by a style sheet
  TextWriter writer_;
  std::vector<List> lists_;
  int pre_ = 0;
  unsigned containers_ = 0;
  unsigned from_here_ = 0;  // the container that does not end
};

}  // namespace

std::vector<Line> lines_of(const Node& document) {
  Renderer renderer(document);
  renderer.node(document);
  return renderer.finish();
}

}  // namespace coi::html

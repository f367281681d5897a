#include "html/to_text.h"

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

class Renderer {
 public:
  // `apart`: quotes and signatures go where split_reply() wants them.
  explicit Renderer(bool apart) : apart_(apart) {}

  void node(const Node& node) {
    if (node.is_text())
      pre_ > 0 ? writer().preformatted(node.text) : writer().flow(node.text);
    else if (!is_invisible(node))
      apart_ ? marked(node) : element(node);
  }

  // Answers stand between quotes, and would make no sense without them.
  bool interleaved() const { return interleaved_; }

  ReplyText finish() { return {text_.finish(), quote_.finish(), signature_.finish()}; }

 private:
  enum class Target { text, quote, signature };

  TextWriter& writer() { return target_ == Target::quote ? quote_ : target_ == Target::signature ? signature_ : text_; }

  void marked(const Node& node) {
    const auto mark = reply_mark(node);
    if (mark == ReplyMark::attribution && !starts_with_forward_rule(node)) {
      if (target_ == Target::text || quote_root_) return;
    } else if (target_ == Target::text) {
      if (mark == ReplyMark::signature) return into(Target::signature, node);
      if (mark == ReplyMark::quote && !starts_with_forward_rule(node)) return quote(node);
      if (mark == ReplyMark::quote_from_here) target_ = Target::quote;
    }
    element(node);
  }

  void quote(const Node& node) {
    interleaved_ = interleaved_ || (!quote_.empty() && text_.size() > text_before_quote_);
    into(Target::quote, node);
    text_before_quote_ = text_.size();
  }

  void into(Target target, const Node& node) {
    target_ = target;
    quote_root_ = target == Target::quote ? &node : nullptr;
    writer().block(1);
    element(node);
    quote_root_ = nullptr;
    target_ = Target::text;
  }

  void element(const Node& node) {
    if (node.tag == "br") {
      writer().line_break();
    } else if (node.tag == "img") {
      image(node);
    } else if (node.tag == "hr") {
      rule();
    } else if (node.tag == "a") {
      children(node);
      link(node);
    } else if (node.tag == "q") {
      writer().flow("\u201C");
      children(node);
      writer().flow("\u201D");
    } else if (node.tag == "td" || node.tag == "th") {
      writer().gap();
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
    writer().block(blank);
    if (list) lists_.push_back({node.tag == "ol", first_number(node)});
    if (node.tag == "pre") ++pre_;
    const bool mark = node.tag == "li" || node.tag == "dd" || (node.tag == "blockquote" && !is_first_level_quote(node));
    if (mark)
      indented(node);
    else
      children(node);
    if (node.tag == "pre") --pre_;
    if (list) lists_.pop_back();
    // The writer may have changed inside, at "from here on".
    writer().block(blank);
  }

  void indented(const Node& node) {
    std::string first = "  ";
    std::string later = "  ";
    if (node.tag == "blockquote") {
      first = later = "> ";
    } else if (node.tag == "li") {
      first = item_mark(node);
      if (!lists_.empty() && lists_.back().numbered) later.assign(first.size(), ' ');
    }
    auto& target = writer();
    const auto before = target.enter(first, later);
    children(node);
    target.leave(before);
  }

  std::string item_mark(const Node& item) {
    if (lists_.empty() || !lists_.back().numbered) return "\u2022 ";
    auto& number = lists_.back().next;
    if (item.has_attribute("value")) number = number_of(item.attribute("value"), number);
    return fmt::format("{}. ", number++);
  }

  // The quote that split_reply() takes out carries no mark of its own: the outermost blockquote in it.
  bool is_first_level_quote(const Node& node) {
    if (!quote_root_ || target_ != Target::quote) return false;
    if (&node != quote_root_ && quote_root_->tag == "blockquote") return false;
    quote_root_ = nullptr;
    return true;
  }

  void image(const Node& node) {
    const auto tiny = [&](std::string_view name) {
      const auto value = node.attribute(name);
      return value == "0" || value == "1" || value == "0px" || value == "1px";
    };
    if (tiny("width") || tiny("height") || ascii_istarts_with(node.attribute("src"), "cid:")) return;
    writer().flow(node.attribute("alt"));
  }

  void link(const Node& node) {
    constexpr std::size_t longest = 300;  // longer ones only identify the reader
    const auto url = ascii_trim(node.attribute("href"));
    std::string label;
    append_text(node, label);
    if (!is_safe_link(url) || url.size() > longest || ascii_trim(label).empty()) return;
    if (bare_target(url) != bare_target(label)) writer().flow(fmt::format(" <{}>", url));
  }

  void rule() {
    if (writer().empty()) return;  // nothing to be kept apart from
    writer().block();
    writer().flow("---");
    writer().block();
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

  bool apart_;
  Target target_ = Target::text;
  TextWriter text_, quote_, signature_;
  std::vector<List> lists_;
  int pre_ = 0;
  const Node* quote_root_ = nullptr;   // until its first blockquote was met
  std::size_t text_before_quote_ = 0;  // size of text_ at the end of the last quote
  bool interleaved_ = false;
};

std::string_view last_line(std::string_view text) { return text.substr(text.rfind('\n') + 1); }

// "On …, Bob wrote:" that stood before the quote without a mark, and the rule that Outlook draws there.
void drop_attribution(std::string& text) {
  while (true) {
    text.erase(text.find_last_not_of(" \n") + 1);
    const auto line = last_line(text);
    const bool attribution = line.ends_with(':') && line.find_first_of("0123456789@") != std::string_view::npos;
    if (!attribution && line != "---") return;
    text.resize(text.size() - line.size());
    if (attribution) {
      text.erase(text.find_last_not_of(" \n") + 1);
      return;
    }
  }
}

void drop_dashes(std::string& signature) {
  if (signature.starts_with("--")) signature.erase(0, std::min(signature.find_first_not_of("- \n"), signature.size()));
}

}  // namespace

std::string to_text(const Node& document) {
  Renderer renderer(false);
  renderer.node(document);
  return renderer.finish().text;
}

ReplyText split_reply(const Node& document) {
  Renderer renderer(true);
  renderer.node(document);
  auto reply = renderer.finish();
  drop_dashes(reply.signature);
  if (!reply.quote.empty()) drop_attribution(reply.text);
  const bool only_quote = reply.text.empty() && !reply.quote.empty();
  if (only_quote || renderer.interleaved()) return {to_text(document), "", ""};
  return reply;
}

}  // namespace coi::html

#include "html/sanitize.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "html/escaped.h"
#include "html/link_text.h"
#include "html/style.h"

namespace coi::html {
namespace {

constexpr std::string_view kept_elements[] = {
    "a",       "abbr",   "address", "article",    "aside",  "b",        "bdi",    "big",   "blockquote", "br",
    "caption", "center", "cite",    "code",       "col",    "colgroup", "dd",     "del",   "dfn",        "div",
    "dl",      "dt",     "em",      "figcaption", "figure", "font",     "footer", "h1",    "h2",         "h3",
    "h4",      "h5",     "h6",      "header",     "hr",     "i",        "img",    "ins",   "kbd",        "li",
    "main",    "mark",   "nav",     "ol",         "p",      "pre",      "q",      "s",     "samp",       "section",
    "small",   "span",   "strike",  "strong",     "sub",    "sup",      "table",  "tbody", "td",         "tfoot",
    "th",      "thead",  "time",    "tr",         "tt",     "u",        "ul",     "var",   "wbr"};
static_assert(std::ranges::is_sorted(kept_elements));

// Left out with all they hold.
constexpr std::string_view dropped_elements[] = {
    "applet",   "area",   "audio",    "base",     "basefont", "bgsound", "canvas",    "embed",  "frame",
    "frameset", "head",   "iframe",   "input",    "link",     "map",     "math",      "meta",   "noembed",
    "noframes", "object", "optgroup", "option",   "param",    "picture", "plaintext", "script", "select",
    "source",   "style",  "svg",      "template", "textarea", "title",   "track",     "video",  "xmp"};
static_assert(std::ranges::is_sorted(dropped_elements));

constexpr std::string_view empty_elements[] = {"br", "col", "hr", "img", "wbr"};

// Attributes with one meaning on all elements; values are words, numbers or colours.
constexpr std::string_view kept_attributes[] = {"align",   "bgcolor", "border", "cellpadding", "cellspacing", "color",
                                                "colspan", "dir",     "face",   "height",      "lang",        "rowspan",
                                                "size",    "start",   "type",   "valign",      "value",       "width"};
static_assert(std::ranges::is_sorted(kept_attributes));

template <std::size_t size>
bool is_in(const std::string_view (&sorted)[size], std::string_view word) {
  return std::ranges::binary_search(sorted, word);
}

// Browsers drop white space and control characters from the front and tabs and line ends from within.
std::string cleaned_url(std::string_view url) {
  std::string out;
  for (const char c : url)
    if (static_cast<unsigned char>(c) >= ' ' && c != 0x7F && !(out.empty() && c == ' ')) out += c;
  while (out.ends_with(' ')) out.pop_back();
  return out;
}

bool is_embedded_picture(std::string_view url) {
  if (ascii_istarts_with(url, "cid:")) return true;
  constexpr std::string_view kinds[] = {"data:image/png;base64,", "data:image/jpeg;base64,", "data:image/jpg;base64,",
                                        "data:image/gif;base64,", "data:image/webp;base64,"};
  constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/= ";
  for (const auto kind : kinds)
    if (ascii_istarts_with(url, kind))
      return url.substr(kind.size()).find_first_not_of(base64) == std::string_view::npos;
  return false;
}

bool is_remote(std::string_view url) {
  const auto clean = cleaned_url(url);
  return clean.starts_with("//") || clean.starts_with("\\\\") || ascii_istarts_with(clean, "http:") ||
         ascii_istarts_with(clean, "https:") || ascii_istarts_with(clean, "ftp:");
}

std::size_t pixels(std::string_view value) {
  std::size_t number = 0;
  for (const char c : ascii_trim(value)) {
    if (c < '0' || c > '9' || number > 100'000) break;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return number;
}

// A picture that nobody is meant to see only reports that the mail was opened.
bool is_tracking_pixel(const Node& image) {
  const auto tiny = [&](std::string_view name) {
    return image.has_attribute(name) && pixels(image.attribute(name)) <= 2;
  };
  return tiny("width") || tiny("height");
}

// A box as high as a few letters would let its text run over what stands below; cells grow with what they hold.
bool keeps_height(std::string_view tag) {
  constexpr std::string_view all[] = {"hr", "img", "table", "td", "th", "tr"};
  return is_in(all, tag);
}

// A number that would make a program draw a page of any size, or count long.
bool is_too_large(std::string_view name, std::string_view value) {
  constexpr std::size_t most_pixels = 4000, most_cells = 100, most_digits = 9;
  if (name == "width" || name == "height" || name == "size") return pixels(value) > most_pixels;
  if (name == "colspan" || name == "rowspan" || name == "border" || name == "cellpadding" || name == "cellspacing")
    return pixels(value) > most_cells;
  return (name == "start" || name == "value") && value.size() > most_digits;
}

// Of the kept ones, those that stand on lines of their own. Cells do not: two may stand close together.
constexpr std::string_view block_elements[] = {
    "address",    "article", "aside",  "blockquote", "br", "caption", "center",  "dd",    "div", "dl",     "dt",
    "figcaption", "figure",  "footer", "h1",         "h2", "h3",      "h4",      "h5",    "h6",  "header", "hr",
    "li",         "main",    "nav",    "ol",         "p",  "pre",     "section", "table", "tr",  "ul"};
static_assert(std::ranges::is_sorted(block_elements));

// What a link says to a reader.
void append_label(const Node& node, std::string& out) {
  const bool block = is_in(block_elements, node.tag);
  if (block) out += ' ';
  out += node.text;
  if (node.tag == "img") out.append(" ").append(node.attribute("alt")).append(" ");
  if (is_in(dropped_elements, node.tag)) return;
  for (const auto& child : node.children) append_label(child, out);
  if (block) out += ' ';
}

// Nothing around it may hide it.
constexpr std::string_view target_style =
    "color: black; background-color: white; font-family: sans-serif; font-size: medium; font-style: normal; "
    "font-variant: normal; letter-spacing: normal; word-spacing: normal; "
    "line-height: normal; text-indent: 0; text-transform: none";

// Without what turns the text that follows.
std::string unturned(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto here = text;
    if (!turns_text(utf8_take(text))) out += here.substr(0, here.size() - text.size());
  }
  return out;
}

class Writer {
 public:
  void node(const Node& node) {
    if (node.is_text())
      text(node.text);
    else if (is_in(dropped_elements, node.tag))
      count_remote(node);
    else if (is_in(kept_elements, node.tag) && !(node.tag == "a" && in_link_))  // links lie in no links
      element(node);
    else
      children(node);
  }

  SafeHtml finish() { return std::move(out_); }

 private:
  void children(const Node& parent) {
    count_background(parent);
    for (const auto& child : parent.children) node(child);
  }

  void element(const Node& node) {
    const bool blocked = node.tag == "img" && !is_embedded_picture(cleaned_url(node.attribute("src")));
    if (blocked) {
      const bool remote = is_remote(node.attribute("src")) || node.has_attribute("srcset");
      if (remote) ++out_.blocked;
      if (is_tracking_pixel(node)) return;
    }
    out_.html += "<" + node.tag;
    if (node.tag == "a") link(node);
    if (node.tag == "img") {
      if (!blocked) attribute("src", cleaned_url(node.attribute("src")));
      attribute("alt", node.attribute("alt"));
    }
    if (node.tag == "time" && node.has_attribute("datetime")) attribute("datetime", node.attribute("datetime"));
    // Over a link, programs show where it leads; so nothing else may be shown there.
    if (node.has_attribute("title") && node.tag != "a" && !in_link_) attribute("title", node.attribute("title"));
    for (const auto& [name, value] : node.attributes)
      if (is_in(kept_attributes, name) && is_plain_value(value) && !is_too_large(name, value)) attribute(name, value);
    style(node);
    out_.html += ">";
    if (std::ranges::find(empty_elements, node.tag) != std::end(empty_elements)) {
      count_background(node);
      return;
    }
    // A parser drops the first line end of these; one that was kept has to be written twice.
    if (node.tag == "pre" && !node.children.empty() && node.children.front().text.starts_with('\n')) out_.html += '\n';
    if (node.tag == "a")
      link_content(node);
    else
      children(node);
    out_.html += "</" + node.tag + ">";
  }

  void link_content(const Node& node) {
    in_link_ = true;
    children(node);
    in_link_ = false;
    std::string label;
    append_label(node, label);
    const auto url = cleaned_url(node.attribute("href"));
    const auto target = is_safe_link(url) ? unsaid_target(label, url) : std::string();
    if (target.empty()) return;
    const auto said = " [" + target + "]";
    const bool is_said = !node.children.empty() && node.children.back().attribute("style") == target_style &&
                         node.children.back().tag == "span" && node.children.back().children.size() == 1 &&
                         node.children.back().children.front().text == said;
    if (is_said) return;
    out_.html += "<span";
    attribute("style", target_style);
    out_.html += ">";
    text(said);
    out_.html += "</span>";
  }

  static bool is_plain_value(std::string_view value) {
    return value.size() <= 100 && std::ranges::all_of(value, [](char c) {
             return c == ' ' || c == '#' || c == '%' || c == '-' || c == ',' || c == '.' || (c >= '0' && c <= '9') ||
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
  }

  void link(const Node& node) {
    const auto url = cleaned_url(node.attribute("href"));
    if (!is_safe_link(url)) return;
    attribute("href", url);
    attribute("rel", "noopener noreferrer");
  }

  void style(const Node& node) {
    std::string kept;
    for (const auto& declaration : parse_style(node.attribute("style"))) {
      if (loads(declaration))
        ++out_.blocked;
      else if (is_safe(declaration) && (declaration.name != "height" || keeps_height(node.tag)))
        kept += (kept.empty() ? "" : "; ") + declaration.name + ": " + declaration.value;
    }
    if (!kept.empty()) attribute("style", kept);
  }

  // <body background>, <table background>, and the like
  void count_background(const Node& node) {
    if (is_remote(node.attribute("background"))) ++out_.blocked;
  }

  void count_remote(const Node& node) {
    for (const auto name : {"src", "srcset", "href", "data", "poster", "xlink:href"})
      if (is_remote(node.attribute(name))) {
        ++out_.blocked;
        break;
      }
    if (node.tag == "style") {
      for (const auto& child : node.children)
        if (child.text.find("url(") != std::string::npos || child.text.find("@import") != std::string::npos)
          ++out_.blocked;
    }
    for (const auto& child : node.children) count_remote(child);
  }

  void attribute(std::string_view name, std::string_view value) {
    out_.html.append(" ").append(name).append("=\"");
    text(value);
    out_.html += '"';
  }

  void text(std::string_view shown) { out_.html += escaped(unturned(shown)); }

  SafeHtml out_;
  bool in_link_ = false;
};

}  // namespace

bool is_safe_link(std::string_view url) {
  const auto clean = cleaned_url(url);
  constexpr std::string_view schemes[] = {"http://", "https://", "mailto:", "tel:", "xmpp:"};
  return std::ranges::any_of(schemes, [&](std::string_view scheme) { return ascii_istarts_with(clean, scheme); });
}

SafeHtml sanitize(const Node& document) {
  Writer writer;
  writer.node(document);
  return writer.finish();
}

}  // namespace coi::html

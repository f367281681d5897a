#include "html/items.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "html/class_names.h"

namespace coi::html {
namespace {

constexpr std::size_t most_classes = 20;
constexpr std::string_view space = " \t\n\r\f";

std::vector<std::string> classes_of(const Node& node) {
  std::vector<std::string> out;
  auto left = node.attribute("class");
  while (out.size() < most_classes) {
    left.remove_prefix(std::min(left.find_first_not_of(space), left.size()));
    if (left.empty()) break;
    const auto end = std::min(left.find_first_of(space), left.size());
    out.push_back(ascii_lower(left.substr(0, end)));
    left.remove_prefix(end);
  }
  return out;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 50 &&
         std::ranges::all_of(text, [](char c) { return ascii_digit(c) || (c >= 'a' && c <= 'z') || c == '-'; });
}

void add(std::vector<Outline::Element>& out, const Node& node, std::size_t most_depth) {
  for (const auto& child : node.children) {
    if (child.is_text()) continue;
    const auto index = out.size();
    out.push_back({.node = &child, .classes = classes_of(child)});
    if (most_depth > 0) add(out, child, most_depth - 1);
    out[index].end = out.size();
  }
}

void set_parent_ends(std::vector<Outline::Element>& elements) {
  std::vector<std::size_t> ends = {elements.size()};  // of the elements that are open
  for (std::size_t i = 0; i < elements.size(); ++i) {
    while (ends.size() > 1 && ends.back() <= i) ends.pop_back();
    elements[i].parent_end = ends.back();
    ends.push_back(elements[i].end);
  }
}

void collect(const Node& node, std::string& out, std::size_t most) {
  if (out.size() > most) return;
  if (node.is_text()) {
    for (const char c : std::string_view(node.text).substr(0, most)) {
      const bool blank = space.find(c) != std::string_view::npos;
      if (!blank) {
        out += c;
      } else if (!out.ends_with(' ') && !out.ends_with('\n')) {
        out += ' ';
      }
    }
    return;
  }
  if (node.tag == "br") out += '\n';
  if (node.tag == "script" || node.tag == "style" || node.tag == "template") return;
  for (const auto& child : node.children) collect(child, out, most);
}

// How much of a text is looked at for so many octets of it without superfluous white space.
std::size_t worth_reading(std::size_t most) { return 1000 + 8 * std::min<std::size_t>(most, 1'000'000); }

std::string_view url_in(const Node& node) {
  const auto& tag = node.tag;
  if (tag == "a" || tag == "area" || tag == "link") return node.attribute("href");
  if (tag == "img" || tag == "audio" || tag == "video" || tag == "source" || tag == "iframe")
    return node.attribute("src");
  if (tag == "object") return node.attribute("data");
  return {};
}

}  // namespace

bool Outline::Element::has(std::string_view name) const { return std::ranges::find(classes, name) != classes.end(); }

std::vector<std::string_view> Outline::Element::items() const {
  std::vector<std::string_view> out;
  for (const std::string_view name : classes)
    if (name.starts_with("h-") && is_name(name) && std::ranges::find(out, name) == out.end()) out.push_back(name);
  return out;
}

std::vector<std::string_view> Outline::Element::properties() const {
  std::vector<std::string_view> out;
  for (const std::string_view name : classes) {
    if (!is_name(name) || std::ranges::find(out, name) != out.end()) continue;
    constexpr std::string_view prefixes[] = {"p-", "u-", "dt-", "e-", "x-"};
    if (name == old_key_class || std::ranges::any_of(prefixes, [&](auto prefix) { return name.starts_with(prefix); }))
      out.push_back(name);
  }
  return out;
}

Outline::Outline(const Node& document) {
  constexpr std::size_t most_depth = 1000;  // beyond what parse() gives
  add(elements, document, most_depth);
  set_parent_ends(elements);
}

std::optional<std::size_t> Outline::find(std::string_view item_class, Range within) const {
  for (auto i = within.begin; i < within.end; ++i)
    if (elements[i].has(item_class)) return i;
  return std::nullopt;
}

Range Outline::behind(std::size_t element, std::string_view item_class) const {
  const Range rest = {elements[element].end, elements[element].parent_end};
  return {rest.begin, find(item_class, rest).value_or(rest.end)};
}

std::string_view Values::of(std::string_view property) {
  constexpr std::size_t most_text = 100'000;
  if (element_.has_attribute("value") && element_.tag != "li") return element_.attribute("value");
  if (element_.has_attribute("datetime")) return element_.attribute("datetime");
  if (property.starts_with("u-") || property == old_key_class) {
    if (const auto url = url_in(element_); !url.empty()) return url;
  } else if (element_.tag == "img" || element_.tag == "area") {
    return element_.attribute("alt");
  }
  if (element_.tag == "abbr" && element_.has_attribute("title")) return element_.attribute("title");
  if (!text_) text_ = text_of(element_, most_text);
  return *text_;
}

std::string text_of(const Node& element, std::size_t most) {
  std::string out;
  collect(element, out, most);
  return out;
}

std::string lines(std::string_view text, std::size_t most) {
  text = utf8_front(text, worth_reading(most));
  std::string out;
  for (const auto line : ascii_split(text, '\n')) {
    const auto shown = one_line(line, most);
    if (shown.empty() && out.empty()) continue;
    out += shown;
    out += '\n';
  }
  while (out.ends_with('\n')) out.pop_back();
  return std::string(ascii_trim(utf8_front(out, most)));
}

std::string one_line(std::string_view text, std::size_t most) {
  text = utf8_front(text, worth_reading(most));
  std::string out;
  for (const char c : printable(text)) {
    if (c != ' ') {
      out += c;
    } else if (!out.empty() && !out.ends_with(' ')) {
      out += ' ';
    }
  }
  return std::string(ascii_trim(utf8_front(out, most)));
}

std::string without_space(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return space.find(c) != std::string_view::npos; });
  return out;
}

}  // namespace coi::html

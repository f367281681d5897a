// HTML as a tree of values, read as browsers read it (WHATWG HTML, section 13.2). The tree is whatever a stranger
// wrote: to show it, sanitize.h; to read it as text, lines.h.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace coi::html {

struct Attribute {
  std::string name;   // lower case
  std::string value;  // UTF-8, entities decoded
  friend bool operator==(const Attribute&, const Attribute&) = default;
};

// An element, or a text if `tag` is empty. Comments, doctype and processing instructions are left out.
struct Node {
  std::string tag;   // lower case
  std::string text;  // of a text: UTF-8, entities decoded, white space as written
  std::vector<Attribute> attributes;
  std::vector<Node> children;

  bool is_text() const { return tag.empty(); }
  // The value of the attribute, "" if there is none; the name in lower case.
  std::string_view attribute(std::string_view name) const;
  bool has_attribute(std::string_view name) const;
  friend bool operator==(const Node&, const Node&) = default;
};

// The root element "html" with "head" and "body", which are made if they are missing. `utf8`: decoded as mime::parse()
// does it. Elements nested deeper than Limits::nesting x 8 are left out with what they hold. ErrorKind::limit: longer
// than Limits::text, more than 20 000 tags, 250 attributes on one, or a tree that grows beyond 64 MB (broken nesting
// multiplies elements).
Result<Node> parse(std::string_view utf8, const Limits& limits);

struct Front {
  Node document;
  bool cut = false;  // there is more
};
// The same for as much of the front as those limits allow, cut before a tag.
Front parse_front(std::string_view utf8, const Limits& limits);

}  // namespace coi::html

// A document as microformats see it: elements with class names, in the order in which they begin (microformats.org,
// microformats2 parsing). Private to this room.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "html/html.h"

namespace coi::html {

struct Range {
  std::size_t begin = 0, end = 0;  // indices into Outline::elements
};

// Views into the document, which has to outlive it.
struct Outline {
  struct Element {
    const Node* node = nullptr;
    std::size_t end = 0;                    // behind its last descendant
    std::size_t parent_end = 0;             // the same of its parent
    std::vector<std::string> classes = {};  // lower case, at most 20
    bool has(std::string_view name) const;
    // h-*: what is in it belongs to it alone
    std::vector<std::string_view> items() const;
    bool is_item() const { return !items().empty(); }
    // p-*, u-*, dt-*, e-*, x-* and "key"
    std::vector<std::string_view> properties() const;
  };
  std::vector<Element> elements;

  explicit Outline(const Node& document);

  // The first one of this class at or behind `from`.
  std::optional<std::size_t> find(std::string_view item_class, Range within) const;
  Range all() const { return {0, elements.size()}; }
  // What stands in the element.
  Range inside(std::size_t element) const { return {element + 1, elements[element].end}; }
  // What stands behind it in its parent, as far as the next one of that class. To it belongs what a <p> was meant to
  // hold but cannot: an inner block ends it (WHATWG HTML, 13.2.6.4.7).
  Range behind(std::size_t element, std::string_view item_class) const;
};

// What an element says as a property: the attribute `value` (not of a list's entry), else `datetime`; of u-* the URL of
// a link or medium; of others the alternative text of a picture, the title of an abbreviation; else its text, of which
// about 100 kB are read, once for all properties. Not cleaned; a <br> is "\n".
class Values {
 public:
  explicit Values(const Node& element) : element_(element) {}
  // A view, good as long as the document and this.
  std::string_view of(std::string_view property);

 private:
  const Node& element_;
  std::optional<std::string> text_;
};

// The element's text with white space collapsed, <br> as "\n".
std::string text_of(const Node& element, std::size_t most);

// White space collapsed, also line ends, none at the ends; control characters as spaces; at most `most` octets.
std::string one_line(std::string_view text, std::size_t most);
// The same, with line ends kept.
std::string lines(std::string_view text, std::size_t most);
// Without all white space.
std::string without_space(std::string_view text);

}  // namespace coi::html

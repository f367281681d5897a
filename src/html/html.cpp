#include "html/html.h"

#include <algorithm>
#include <csetjmp>
#include <cstddef>
#include <memory>

#include <fmt/format.h>
#include <gumbo.h>

#include "base/ascii.h"

namespace coi::html {
namespace {

constexpr std::size_t most_tags = 20'000;  // gumbo's time grows with the square of badly nested ones: this is 1 s
constexpr std::size_t most_memory = 64 * 1024 * 1024;

constexpr std::size_t most_attributes = 250;  // of one tag; gumbo compares each with all before it

// Counts the attributes of the tag that begins at the front of `text` (WHATWG HTML, 13.2.5.32 and following), as far as
// most_attributes, and says in `seen` how much of it was looked at.
std::size_t count_attributes(std::string_view text, std::size_t& seen) {
  constexpr std::string_view space = " \t\n\r\f";
  std::size_t count = 0;
  std::size_t at = text.find_first_of(" \t\n\r\f/>");
  while (at < text.size() && count <= most_attributes) {
    at = text.find_first_not_of(" \t\n\r\f/", at);
    if (at >= text.size() || text[at] == '>') break;
    ++count;
    at = text.find_first_of(" \t\n\r\f/>=", at + 1);  // a "=" in front belongs to the name
    const auto equals = text.find_first_not_of(space, at);
    if (equals >= text.size() || text[equals] != '=') continue;
    const auto value = text.find_first_not_of(space, equals + 1);
    if (value >= text.size()) break;
    if (text[value] == '"' || text[value] == '\'') {
      at = text.find(text[value], value + 1);
      if (at != std::string_view::npos) ++at;
    } else {
      at = text.find_first_of(" \t\n\r\f>", value);
    }
  }
  seen = std::min(at, text.size());
  return count;
}

// How much of the front has tags that gumbo can be given: no more of them, and of attributes, than it reads in a
// second. Looks at everything that may be a tag, also within scripts and values, as only gumbo knows what really is
// one. Tags within each other's values would take long; so much of that is nothing that a person wrote.
std::size_t tags_end(std::string_view html) {
  constexpr std::size_t most_looks = 16;  // at each octet, on average
  std::size_t looked = 0, tags = 0;
  for (auto at = html.find('<'); at != std::string_view::npos; at = html.find('<', at + 1)) {
    std::size_t seen = 0;
    if (++tags > most_tags || count_attributes(html.substr(at), seen) > most_attributes) return at;
    looked += seen;
    if (looked > most_looks * html.size()) return at;
  }
  return html.size();
}

// All memory of one gumbo run. Nothing is freed before the end, so that gumbo's recursive clean-up is not needed, which
// would overflow the stack on deep trees. gumbo expects every allocation to succeed: when the memory is used up, the
// only way out is a jump over its C frames back to run_gumbo().
class Arena {
 public:
  static void* allocate(void* arena, std::size_t size) { return static_cast<Arena*>(arena)->take(size); }
  static void release(void*, void*) {}

  std::jmp_buf exhausted;

 private:
  static constexpr std::size_t block_size = 256 * 1024;

  void* take(std::size_t size) {
    constexpr auto alignment = alignof(std::max_align_t);
    size = (size + alignment - 1) / alignment * alignment;
    if (size > left_) {
      const auto block = std::max(size, block_size);
      used_ += block;
      if (used_ > most_memory) std::longjmp(exhausted, 1);
      blocks_.push_back(std::make_unique<std::byte[]>(block));
      next_ = blocks_.back().get();
      left_ = block;
    }
    auto* taken = next_;
    next_ += size;
    left_ -= size;
    return taken;
  }

  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  std::byte* next_ = nullptr;
  std::size_t left_ = 0;
  std::size_t used_ = 0;
};

// nullptr when the memory did not do. Holds no object that the jump would skip.
const GumboOutput* run_gumbo(Arena& arena, std::string_view html) {
  if (setjmp(arena.exhausted) != 0) return nullptr;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = Arena::allocate;
  options.deallocator = Arena::release;
  options.userdata = &arena;
  options.max_errors = 0;
  return gumbo_parse_with_options(&options, html.data(), html.size());
}

std::string tag_name(const GumboElement& element) {
  if (element.tag != GUMBO_TAG_UNKNOWN) return gumbo_normalized_tagname(element.tag);
  GumboStringPiece piece = element.original_tag;
  gumbo_tag_from_original_text(&piece);
  return piece.data ? ascii_lower(std::string_view(piece.data, piece.length)) : std::string("unknown");
}

bool is_text(const GumboNode& node) {
  return node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA;
}

Node node_of(const GumboNode& node, std::size_t depth) {
  Node out;
  if (is_text(node)) {
    out.text = node.v.text.text;
    return out;
  }
  const auto& element = node.v.element;
  out.tag = tag_name(element);
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    const auto& attribute = *static_cast<const GumboAttribute*>(element.attributes.data[i]);
    out.attributes.push_back({ascii_lower(attribute.name), attribute.value});
  }
  if (depth == 0) return out;
  for (unsigned i = 0; i < element.children.length; ++i) {
    const auto& child = *static_cast<const GumboNode*>(element.children.data[i]);
    if (child.type == GUMBO_NODE_ELEMENT || child.type == GUMBO_NODE_TEMPLATE || is_text(child))
      out.children.push_back(node_of(child, depth - 1));
  }
  return out;
}

}  // namespace

std::string_view Node::attribute(std::string_view name) const {
  const auto found = std::ranges::find(attributes, name, &Attribute::name);
  return found == attributes.end() ? std::string_view() : found->value;
}

bool Node::has_attribute(std::string_view name) const {
  return std::ranges::find(attributes, name, &Attribute::name) != attributes.end();
}

Result<Node> parse(std::string_view utf8, const Limits& limits) {
  if (utf8.size() > limits.text) return fail(ErrorKind::limit, fmt::format("HTML of {} octets", utf8.size()));
  if (tags_end(utf8) < utf8.size()) return fail(ErrorKind::limit, "HTML with too many tags, or attributes on one");
  Arena arena;
  const auto* output = run_gumbo(arena, utf8.empty() ? " " : utf8);
  if (!output || !output->root) return fail(ErrorKind::limit, "HTML whose broken nesting multiplies its elements");
  return node_of(*output->root, limits.nesting * 8);
}

Front parse_front(std::string_view utf8, const Limits& limits) {
  auto front = utf8.substr(0, limits.text);
  if (front.size() < utf8.size()) front = front.substr(0, std::min(front.rfind('<'), front.size()));
  front = front.substr(0, tags_end(front));
  // Broken nesting is found by the memory that it takes alone.
  for (int tries = 0; tries < 8; ++tries) {
    if (auto document = parse(front, limits)) return {std::move(*document), front.size() < utf8.size()};
    front = front.substr(0, front.size() / 4);
    front = front.substr(0, std::min(front.rfind('<'), front.size()));
  }
  return {.document = {.tag = "html"}, .cut = true};
}

}  // namespace coi::html

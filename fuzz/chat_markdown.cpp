// rooms: chat
// Any octets are formatted text: what has no markup comes back as it was, and all forms say the same.
#include <cstdint>
#include <string>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/markdown.h"
#include "chat/mention.h"
#include "check.h"
#include "html/sanitize.h"

namespace {

using namespace coi::chat;

std::string letters(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (coi::ascii_alnum(c)) out += c;
  return out;
}

std::string text_of(const coi::html::Node& node) {
  std::string out = node.text;
  for (const auto& child : node.children) out += text_of(child);
  return out;
}

// Every letter of `part` stands in `whole`, in that order.
bool is_within(std::string_view part, std::string_view whole) {
  for (const char c : part) {
    const auto at = whole.find(c);
    if (at == std::string_view::npos) return false;
    whole.remove_prefix(at + 1);
  }
  return true;
}

void check_elements(const coi::html::Node& node) {
  constexpr std::string_view ours[] = {"",    "html", "head", "body",       "p",  "strong", "em", "s", "code",
                                       "pre", "span", "a",    "blockquote", "ul", "ol",     "li", "br"};
  check(std::ranges::find(ours, std::string_view(node.tag)) != std::end(ours));
  for (const auto& [name, value] : node.attributes) {
    check(name == "href" || name == "class" || name == "start" || name == "value");
    if (name == "href") check(coi::html::is_safe_link(value));
  }
  for (const auto& child : node.children) check_elements(child);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto plain = plain_text(text);
  if (!has_markup(text)) check(plain == text);
  if (!has_markup(plain)) check(plain_text(plain) == plain);
  std::string shown;
  std::size_t level = 0;
  for (const auto& block : blocks(text)) {
    check(block.quote <= 8 && block.level <= 4);
    if (block.first) level = 0;
    check(block.level <= level + 1);
    level = block.level;
    for (const auto& run : block.runs) shown += run.text;
  }
  // What a fence says about its language is part of the mark.
  if (!text.contains("```")) check(is_within(letters(shown), letters(plain)));
  // A link that says its target is not spelled out, and links to one target that touch name it once.
  if (!text.contains("```") && !text.contains("](")) check(is_within(letters(text), letters(plain)));
  const auto html = to_html(text);
  check_text(html);
  const auto tree = coi::html::parse(html, coi::Limits{});
  if (tree) {
    check_elements(*tree);
    check(letters(text_of(*tree)) == letters(shown));
    if (const auto back = markdown_from_html(*tree))
      check(letters(text_of(coi::html::parse(to_html(*back), {}).value())) == letters(shown));
  }
  if (const auto stranger = coi::html::parse(text, coi::Limits{})) {
    static_cast<void>(markdown_from_html(*stranger));
    for (const auto& mention : mentions_in(*stranger)) check(!mention.name.empty());
  }
  std::size_t done = 0;
  for (const auto& mention : find_mentions(text)) {
    check(mention.start >= done && mention.length > 0 && mention.start + mention.length <= size);
    done = mention.start + mention.length;
    const auto again = find_mentions(write_mention(mention.name, mention.addr));
    check(again.size() == 1 && again[0].addr == mention.addr);
  }
  static_cast<void>(with_mentions_shown(text));
  return 0;
}

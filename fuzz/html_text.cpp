// rooms: html
// Any octets are read as HTML; what is sanitised holds nothing but what is safe, also when it is read again.
#include <algorithm>
#include <cstdint>

#include "base/ascii.h"
#include "check.h"
#include "html/lines.h"
#include "html/sanitize.h"

namespace {

using namespace coi::html;

void check_safe(const Node& node) {
  constexpr std::string_view unsafe[] = {"script", "style", "iframe", "object", "embed", "form",  "input",   "svg",
                                         "math",   "link",  "meta",   "base",   "video", "audio", "template"};
  check(std::ranges::find(unsafe, std::string_view(node.tag)) == std::end(unsafe));
  for (const auto& [name, value] : node.attributes) {
    check(!name.starts_with("on") && name != "id" && name != "class" && name != "srcset" && name != "background");
    if (name == "href") check(is_safe_link(value));
    if (name == "src") check(coi::ascii_istarts_with(value, "cid:") || coi::ascii_istarts_with(value, "data:image/"));
    if (name == "title") check(node.tag != "a");
    if (name == "style")
      check(value.find(": -") == std::string::npos || value.find("letter-spacing: -") != std::string::npos);
    if (name == "style") check(value.find("url(") == std::string::npos && value.find("position:") == std::string::npos);
  }
  for (const auto& child : node.children) check_safe(child);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const coi::Limits limits;
  const auto document = parse({reinterpret_cast<const char*>(data), size}, limits);
  if (!document) return 0;
  static_cast<void>(lines_of(*document));
  const auto safe = sanitize(*document);
  for (const std::string_view turn : {"\u202A", "\u202B", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068"})
    check(!safe.html.contains(turn));
  if (const auto again = parse(safe.html, limits)) check_safe(*again);
  return 0;
}

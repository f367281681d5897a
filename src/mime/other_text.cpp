#include "mime/other_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "mime/blank.h"
#include "mime/content.h"
#include "mime/enriched.h"

namespace coi::mime {
namespace {

bool has_words(const Part& part) {
  if (part.type == "multipart/encrypted" || (part.is_text() && !is_blank(part.body))) return true;
  return std::ranges::any_of(part.children, has_words);
}

bool is_for_programs(std::string_view type) {
  constexpr std::string_view types[] = {"text/calendar",  "text/vcard",      "text/x-vcard",
                                        "text/directory", "text/csv",        "text/rtf",
                                        "text/css",       "text/javascript", "text/rfc822-headers"};
  return std::ranges::find(types, type) != std::end(types);
}

Part* other_text(Part& part) {
  for (auto& child : part.children)
    if (auto* found = other_text(child)) return found;
  const bool is_other = part.type.starts_with("text/") && !part.is_text() && part.filename.empty() &&
                        part.disposition != "attachment" && !is_for_programs(part.type);
  return is_other && part.children.empty() && !is_blank(part.body) ? &part : nullptr;
}

}  // namespace

void read_other_text(Part& root, const Limits& limits) {
  if (has_words(root)) return;
  auto* part = other_text(root);
  if (part == nullptr) return;
  const auto type = std::move(part->type);
  make_text(*part, type.contains("html") ? "text/html" : "text/plain", limits);
  if (type == "text/enriched") part->body = without_commands(part->body, Enriched::enriched);
  if (type == "text/richtext") part->body = without_commands(part->body, Enriched::richtext);
}

}  // namespace coi::mime

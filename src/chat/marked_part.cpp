#include "chat/marked_part.h"

#include <algorithm>
#include <utility>

#include "mime/params.h"
#include "wire/words.h"

namespace coi::chat {

std::string_view field_of(const mime::Part& part, std::string_view name) {
  const auto* value = part.header(name);
  return value == nullptr ? std::string_view() : std::string_view(*value);
}

wire::Content content_of(const mime::Part& part) {
  const auto* value = part.header(wire::chat_content);
  return value == nullptr ? wire::Content::none : wire::parse_content(value->c_str());
}

std::optional<std::string> mark_parameter(std::string_view mark, std::string_view name) {
  auto params = mime::parse_params(mark).params;
  const auto found = std::ranges::find(params, name, &mime::Param::name);
  return found == params.end() ? std::nullopt : std::optional(std::move(found->value));
}

std::string mark_with(std::string_view word, std::string_view name, std::string value) {
  auto mark = std::string(word) + mime::format_params({{std::string(name), std::move(value)}});
  std::erase_if(mark, [](char c) { return c == '\r' || c == '\n'; });  // a field is folded when it is written
  return mark;
}

const mime::Part* marked_page(const mime::Part& part, wire::Content word) {
  if (part.is_multipart()) {
    for (const auto& child : part.children)
      if (const auto* found = marked_page(child, word)) return found;
    return nullptr;
  }
  return is_marked(part, word) && part.type == "text/html" ? &part : nullptr;
}

}  // namespace coi::chat

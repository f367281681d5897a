// Parts that say what they are for (C-14, C-15). Pure; inside of the room only.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mime/mail.h"
#include "wire/content.h"

namespace coi::chat {

// The first field of that name, in any case; "" if there is none.
std::string_view field_of(const mime::Part& part, std::string_view name);

// Chat-Content of the part itself.
wire::Content content_of(const mime::Part& part);
inline bool is_marked(const mime::Part& part, wire::Content word) { return content_of(part) == word; }

// A parameter of Chat-Content (C-52); C-52: also one with spaces that is in no quotes. nullopt: it has none.
std::optional<std::string> mark_parameter(std::string_view mark, std::string_view name);
// "word; name=value". The value is any UTF-8.
std::string mark_with(std::string_view word, std::string_view name, std::string value);

// The first text/html, in any depth, that is marked so itself. Points into `part`; nullptr: there is none.
const mime::Part* marked_page(const mime::Part& part, wire::Content word);

}  // namespace coi::chat

// Elements of to_html() -> Markdown; inside of the room only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "html/html.h"

namespace coi::chat {

// What stands in the body. nullopt: holds something that to_html() never writes. Whether the rest was understood, the
// caller finds out: marks may stand where they count for nothing. `italic`: '*' or '_'.
std::optional<std::string> write_markdown(const std::vector<html::Node>& body, char italic);

}  // namespace coi::chat

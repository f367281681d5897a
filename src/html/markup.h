// Writing small pieces of HTML. Private to this room.
#pragma once

#include <string>
#include <string_view>

namespace coi::html {

// escaped() with "\n" as <br>.
std::string escaped_lines(std::string_view text);

// <tag class="names">text</tag>
std::string element(std::string_view tag, std::string_view names, std::string_view text);
// <data class="names" value="value"></data>: read by programs, not shown.
std::string hidden(std::string_view names, std::string_view value);
// <img class="names" src="url" alt="label">
std::string picture(std::string_view names, std::string_view url, std::string_view label);

}  // namespace coi::html

// Text -> HTML that shows it.
#pragma once

#include <string>
#include <string_view>

namespace coi::html {

// For element content and for attribute values in double quotes. What may not stand in HTML (WHATWG HTML, 13.2.3.5) is
// left to no parser's taste: control characters become spaces, octets that are no UTF-8 become U+FFFD. "\n" and "\t"
// stay.
std::string escaped(std::string_view text);

}  // namespace coi::html

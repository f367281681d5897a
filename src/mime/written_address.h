// An address as a person writes it.
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// The address that is written alone, or as it is printed: "Bob Miller <bob@example.net>" is what stands in the last <>,
// whatever the name says. canonical(); is_address() says whether it is one.
std::string written_address(std::string_view text);

}  // namespace coi::mime

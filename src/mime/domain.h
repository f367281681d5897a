// Domains of addresses, which may be written in the letters of any script (RFC 5891).
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// ASCII in lower case, else its A-labels: "Bücher.example" becomes "xn--bcher-kva.example". What IDNA does not know is
// left as it is.
std::string canonical_domain(std::string_view domain);

}  // namespace coi::mime

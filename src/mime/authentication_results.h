// Authentication-Results: what the server that took the mail found out about where it came from (RFC 8601).
#pragma once

#include <string_view>

namespace coi::mime {

// The value of one such field says that the mail does not come from whose address stands in From: "dmarc=fail"
// (RFC 7489 section 11.2). What other methods find (SPF, DKIM) says nothing about From and is not looked at.
bool disowns_author(std::string_view value);

}  // namespace coi::mime

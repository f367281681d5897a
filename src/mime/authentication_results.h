// Authentication-Results: what the server that took the mail found out about where it came from (RFC 8601).
#pragma once

#include <string_view>
#include <vector>

#include "mime/mail.h"

namespace coi::mime {

// The user's own server says that the mail does not come from `domain`, that of the author in From: "dmarc=fail"
// (RFC 7489, section 11.2), or "dmarc=pass" for another domain, which then is the one that it saw in From. Its fields
// are the topmost one and all that bear the same authserv-id; others came with the mail, and anybody can write them
// (RFC 8601, section 7.1). A verdict for a domain holds for what lies below it too, never for what lies above.
// One that passes and names no domain denies nothing; of several domains all have to be the author's. A comment or
// string without an end is read as though it had not begun.
// What other methods find (SPF, DKIM) says nothing about From and is not looked at.
bool disowns_author(const std::vector<Header>& headers, std::string_view domain);
// The same fields say "dmarc=pass" for that domain.
bool vouches_for_author(const std::vector<Header>& headers, std::string_view domain);

}  // namespace coi::mime

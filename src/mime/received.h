// When the servers on its way had a mail (RFC 5321, section 4.4: each writes a Received field above those before).
#pragma once

#include <optional>
#include <vector>

#include "base/time.h"
#include "mime/mail.h"

namespace coi::mime {

// The time that the server which stored the mail wrote: of the topmost Received field that tells one. Where that server
// fetched the mail from another mailbox (POP3, IMAP) in which it had lain for more than a week, it was received there:
// the field below counts. nullopt: the mail was never carried by SMTP (an own copy, a draft), or no field tells a time.
std::optional<UnixMs> received_at(const std::vector<Header>& headers);

}  // namespace coi::mime

// Mailbox names: UTF-8 inside the house, modified UTF-7 on the wire (RFC 3501 section 5.1.3).
//
//   "&" is written "&-"; runs of what is not printable ASCII are "&" base64 "-" over UTF-16BE, with "," for "/" and
//   without padding; printable ASCII stands for itself.
#pragma once

#include <string>
#include <string_view>

namespace coi::imap {

// Always printable ASCII. Octets that are no UTF-8 become U+FFFD.
std::string mailbox_to_wire(std::string_view utf8);

// INBOX in any case is "INBOX" (section 5.1). A name that is no modified UTF-7 is returned as it is, for some servers
// send UTF-8; octets that are none, and control characters, are replaced. How to send such a name back, MailboxNames
// knows.
std::string mailbox_from_wire(std::string_view wire);

}  // namespace coi::imap

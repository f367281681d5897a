// What a link says of where it leads, and where it does lead.
#pragma once

#include <string>
#include <string_view>

namespace coi::html {

// The host of an http or https URL in ASCII lower case, without user ("https://bank.example@x.example/" leads to
// x.example), port and final dot; of a mailto URL the address. "" for other URLs. As browsers read it (WHATWG URL,
// 4.4): a backslash counts as a slash, tabs and line ends for nothing.
std::string target_of_link(std::string_view url);

// target_of_link() if `label`, the text that is shown for the link, names a host or an address and one of those is
// neither that nor a domain above it; "" if it does not. A reader who is shown it knows where the link leads. An
// address is compared with those of a mailto URL as a whole; with other URLs what stands on either side of its @, as
// hosts. What is taken for a host: letters, digits and hyphens with dots between them, also outside ASCII, but no
// numbers with a unit and no names of files; not what stands in the path, query or fragment behind a host. Characters
// that are not seen count for nothing; spaces, punctuation and symbols beyond ASCII part words.
std::string unsaid_target(std::string_view label, std::string_view url);

}  // namespace coi::html

// What strangers write, made fit to be shown. The inside of invitation.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coi::calendar {

inline constexpr std::size_t longest_name = 200;
inline constexpr std::size_t longest_line = 1000;
inline constexpr std::size_t longest_text = 64 * 1024;

// UTF-8 without space at both ends, at most `max` octets; control characters are spaces, and what turns the direction
// of text is left out.
std::string one_line(std::string_view text, std::size_t max);
// The same, but line ends ("\n") and tabs stay.
std::string several_lines(std::string_view text, std::size_t max);
// As one_line(), and without what cannot be seen: two names that look alike are alike.
std::string visible_name(std::string_view text);

// The address of a CAL-ADDRESS (RFC 5545, 3.3.3): "mailto:" in any case with RFC 6068's percent-encoding, or an address
// alone. "" if it is none, or holds white space, control characters, brackets or what cannot be seen.
std::string address_of(std::string_view uri);
// "mailto:" and the address, percent-encoded.
std::string mailto(std::string_view address);

// The same if it is an https URL that shows where it leads: ASCII, no user name before the host. Else "".
std::string https_url(std::string_view text);

}  // namespace coi::calendar

// Octets in any charset -> valid UTF-8. Nothing fails: what cannot be read becomes U+FFFD.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coi::mime {

// The length of the well-formed UTF-8 sequence (RFC 3629) at the front of `text`; 0 if there is none.
std::size_t utf8_sequence(std::string_view text);

// `octets` with everything kept that is well-formed UTF-8; any other octet is read as windows-1252. NUL becomes U+FFFD.
std::string valid_utf8(std::string_view octets);

// The longest front of `text` (valid UTF-8) of at most `max` octets that ends between two characters.
std::string_view utf8_front(std::string_view text, std::size_t max);

// `charset`: a MIME or iconv name in any case; "", "us-ascii" and unknown names read as valid_utf8() does.
// iso-8859-1 is read as windows-1252, gb2312 as gb18030 and so on, as everybody writes the larger set.
std::string to_utf8(std::string_view octets, std::string_view charset);

}  // namespace coi::mime

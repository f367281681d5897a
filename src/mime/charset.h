// Octets in any charset -> valid UTF-8. Nothing fails: what cannot be read becomes U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// `octets` with everything kept that is well-formed UTF-8; any other octet is read as windows-1252. NUL becomes U+FFFD.
std::string valid_utf8(std::string_view octets);

// `charset`: a MIME or iconv name in any case; "", "us-ascii" and unknown names read as valid_utf8() does.
// iso-8859-1 is read as windows-1252, gb2312 as gb18030 and so on, as everybody writes the larger set.
std::string to_utf8(std::string_view octets, std::string_view charset);

}  // namespace coi::mime

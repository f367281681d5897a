// Octets in any charset -> valid UTF-8. Nothing fails: what cannot be read becomes U+FFFD.
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// `octets` with everything kept that is well-formed UTF-8; any other octet is read as windows-1252. NUL becomes U+FFFD.
std::string valid_utf8(std::string_view octets);

// `charset`: a MIME or iconv name in any case and with any marks around it. iso-8859-1 is read as windows-1252, gb2312
// as gb18030 and so on, as everybody writes the larger set. "", "us-ascii" and unknown names read as valid_utf8() does.
// What the octets say themselves counts more: UTF-8 under another name, a byte order mark, the escapes of iso-2022-jp
// where the name is UTF-8, iso-8859-1 or none. No octets cost more than themselves, or their line where a charset
// switches by escapes. Time in proportion to `octets`; no NUL in the result.
std::string to_utf8(std::string_view octets, std::string_view charset);

}  // namespace coi::mime

// Octets as text: Base64 with both alphabets, and lower-case hex (RFC 4648).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coi::hash {

// RFC 4648 section 4: padded, on one line.
std::string base64_encode(std::string_view octets);
// RFC 4648 section 5: the alphabet that is safe in URLs and file names, without padding.
std::string base64url_encode(std::string_view octets);

// Either alphabet (not both in one text), padded or not. Anything else is nullopt: white space, characters after the
// padding, padding of the wrong length, bits that do not belong to an octet. So one value has one text per alphabet,
// not counting the padding.
std::optional<std::string> base64_decode(std::string_view text);

std::string hex_encode(std::string_view octets);

}  // namespace coi::hash

// Charsets of 7 bits that switch between sets of characters by escapes. The inside of to_utf8(). Each line begins in
// ASCII, so that what was damaged on the way costs one line.
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// RFC 1468 and 1554; with half-width forms (by escape, by shift, or in 8 bits) and the characters that Microsoft added
// (cp50220, cp50221, cp50222), which iconv does not read.
std::string from_iso_2022_jp(std::string_view octets);
// RFC 1557; encoded words lack its first line.
std::string from_iso_2022_kr(std::string_view octets);
// RFC 1843, which glibc's iconv does not know.
std::string from_hz(std::string_view octets);

}  // namespace coi::mime

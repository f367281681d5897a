// Digests: octets in, raw octets out (hex_encode() and base64_encode() are in hash/base64.h).
#pragma once

#include <string>
#include <string_view>

namespace coi::hash {

// Both give 32 octets.
std::string sha256(std::string_view octets);    // RFC 6234
std::string sha3_256(std::string_view octets);  // FIPS 202

// For secrets, digests and MACs: how long it takes depends on the lengths only.
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace coi::hash

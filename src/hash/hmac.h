// Keyed digests and keys from passwords; raw octets in and out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::hash {

// RFC 2104 with SHA-256; 32 octets.
std::string hmac_sha256(std::string_view key, std::string_view data);

// The count comes from a server (RFC 5802 "i="), which could otherwise keep us busy for hours. This many take seconds;
// what is in use lies between 4 096 and 600 000.
inline constexpr std::uint32_t max_pbkdf2_iterations = 10'000'000;

// RFC 8018 section 5.2 with HMAC-SHA-256. Fails with `invalid` for no iterations or no octets, with `limit` for more
// than max_pbkdf2_iterations or more than 1 024 octets.
Result<std::string> pbkdf2_hmac_sha256(std::string_view password, std::string_view salt, std::uint32_t iterations,
                                       std::size_t octets);

}  // namespace coi::hash

// OpenPGP keys in vCards. The inside of vcard.h.
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

bool is_pgp_armor(std::string_view key);

// The octets of a public key; of one in ASCII armor (RFC 9580, 6.2) those within. "" for armor that holds no public
// key, or is broken. The checksum is not compared.
std::string binary_key(std::string_view key);

}  // namespace coi::mime

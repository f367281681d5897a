#include "mime/vcard_key.h"

#include "base/ascii.h"
#include "mime/transfer.h"

namespace coi::mime {

bool is_pgp_armor(std::string_view key) { return ascii_trim(key).starts_with("-----BEGIN PGP "); }

std::string binary_key(std::string_view key) {
  if (!is_pgp_armor(key)) return std::string(key);
  key = ascii_trim(key);
  if (!key.starts_with("-----BEGIN PGP PUBLIC KEY BLOCK-----")) return {};
  bool header = true;  // ends with the first line that is blank
  std::string digits;
  for (const auto whole : ascii_split(key.substr(0, key.find("-----END PGP ")), '\n')) {
    const auto line = ascii_trim(whole);
    if (!header && line.starts_with('=')) break;  // the checksum
    if (!header) digits += line;
    header = header && !line.empty();
  }
  auto octets = decode_transfer(Transfer::base64, digits).octets;
  const bool is_packet = !octets.empty() && (octets.front() & 0x80) != 0;  // RFC 9580, 4.2
  return is_packet ? octets : std::string();
}

}  // namespace coi::mime

// Contacts as vCards (D-33, C-41): versions 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace coi::mime {

inline constexpr std::size_t most_vcard_octets = 16 * 1024 * 1024;  // of one text
inline constexpr std::size_t most_vcards = 5000;                    // of one text
inline constexpr std::size_t most_vcard_name = 1000;                // octets
inline constexpr std::size_t most_vcard_addresses = 100;
inline constexpr std::size_t most_vcard_photo = 1024 * 1024;  // octets
inline constexpr std::size_t most_vcard_key = 256 * 1024;     // octets
inline constexpr std::size_t most_vcard_others = 64 * 1024;   // octets of all other lines, and at most 1000 of them

struct Vcard {
  std::string name;                    // FN, else from N, ORG or NICKNAME; one line
  std::vector<std::string> addresses;  // EMAIL: is_address(), as written, each once; the preferred one first
  std::string photo;                   // PHOTO: octets; a picture on a web server is among the others
  std::string photo_type;              // image/png, jpeg, gif or webp
  std::string key;                     // KEY: an OpenPGP key's octets; armor undone, one that holds none left out
  std::optional<UnixMs> rev;           // REV, when it was last changed
  // Every other property as a line "NAME;PARAM=x:value", unfolded, UTF-8, its value escaped as in 4.0; charset,
  // quoted-printable and the bare backslashes of 2.1 undone. They are for writing again. Of what stands above, groups
  // and parameters are not kept.
  std::vector<std::string> others;
  friend bool operator==(const Vcard&, const Vcard&) = default;
};

enum class VcardVersion : std::uint8_t { v3, v4 };

// Every vCard in the text, in order, but those that have neither a name nor an address. One that does not end, ends
// where the next begins; one within another (AGENT of 2.1) is left out. `charset`: of the part, for what says no other;
// "" reads as valid_utf8() does. What is beyond a limit above is left out. ErrorKind::limit: above most_vcard_octets;
// invalid: no vCard at all. Time and memory in proportion to `octets`.
Result<std::vector<Vcard>> read_vcards(std::string_view octets, std::string_view charset = {});

// D-33: 4.0, and 3.0 for plain programs. Lines end with CRLF. A card without name is written under its first address;
// a key in armor as binary, and left out if the armor holds no public key.
std::string write_vcards(const std::vector<Vcard>& cards, VcardVersion version);

}  // namespace coi::mime

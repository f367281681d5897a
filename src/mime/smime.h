// S/MIME (RFC 8551), which is told apart and not verified. Types with "x-" and without, and names where a program calls
// the part application/octet-stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mime/mail.h"

namespace coi::mime {

enum class Smime : std::uint8_t {
  none,
  signature,  // of something beside it
  opened,     // holds what was signed: parse() has read it, as the only one of `children`
  sealed,     // encrypted: what is inside can only be read with a key
  other,      // certificates, compressed data, a damaged signature
};
// By the octets if `part` has any, else by what its header says.
Smime smime_of(const Part& part);

// Of a part that holds what was signed: that MIME entity; "" of any other.
std::string signed_content(const Part& part);

// `cms`: the octets of such a part. `section`: of a file in it, "1.2"; "1/1.2" where that file lies in a signed part
// once more. Its octets. Errors as parse(), not_found.
Result<std::string> file_inside(std::string_view cms, std::string_view section, const Limits& limits);

}  // namespace coi::mime

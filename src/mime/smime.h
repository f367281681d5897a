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
// RFC 3156, also with "x-".
bool is_pgp_signature(const Part& part);

// Whether its name says that the part is a file that was signed or encrypted by itself, or the signature of such a file
// ("contract.pdf.p7m", "a.tar.gz.asc"), and not what became of a mail ("smime.p7m", "signature.asc"). Of S/MIME's parts
// and of is_pgp_signature().
bool is_document(const Part& part);

// `none` for a document. By the octets if `part` has any, else by what its header says.
Smime smime_of(const Part& part);

// Of a part that holds a mail that was signed: that MIME entity; "" of any other, documents too.
std::string signed_content(const Part& part);

// `octets`: of such a part. `section`: of a file in it, "1.2"; "1/1.2" where that file lies in a signed part once more;
// "uu2" the second file that stands uuencoded in a text. Its octets. Errors as parse(), not_found.
Result<std::string> file_inside(std::string_view octets, std::string_view section, const Limits& limits);

}  // namespace coi::mime

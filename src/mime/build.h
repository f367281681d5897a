// A Part tree as a mail (RFC 5322, RFC 2045): what parse() reads, written.
#pragma once

#include <string>
#include <string_view>

#include "mime/mail.h"

namespace coi::mime {

// The mail with CRLF line ends. Of each part
// - `headers` are written in order, folded, text outside ASCII as encoded words. MIME-Version and the fields that stand
//   elsewhere in Part (Content-Type, -Transfer-Encoding, -Disposition, -ID) are left out there and made from those.
// - `filename` is added to the disposition ("attachment" if there is none) unless a parameter names the file already.
// - a text (is_text()) is written as UTF-8 in 7bit, quoted-printable or base64, whichever fits it; never in 8bit.
//   message/*, application/pgp-* and what is inside multipart/encrypted is written line by line, with CRLF, in 7bit if
//   it can be. All else is base64 and keeps its octets.
// parse() gives back what was built: with "\n" line ends in texts, charset=utf-8 on them and no boundary of its own.
// `seed`: letters and digits, at most 40, new and unguessable for each mail; the boundaries are made from it.
// ErrorKind::invalid: a seed, header (see format_field()), disposition or parameter name that cannot be written.
Result<std::string> build(const Part& root, std::string_view seed);

}  // namespace coi::mime

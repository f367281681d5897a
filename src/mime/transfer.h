// Content-Transfer-Encoding (RFC 2045, section 6) both ways. Decoding never fails: broken input gives what can be read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coi::mime {

enum class Transfer : std::uint8_t { identity, base64, quoted_printable, uuencode };

// The header's value: only its letters and digits count, so "base 64" and "Quoted_Printable" are what they mean.
// Comments and parameters behind it are passed over. 7bit, 8bit, binary and what is unknown: identity.
Transfer transfer_of(std::string_view value);

struct Decoded {
  std::string octets;      // at most `keep` of them
  std::uint64_t size = 0;  // how many there are
};
// base64: what is no digit is passed over, a padding ends a group only. quoted-printable: an "=" that begins nothing
// stands for itself. uuencode: between "begin" and "end", if they are there. Time in proportion to `encoded`, memory to
// `keep`.
Decoded decode_transfer(Transfer transfer, std::string_view encoded, std::size_t keep = std::string::npos);

// CRLF for every LF that has none.
std::string with_crlf(std::string_view text);
// Lines of 76 characters, each ended by CRLF.
std::string encode_base64(std::string_view octets);
// Line ends are CRLF afterwards. White space at a line's end, a CR that ends none, and a "From " that begins a line are
// escaped, so all of them survive.
std::string encode_quoted_printable(std::string_view text);

}  // namespace coi::mime

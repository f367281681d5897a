// BODYSTRUCTURE as a tree (RFC 3501 section 7.4.2).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/ascii.h"
#include "base/result.h"
#include "imap/reader.h"

namespace coi::imap {

using Parameters = std::map<std::string, std::string, AsciiLess>;

struct BodyPart {
  // What to put between the brackets of BODY[…] for the content of this part: "1.2"; of a mail without parts "1".
  // A multipart that is the whole body of a mail has that mail's section: "" for the outermost.
  std::string section;
  std::string type;     // lower case: "text", "multipart", "message"; empty: nested too deep to be looked at
  std::string subtype;  // lower case
  Parameters parameters;
  std::string id;            // Content-ID with its angle brackets
  std::string description;   // may hold encoded words
  std::string encoding;      // Content-Transfer-Encoding, lower case
  std::uint64_t octets = 0;  // as it is encoded
  std::string disposition;   // lower case: "attachment", "inline"; empty when not told
  Parameters disposition_parameters;
  std::vector<BodyPart> parts;  // of a multipart; of a message/rfc822 its one body

  bool is(std::string_view t, std::string_view s) const { return type == t && subtype == s; }
};

// Reads one body, the next value. Strings are taken as the server sends them; RFC 2231 and encoded words are not
// resolved. Numbers, parameters, dispositions and what follows them may be missing or wrong; Error(protocol): which
// parts there are, or of which type one is, cannot be told.
Result<BodyPart> read_body_structure(Reader& in);

}  // namespace coi::imap

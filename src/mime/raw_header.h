// Octets in a header that are neither ASCII nor UTF-8. No standard allows them; programs write them in the charset of
// the text. The inside of parse().
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mime/mail.h"

namespace coi::mime {

struct RawValue {
  std::size_t index;   // into Part::headers, which holds it as windows-1252
  std::string octets;  // unfolded
};

// The charset that the part names, if the octets of a header may be in it: one in which ASCII is what it is. "" also
// for UTF-8 and windows-1252, which need no name.
std::string raw_charset(const Part& part);

// Reads what people read of `raw` (names, subjects, the names of files) in `charset`, or in what the octets themselves
// tell where that is "". Everything else stays as it is, and so does a list of addresses in which this would change an
// address, or where one begins or ends: who the author is depends on no charset.
void read_raw_values(Part& part, const std::vector<RawValue>& raw, std::string_view charset);

}  // namespace coi::mime

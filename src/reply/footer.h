// Signatures, and what phones, lists and virus scanners put under a text. Private to this room.
#pragma once

#include <cstddef>

#include "reply/seen.h"

namespace coi::reply {

// Where the footers at the end of `lines` begin, which are what somebody wrote in one go: between quotes, or all of it.
// lines.size(): there are none. Behind "-- " everything is one (RFC 3676, 4.3); where the space was lost ("--", "—"), a
// few short lines. A device or a list is known by whole lines.
std::size_t footer_begin(Lines lines);

// The same for signatures alone.
std::size_t signature_begin(Lines lines);

// "-- " in any of its forms, on its own in a line.
bool is_signature_mark(const Seen& line);

}  // namespace coi::reply

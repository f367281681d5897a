// What mailing lists and virus scanners put under a text. Private to this room.
#pragma once

#include <cstddef>

#include "reply/seen.h"

namespace coi::reply {

// Where such lines at the end begin, with the rule above them; lines.size(): there are none. At least one line has to
// be known as a whole; addresses, URLs and names of lists may stand beside it.
std::size_t list_footer_begin(Lines lines);

}  // namespace coi::reply

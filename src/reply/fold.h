// Which line is text, quote or footer. Private to this room.
#pragma once

#include <cstddef>
#include <vector>

#include "reply/seen.h"

namespace coi::reply {

struct Folded {
  std::vector<Part> parts;  // of each line
  std::size_t forward = 0;  // the first line of what is passed on; the number of lines for nothing
};

// As parts_of() says it.
Folded fold(Lines lines, Origin origin, bool forwarded);

}  // namespace coi::reply

// How chat::Details stand in their column. Inside of the room.
#pragma once

#include <string>
#include <string_view>

#include "chat/details.h"

namespace coi::store {

// Equal details give equal text; nothing gives ''.
std::string details_text(const chat::Details& details);
// What makes no sense is left out.
chat::Details details_of(std::string_view text);

}  // namespace coi::store

// What of a chat is no request, and no longer wanted: expressions over `chat c LEFT JOIN person p ON p.id = c.person`.
// Inside of the room.
#pragma once

#include <string_view>

#include "chat/model.h"

namespace coi::store {

// The user knows who a chat is with: a group where we wrote, or which somebody known began.
inline constexpr std::string_view known_chat =
    "iif(c.kind = 2, c.accepted OR coalesce((SELECT f.known FROM address a JOIN person f ON f.id = a.person WHERE "
    "a.addr = c.founder), 0), coalesce(p.known, 1))";
inline constexpr std::string_view blocked_chat = "iif(c.kind = 2, c.blocked, coalesce(p.blocked, 0))";
static_assert(static_cast<int>(chat::ChatKind::group) == 2);

}  // namespace coi::store

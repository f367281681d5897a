// What message.deleted and message.hidden hold. Inside of the room.
#pragma once

#include <cstdint>

namespace coi::store {

enum Deleted : std::int64_t { not_deleted = 0, by_author = 1, removed_here = 2 };
enum Hidden : std::int64_t { shown = 0, version = 1, out_of_sight = 2 };

}  // namespace coi::store

// The numbered migrations, inside of the room.
#pragma once

#include "store/database_impl.h"

namespace coi::store {

int newest_version();
// Brings a database of version `from` (0: an empty one) to `to`. Throws.
void make_schema(Database::Impl& impl, int from, int to);

}  // namespace coi::store

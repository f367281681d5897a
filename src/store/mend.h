// What was saved of a damaged database becomes a whole one. Inside of the room.
#pragma once

#include <set>
#include <string>

#include "store/database_impl.h"

namespace coi::store {

// Mends what refers to rows that are lost, in the transaction that is open, and begins further ones. Whatever lies on
// the server is fetched again; what a user made stays. `incomplete`: what the user calls that which is known to be
// incomplete; what turns out to be is added.
void mend(Database::Impl& impl, UnixMs now, std::set<std::string>& incomplete);

}  // namespace coi::store

// Copies the rows that can be read from a damaged database into a sound one, inside of the room. A page that cannot be
// read costs the rows that stand on it and none of those behind it.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <string>

namespace coi::store {

struct SalvagedTable {
  std::int64_t rows = 0;
  bool complete = true;
};

// Every table that both have, but for the full-text index. Foreign keys of `to` have to be off. Throws what concerns
// `to`.
std::map<std::string, SalvagedTable> salvage(SQLite::Database& from, SQLite::Database& to);

}  // namespace coi::store

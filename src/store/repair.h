// A damaged database is set aside and a new one made of all that can still be read of it. What lies on the server comes
// back with the next rounds; what only this device has is why the old file is read at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"

namespace coi::store {

struct Repaired {
  bool sound = false;          // it was not damaged, and nothing was changed
  std::filesystem::path kept;  // the damaged file as it was, its write-ahead log beside it; empty: there was none
  std::int64_t messages = 0, chats = 0, contacts = 0;
  std::int64_t waiting = 0;             // messages that wait to be sent
  std::vector<std::string> incomplete;  // of what something could not be read: "messages", "contacts" …; sorted
};

// The database must not be open. Nothing is lost where it fails or the program ends amid it: the old file stays until
// the new one is whole. Errors: not_allowed (made by a newer version of the program); full, locked, io.
Result<Repaired> repair(const std::filesystem::path& directory, UnixMs now, const Log& log);

// A database was set aside there, and the user has not removed it. It may name files that the new one does not know.
bool keeps_damaged(const std::filesystem::path& directory);

// Ends what an end of the program amid repair() left. Before the database is opened.
Result<> finish_repair(const std::filesystem::path& directory);

}  // namespace coi::store

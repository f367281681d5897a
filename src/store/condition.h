// What is known of the condition of an account's database from one run of the program to the next, so that the whole
// file is looked through only after an unclean end. Kept beside it, in account.db.state:
//
//   state = "open" / ("closed" / "damaged") SP size SP mtime [SP words]      ; octets, nanoseconds since 1970
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace coi::store {

inline constexpr auto database_file = "account.db";

enum class Condition : std::uint8_t {
  none,     // there is no database yet
  gone,     // there was one, and the file is missing or empty
  unknown,  // the program was killed, or the file was changed by others
  sound,    // closed as it should be, and not touched since
  damaged,  // found to be, and not touched since
};

struct KnownCondition {
  Condition condition = Condition::none;
  std::string words;  // damaged: what was found
};

KnownCondition condition_of(const std::filesystem::path& directory);

// SQLite calls it an I/O error where its shared memory finds no room.
bool is_full(const std::filesystem::path& directory);

// What cannot be noted is found out anew the next time.
void note_open(const std::filesystem::path& directory);
void note_closed(const std::filesystem::path& directory);
void note_damaged(const std::filesystem::path& directory, const std::string& words);

}  // namespace coi::store

// What a database keeps with each chat for the lists (its newest message, how much is unread) against what its messages
// say.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace coi {

// The chats of which both are not the same; '': none. `database`: a connection of the caller's to account.db.
inline std::string wrong_counts(sqlite3* database) {
  std::string found;
  const auto add = [](void* text, int, char** values, char**) {
    static_cast<std::string*>(text)->append(values[0]).append("\n");
    return 0;
  };
  if (sqlite3_exec(
          database,
          "SELECT 'chat ' || c.id || ': ' || c.last_message || ' ' || c.last_ms || ' ' || c.unread || ', not ' "
          "|| s.last_message || ' ' || s.last_ms || ' ' || s.unread FROM chat c JOIN chat_state s ON s.chat = "
          "c.id WHERE (c.last_message, c.last_ms, c.unread) <> (s.last_message, s.last_ms, s.unread)",
          add, &found, nullptr) != SQLITE_OK)
    throw std::runtime_error(sqlite3_errmsg(database));
  return found;
}

// Of the account whose data lies in `directory`.
inline std::string wrong_counts(const std::filesystem::path& directory) {
  sqlite3* database = nullptr;
  if (sqlite3_open((directory / "account.db").c_str(), &database) != SQLITE_OK)
    throw std::runtime_error("the database cannot be opened");
  auto found = wrong_counts(database);
  sqlite3_close(database);
  return found;
}

}  // namespace coi

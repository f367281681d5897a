#include "store/repair.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/descriptor.h"
#include "store/condition.h"
#include "store/database_impl.h"
#include "store/mend.h"
#include "store/salvage.h"
#include "store/schema.h"

namespace coi::store {
namespace {

using namespace chat;
using Path = std::filesystem::path;

constexpr std::string_view kept_front = "account.db.damaged-";
constexpr auto new_file = "account.db.new";
constexpr auto ready_file = "account.db.repaired";  // whole, and to take the damaged one's place
constexpr int longest_value = 128 * 1024 * 1024;    // octets; a damaged row may claim to be longer

Path beside(const Path& file, std::string_view suffix) { return Path(file) += suffix; }

Error failure(std::string_view what, const Path& file, const std::error_code& error) {
  return {error == std::errc::no_space_on_device ? ErrorKind::full : ErrorKind::io,
          fmt::format("cannot {} {}: {}", what, file.string(), error.message())};
}

Result<> move_file(const Path& from, const Path& to) {
  std::error_code error;
  if (std::filesystem::symlink_status(from, error).type() == std::filesystem::file_type::not_found) return {};
  std::filesystem::rename(from, to, error);
  if (error) return std::unexpected(failure("rename", from, error));
  return {};
}

void remove_database(const Path& file) {
  std::error_code left;
  for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(beside(file, suffix), left);
}

Result<> sync(const Path& path) {
  const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened && ::fsync(opened.number()) == 0) return {};
  return std::unexpected(failure("write", path, std::error_code(errno, std::generic_category())));
}

// Free in the folder: two repairs may happen within a second.
Path name_for(const Path& directory, std::chrono::sys_seconds time) {
  for (int count = 0;; ++count) {
    const auto name = fmt::format("{}{:%Y%m%dT%H%M%SZ}{}", kept_front, fmt::gmtime(time.time_since_epoch().count()),
                                  count == 0 ? "" : fmt::format("-{}", count));
    std::error_code unknown;
    if (std::filesystem::symlink_status(directory / name, unknown).type() == std::filesystem::file_type::not_found)
      return directory / name;
  }
}

// The new file is whole: from here on nothing can fail that a repetition does not mend. The log goes first, so that it
// is never taken for the new file's. Returns the damaged file's name, by the time of the new one, so that a repetition
// finds the same.
Result<Path> put_in_place(const Path& directory) {
  const auto database = directory / database_file;
  std::error_code error;
  const auto time = std::filesystem::last_write_time(directory / ready_file, error);
  if (error) return std::unexpected(failure("look at", directory / ready_file, error));
  const auto kept =
      name_for(directory, std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(time)));
  for (const auto* suffix : {"-wal", "-shm", "-journal"})
    COI_TRY(move_file(beside(database, suffix), beside(kept, suffix)));
  COI_TRY(move_file(database, kept));
  COI_TRY(move_file(directory / ready_file, database));
  COI_TRY(sync(directory));
  note_closed(directory);
  return kept;
}

struct Source {
  std::unique_ptr<SQLite::Database> database;  // null: not even its first page can be read
  int version = 0;
  bool sound = false;
};

bool says_ok(SQLite::Database& database, const char* pragma) {
  SQLite::Statement row(database, pragma);
  return row.executeStep() && row.getColumn(0).getString() == "ok";
}

Source open_source(const Path& file) {
  Source source;
  try {
    source.database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READONLY);
    sqlite3_limit(source.database->getHandle(), SQLITE_LIMIT_LENGTH, longest_value);
    source.version = source.database->execAndGet("PRAGMA user_version").getInt();
  } catch (const SQLite::Exception& exception) {
    // Of a file that is there and cannot be looked at nothing is known, least of all that it is damaged.
    const int code = exception.getErrorCode() & 0xff;
    std::error_code unknown;
    if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB && std::filesystem::exists(file, unknown)) throw;
    source.database.reset();
  }
  return source;
}

// The index for the search is asked too, which keeps no text of its own and is not looked into by SQLite's check. To
// ask it is to write, so this is for a database that seems sound.
bool is_sound(const Path& file, const Source& source) {
  if (!source.database || source.version <= 0) return false;
  try {
    if (!says_ok(*source.database, "PRAGMA integrity_check(1)")) return false;
    if (source.version < newest_version()) return true;
    SQLite::Database writer(file.string(), SQLite::OPEN_READWRITE);
    writer.exec("INSERT INTO search(search) VALUES ('integrity-check')");
    return true;
  } catch (const SQLite::Exception& exception) {
    const int code = exception.getErrorCode() & 0xff;
    // A damaged row may claim any length.
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR || code == SQLITE_TOOBIG) return false;
    throw;
  }
}

std::int64_t count(Connection& connection, const std::string& what) {
  return connection.database().execAndGet("SELECT count(*) FROM " + what).getInt64();
}

// What the user calls that which the table holds.
std::string_view word_of(std::string_view table) {
  if (table == "message" || table == "also") return "messages";
  if (table == "person" || table == "address") return "contacts";
  if (table == "chat" || table == "picture") return "chats";
  if (table == "attachment") return "files";
  if (table == "outgoing" || table == "recipient") return "what waits to be sent";
  if (table == "report" || table == "remark") return "receipts and reactions";
  if (table == "setting") return "settings";
  return "the state of the mailbox";
}

Repaired make_new(const Path& directory, const Source& source, UnixMs now, const Log& log) {
  Repaired repaired;
  Database::Impl impl((directory / new_file).string(), log);
  auto& database = impl.connection.database();
  // Until it is whole nobody needs it.
  database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
  const int version = source.version > 0 ? source.version : newest_version();
  make_schema(impl, 0, version);
  std::set<std::string> incomplete;
  if (source.database) {
    for (const auto& [table, rows] : salvage(*source.database, database))
      if (!rows.complete) incomplete.emplace(word_of(table));
  } else {
    incomplete.insert("everything");
  }
  make_schema(impl, version, newest_version());
  database.exec("PRAGMA foreign_keys = OFF; BEGIN");
  mend(impl, now, incomplete);
  database.exec("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
  repaired.messages = count(impl.connection, "message");
  repaired.chats = count(impl.connection, "chat");
  repaired.contacts = count(impl.connection, "person WHERE known = 1");
  repaired.waiting = count(impl.connection,
                           "outgoing o WHERE EXISTS (SELECT 1 FROM recipient r WHERE r.outgoing = o.id "
                           "AND r.state IN (0, 1, 4))");
  repaired.incomplete.assign(incomplete.begin(), incomplete.end());
  return repaired;
}

}  // namespace

Result<Repaired> repair(const Path& directory, UnixMs now, const Log& log) {
  COI_TRY(finish_repair(directory));
  const auto database = directory / database_file;
  remove_database(directory / new_file);
  auto repaired = walled("cannot repair the database", [&]() -> Result<Repaired> {
    const auto source = open_source(database);
    if (source.version > newest_version())
      return fail(ErrorKind::not_allowed, "the database was made by a newer version of this program",
                  "install the newer version");
    if (condition_of(directory).condition != Condition::damaged && is_sound(database, source))
      return Repaired{.sound = true};
    return make_new(directory, source, now, log);
  });
  if (!repaired || repaired->sound) {
    const bool full = !repaired && repaired.error().kind() == ErrorKind::io && is_full(directory);
    remove_database(directory / new_file);
    if (full) return fail(ErrorKind::full, "the disk is full", "free some space; nothing was lost");
    return repaired;
  }
  COI_TRY(sync(directory / new_file));
  COI_TRY(move_file(directory / new_file, directory / ready_file));
  COI_TRY(sync(directory));
  repaired->kept = COI_TRY(put_in_place(directory));
  std::error_code none;
  if (!std::filesystem::exists(repaired->kept, none)) repaired->kept.clear();  // there was no file
  return repaired;
}

Result<> finish_repair(const Path& directory) {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(directory / ready_file, unknown)) return {};
  COI_TRY(put_in_place(directory));
  return {};
}

bool keeps_damaged(const Path& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator file(directory, error), end; !error && file != end; file.increment(error))
    if (file->path().filename().string().starts_with(kept_front)) return true;
  return false;
}

}  // namespace coi::store

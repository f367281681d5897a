#include "store/sql.h"

#include <cassert>

#include <fmt/format.h>

#include <sqlite3.h>

#include "base/thrown.h"

namespace coi::store {
namespace {

// SQLite counts what it allocates under a lock of the whole process, which nobody here asks for.
void count_no_memory() { [[maybe_unused]] static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

}  // namespace

Error error_of(const SQLite::Exception& exception) {
  const auto* words = exception.getErrorStr();
  switch (exception.getErrorCode() & 0xff) {
    case SQLITE_FULL:
      return {ErrorKind::full, "the disk is full", "free some space; nothing was lost"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {ErrorKind::locked, "the database is in use by another program", "stop the other program and try again"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {ErrorKind::corrupt, fmt::format("the database of this account is damaged ({})", words), repair_hint};
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
      // What was to be stored does not fit the schema: the disk is fine, and trying again is of no use.
      return {ErrorKind::internal, fmt::format("the database refused a row ({})", words)};
    case SQLITE_INTERRUPT:
      return {ErrorKind::cancelled, "the query was cancelled"};
    default:
      return {ErrorKind::io, fmt::format("the database failed ({})", words)};
  }
}

Error current_error() {
  try {
    throw;
  } catch (const SQLite::Exception& exception) {
    return error_of(exception);
  } catch (...) {
    return thrown_error();
  }
}

Connection::Connection(const std::string& file, int flags) : database_((count_no_memory(), file), flags) {}

SQLite::Statement& Connection::sql(const char* text) {
  auto found = statements_.find(text);
  if (found == statements_.end())
    found = statements_.emplace(text, SQLite::Statement(database_, text)).first;
  else
    found->second.tryReset();  // reset() would throw the last run's error once more
  assert(found->second.getQuery() == text && "the text of a statement stays where it is");
  return found->second;
}

void Connection::bind_one(SQLite::Statement& statement, int at, std::string_view text) {
  statement.bind(at, std::string(text));  // SQLite takes its own copy
}

void Connection::bind_one(SQLite::Statement& statement, int at, Blob blob) {
  statement.bind(at, blob.octets.data(), static_cast<int>(blob.octets.size()));
}

}  // namespace coi::store

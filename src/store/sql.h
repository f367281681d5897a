// SQLite inside of the room: statements that are prepared once, and the wall where exceptions end.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/strong_id.h"

namespace coi::store {

Error error_of(const SQLite::Exception& exception);

namespace detail {
template <class T>
struct Returned {
  using Type = Result<T>;
};
template <class T>
struct Returned<Result<T>> {
  using Type = Result<T>;
};
}  // namespace detail

// Runs `work` (returning T, void or Result<T>) and turns what SQLite throws into an Error.
template <class Work>
auto walled(std::string_view what, Work work) -> typename detail::Returned<decltype(work())>::Type {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const SQLite::Exception& exception) {
    return std::unexpected(error_of(exception).within(std::string(what)));
  }
}

// A connection with its prepared statements, found by the address of their text.
class Connection {
 public:
  Connection(const std::string& file, int flags) : database_(file, flags) {}

  // Ready to be bound. `text` must be a string literal; a statement is used by one loop at a time.
  SQLite::Statement& sql(const char* text);
  // Binds the arguments in order and runs to the end.
  template <class... Args>
  int run(const char* text, const Args&... args) {
    auto& statement = sql(text);
    bind(statement, args...);
    return statement.exec();
  }
  // Binds the arguments; the caller steps.
  template <class... Args>
  SQLite::Statement& query(const char* text, const Args&... args) {
    auto& statement = sql(text);
    bind(statement, args...);
    return statement;
  }

  // Ends every query. One that stands on a row keeps its snapshot: the connection would read the past, and the
  // write-ahead log could not be reused.
  void finish() noexcept;

  SQLite::Database& database() { return database_; }
  std::int64_t last_id() { return database_.getLastInsertRowid(); }

 private:
  template <class... Args>
  static void bind(SQLite::Statement& statement, const Args&... args) {
    int position = 0;
    (bind_one(statement, ++position, args), ...);
  }
  static void bind_one(SQLite::Statement& statement, int at, std::string_view text);
  template <class T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
  static void bind_one(SQLite::Statement& statement, int at, T number) {
    statement.bind(at, static_cast<std::int64_t>(number));
  }
  template <class Tag>
  static void bind_one(SQLite::Statement& statement, int at, StrongId<Tag> id) {
    statement.bind(at, id.value);
  }

  SQLite::Database database_;
  std::unordered_map<const char*, SQLite::Statement> statements_;
};

std::string text_at(SQLite::Statement& row, int column);
template <class Id>
Id id_at(SQLite::Statement& row, int column) {
  return Id{row.getColumn(column).getInt64()};
}

}  // namespace coi::store

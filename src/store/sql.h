// SQLite inside of the room: statements that are prepared once, and the wall where exceptions end.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/strong_id.h"

namespace coi::store {

// Of errors of the kind `corrupt`. ADDR is said where it is known.
inline constexpr auto repair_hint =
    "coi repair ADDR makes a new one of what can still be read and of what lies on the server; the damaged file is "
    "kept";

Error error_of(const SQLite::Exception& exception);
// Of the exception that is being handled, whatever was thrown.
Error current_error();

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

// Runs `work` (returning T, void or Result<T>) and turns whatever is thrown into an Error.
template <class Work>
auto walled(std::string_view what, Work work) -> typename detail::Returned<decltype(work())>::Type {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (...) {
    return std::unexpected(current_error().within(std::string(what)));
  }
}

// Octets for a BLOB column.
struct Blob {
  std::string_view octets;
};

// The rows of one query. Going out of sight it ends the query: a statement left open would hold its snapshot, so that
// later reads saw an old state and the write-ahead log could never start over.
class Rows {
 public:
  explicit Rows(SQLite::Statement& statement) : statement_(&statement) {}
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows& operator=(Rows&&) = delete;
  ~Rows() {
    if (statement_ != nullptr) statement_->tryReset();
  }

  bool next() { return statement_->executeStep(); }
  int columns() const { return statement_->getColumnCount(); }

  bool is_null(int column) const { return statement_->getColumn(column).isNull(); }
  std::string text(int column) const { return statement_->getColumn(column).getString(); }  // of a BLOB too
  std::int64_t number(int column) const { return statement_->getColumn(column).getInt64(); }
  std::uint64_t count(int column) const { return static_cast<std::uint64_t>(number(column)); }
  std::uint32_t u32(int column) const { return statement_->getColumn(column).getUInt(); }
  bool flag(int column) const { return number(column) != 0; }
  template <class Enum>
  Enum word(int column) const {
    return static_cast<Enum>(number(column));
  }
  template <class Id>
  Id id(int column) const {
    return Id{number(column)};
  }

 private:
  SQLite::Statement* statement_;
};

// A connection with its prepared statements, found by the address of their text. One thread uses it, so it is opened
// without SQLite's own locks.
class Connection {
 public:
  Connection(const std::string& file, int flags);

  // Binds the arguments in order and runs to the end; how many rows changed. `text` must be a string literal.
  template <class... Args>
  int run(const char* text, const Args&... args) {
    auto& statement = sql(text);
    int position = 0;
    (bind_in_place(statement, ++position, args), ...);
    return statement.exec();
  }
  // Binds the arguments; the caller steps. A text is used by one loop at a time.
  template <class... Args>
  Rows query(const char* text, const Args&... args) {
    auto& statement = sql(text);
    int position = 0;
    (bind_one(statement, ++position, args), ...);
    return Rows(statement);
  }

  SQLite::Database& database() { return database_; }
  std::int64_t last_id() { return database_.getLastInsertRowid(); }

 private:
  SQLite::Statement& sql(const char* text);

  // A string outlives the run and is not copied; the statement is bound anew before it runs again.
  template <class T>
  static void bind_in_place(SQLite::Statement& statement, int at, const T& value) {
    if constexpr (std::is_same_v<T, std::string>)
      statement.bindNoCopy(at, value);
    else
      bind_one(statement, at, value);
  }
  static void bind_one(SQLite::Statement& statement, int at, std::string_view text);
  static void bind_one(SQLite::Statement& statement, int at, Blob blob);
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

}  // namespace coi::store

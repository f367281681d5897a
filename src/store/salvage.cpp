#include "store/salvage.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/utf8.h"

namespace coi::store {
namespace {

using KeyPart = std::variant<std::int64_t, std::string>;
using Key = std::vector<KeyPart>;

constexpr std::int64_t highest_step = std::int64_t{1} << 40;
constexpr int most_seeks = 50'000;  // of one table
constexpr std::int64_t most_rows = 20'000'000;
constexpr int rows_in_transaction = 1000;

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::vector<int> key;  // of the columns, in the order of the primary key
  std::vector<bool> key_is_text;
};

// As the sound database describes it; both have the same version.
Table describe(SQLite::Database& to, const std::string& name) {
  struct Part {
    int place;
    int column;
    bool text;
  };
  Table table{.name = name, .columns = {}, .key = {}, .key_is_text = {}};
  std::vector<Part> parts;
  SQLite::Statement info(to, fmt::format("PRAGMA table_info({})", name));
  while (info.executeStep()) {
    table.columns.push_back(info.getColumn(1).getString());
    if (const int place = info.getColumn(5).getInt(); place > 0)
      parts.push_back({place, static_cast<int>(table.columns.size()) - 1, info.getColumn(2).getString() == "TEXT"});
  }
  std::ranges::sort(parts, {}, &Part::place);
  for (const auto& part : parts) {
    table.key.push_back(part.column);
    table.key_is_text.push_back(part.text);
  }
  return table;
}

std::vector<std::string> tables_of(SQLite::Database& database) {
  std::vector<std::string> names;
  SQLite::Statement row(database,
                        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND name NOT "
                        "LIKE 'sqlite_%' ORDER BY rowid");
  while (row.executeStep()) names.push_back(row.getColumn(0).getString());
  return names;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto length = utf8_sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// Not through SQLiteCpp: values go from one statement to the other as they are.
using Prepared = std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)>;

Prepared prepare(SQLite::Database& database, const std::string& text) {
  sqlite3_stmt* statement = nullptr;
  const int done = sqlite3_prepare_v2(database.getHandle(), text.c_str(), -1, &statement, nullptr);
  if (done != SQLITE_OK) throw SQLite::Exception(database.getHandle(), done);
  return {statement, &sqlite3_finalize};
}

std::string text_at(sqlite3_stmt* row, int column) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
  return text == nullptr ? std::string()
                         : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(row, column)));
}

class Walk {
 public:
  Walk(SQLite::Database& from, SQLite::Database& to, Table table, Prepared insert);

  SalvagedTable run();

 private:
  enum class Seen : std::uint8_t { row, end, error };

  Key lowest() const;
  void begin_at(const Key& key);
  Seen step();
  Key key_of_row() const;
  bool is_readable(const Key& key);
  // True: the end of the table was reached.
  bool copy_from(const Key& key);
  void put();
  // A key from which reading goes on, behind `last`; nullopt: there is none.
  std::optional<Key> next_readable(const Key& last);
  std::optional<Key> next_number(Key key, std::size_t part);
  std::optional<Key> next_text(Key key, std::size_t part);
  void reset_behind(Key& key, std::size_t part) const;

  const Table table_;
  SQLite::Database &from_, &to_;
  const Prepared select_, insert_;
  std::optional<Key> last_;
  SalvagedTable result_;
  int seeks_ = 0;
  std::int64_t read_ = 0;
};

std::string select_text(const Table& table) {
  std::vector<std::string> key;
  for (const int column : table.key) key.push_back(table.columns[static_cast<std::size_t>(column)]);
  const auto names = fmt::format("{}", fmt::join(key, ", "));
  const auto marks = fmt::format("{}", fmt::join(std::vector<std::string>(key.size(), "?"), ", "));
  return fmt::format("SELECT {} FROM {} WHERE ({}) >= ({}) ORDER BY {}", fmt::join(table.columns, ", "), table.name,
                     names, marks, names);
}

std::string insert_text(const Table& table) {
  return fmt::format("INSERT OR IGNORE INTO {}({}) VALUES ({})", table.name, fmt::join(table.columns, ", "),
                     fmt::join(std::vector<std::string>(table.columns.size(), "?"), ", "));
}

Walk::Walk(SQLite::Database& from, SQLite::Database& to, Table table, Prepared insert)
    : table_(std::move(table)),
      from_(from),
      to_(to),
      select_(prepare(from, select_text(table_))),
      insert_(std::move(insert)) {}

Key Walk::lowest() const {
  Key key(table_.key.size());
  reset_behind(key, 0);
  key.front() = table_.key_is_text.front() ? KeyPart(std::string()) : KeyPart(std::int64_t{0});
  return key;
}

void Walk::reset_behind(Key& key, std::size_t part) const {
  for (auto i = part + 1; i < key.size(); ++i)
    key[i] = table_.key_is_text[i] ? KeyPart(std::string()) : KeyPart(std::int64_t{0});
}

void Walk::begin_at(const Key& key) {
  sqlite3_reset(select_.get());
  for (std::size_t i = 0; i < key.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    if (const auto* number = std::get_if<std::int64_t>(&key[i]))
      sqlite3_bind_int64(select_.get(), at, *number);
    else if (const auto& text = std::get<std::string>(key[i]); true)
      sqlite3_bind_text(select_.get(), at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
}

Walk::Seen Walk::step() {
  const int done = sqlite3_step(select_.get());
  switch (done & 0xff) {
    case SQLITE_ROW:
      return Seen::row;
    case SQLITE_DONE:
      return Seen::end;
    case SQLITE_NOMEM:
    case SQLITE_BUSY:
      throw SQLite::Exception(from_.getHandle(), done);  // no fault of the page
    default:
      return Seen::error;
  }
}

Key Walk::key_of_row() const {
  Key key;
  for (std::size_t i = 0; i < table_.key.size(); ++i) {
    const int column = table_.key[i];
    key.push_back(table_.key_is_text[i] ? KeyPart(text_at(select_.get(), column))
                                        : KeyPart(std::int64_t{sqlite3_column_int64(select_.get(), column)}));
  }
  return key;
}

bool Walk::is_readable(const Key& key) {
  if (++seeks_ > most_seeks) return false;
  begin_at(key);
  return step() != Seen::error;
}

// A row that the sound database does not take (a type that its column has not, a text that is none) is damaged too.
void Walk::put() {
  for (int column = 0; column < sqlite3_column_count(select_.get()); ++column) {
    if (sqlite3_column_type(select_.get(), column) == SQLITE_TEXT && !is_utf8(text_at(select_.get(), column))) {
      result_.complete = false;
      return;
    }
    sqlite3_bind_value(insert_.get(), column + 1, sqlite3_column_value(select_.get(), column));
  }
  const int done = sqlite3_step(insert_.get());
  const int changed = done == SQLITE_DONE ? sqlite3_changes(to_.getHandle()) : 0;
  sqlite3_reset(insert_.get());
  if (done != SQLITE_DONE && (done & 0xff) != SQLITE_CONSTRAINT && (done & 0xff) != SQLITE_MISMATCH &&
      (done & 0xff) != SQLITE_TOOBIG)
    throw SQLite::Exception(to_.getHandle(), done);
  if (changed == 0) result_.complete = false;
  result_.rows += changed;
  if (changed > 0 && result_.rows % rows_in_transaction == 0) to_.exec("COMMIT; BEGIN");
}

bool Walk::copy_from(const Key& key) {
  begin_at(key);
  while (true) {
    const auto seen = step();
    if (seen == Seen::end) return true;
    if (seen == Seen::error) return false;
    // A damaged page may lead back, and round and round.
    if (++read_ > most_rows) return true;
    put();
    last_ = key_of_row();
  }
}

// Steps of 1, 2, 4 … until something can be read, and from there back to where that begins.
std::optional<Key> Walk::next_number(Key key, std::size_t part) {
  const auto base = std::get<std::int64_t>(key[part]);
  reset_behind(key, part);
  std::int64_t failed = base;
  for (std::int64_t width = 1; width <= highest_step; width *= 2) {
    if (base > std::numeric_limits<std::int64_t>::max() - width) return std::nullopt;
    key[part] = base + width;
    if (!is_readable(key)) {
      failed = base + width;
      continue;
    }
    auto found = base + width;
    while (found - failed > 1) {
      const auto middle = failed + (found - failed) / 2;
      key[part] = middle;
      (is_readable(key) ? found : failed) = middle;
    }
    key[part] = found;
    return key;
  }
  return std::nullopt;
}

// What follows all texts with the same beginning, for shorter and shorter beginnings.
std::optional<Key> Walk::next_text(Key key, std::size_t part) {
  auto text = std::get<std::string>(key[part]);
  reset_behind(key, part);
  key[part] = text + '\x01';
  if (is_readable(key)) return key;
  do {
    unsigned next = 1;
    if (!text.empty()) {
      next = static_cast<unsigned char>(text.back());
      text.pop_back();
    }
    while (++next < 0x80) {
      key[part] = text + static_cast<char>(next);
      if (is_readable(key)) return key;
    }
  } while (!text.empty());
  return std::nullopt;
}

std::optional<Key> Walk::next_readable(const Key& last) {
  for (auto part = last.size(); part-- > 0;)
    if (auto found = table_.key_is_text[part] ? next_text(last, part) : next_number(last, part)) return found;
  return std::nullopt;
}

SalvagedTable Walk::run() {
  auto from = lowest();
  while (!copy_from(from)) {
    result_.complete = false;
    const auto next = next_readable(last_ ? std::max(*last_, from) : from);
    if (!next) break;
    from = *next;
  }
  return result_;
}

}  // namespace

std::map<std::string, SalvagedTable> salvage(SQLite::Database& from, SQLite::Database& to) {
  std::map<std::string, SalvagedTable> tables;
  for (const auto& name : tables_of(to)) {
    to.exec("BEGIN");
    auto table = describe(to, name);
    auto insert = prepare(to, insert_text(table));
    std::optional<Walk> walk;
    try {
      walk.emplace(from, to, std::move(table), std::move(insert));
    } catch (const SQLite::Exception&) {
      tables[name].complete = false;  // the damaged one's schema cannot be read
    }
    if (walk) tables[name] = walk->run();
    walk.reset();
    to.exec("COMMIT");
  }
  return tables;
}

}  // namespace coi::store

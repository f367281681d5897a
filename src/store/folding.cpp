#include "store/folding.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <array>

namespace coi::store {
namespace {

void check(sqlite3* connection, int code) {
  if (code != SQLITE_OK) throw SQLite::Exception(connection, code);
}

// FTS5 gives its functions to a pointer that is bound to this query.
fts5_api& functions_of(sqlite3* connection) {
  fts5_api* functions = nullptr;
  sqlite3_stmt* query = nullptr;
  check(connection, sqlite3_prepare_v2(connection, "SELECT fts5(?)", -1, &query, nullptr));
  sqlite3_bind_pointer(query, 1, static_cast<void*>(&functions), "fts5_api_ptr", nullptr);
  sqlite3_step(query);
  check(connection, sqlite3_finalize(query));
  if (functions == nullptr) throw SQLite::Exception("SQLite has no FTS5");
  return *functions;
}

struct Folded {
  std::string_view text;
  std::size_t taken = 0;  // octets of it
  std::string out;

  void gap(std::size_t end) {
    out += text.substr(taken, end - taken);
    taken = end;
  }
};

int take_word(void* folded, int, const char* word, int size, int begin, int end) {
  auto& all = *static_cast<Folded*>(folded);
  all.gap(static_cast<std::size_t>(begin));
  all.out.append(word, static_cast<std::size_t>(size));
  all.taken = static_cast<std::size_t>(end);
  return SQLITE_OK;
}

}  // namespace

Folding::Folding(sqlite3* connection) : tokenizer_(nullptr, nullptr) {
  auto& functions = functions_of(connection);
  void* data = nullptr;
  check(connection, functions.xFindTokenizer(&functions, "unicode61", &data, &calls_));
  std::array options = {"remove_diacritics", "2"};  // as in the schema
  Fts5Tokenizer* tokenizer = nullptr;
  check(connection, calls_.xCreate(data, options.data(), static_cast<int>(options.size()), &tokenizer));
  tokenizer_ = {tokenizer, calls_.xDelete};
}

std::string Folding::operator()(std::string_view text) const {
  Folded folded{.text = text, .out = {}};
  const int code = calls_.xTokenize(tokenizer_.get(), &folded, FTS5_TOKENIZE_AUX, text.data(),
                                    static_cast<int>(text.size()), take_word);
  if (code != SQLITE_OK) throw SQLite::Exception("cannot fold a name", code);
  folded.gap(text.size());
  return std::move(folded.out);
}

}  // namespace coi::store

// Letters without case and accents; not for other rooms.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

namespace coi::store {

// Makes of words what the search index makes of them, by the same tokenizer, so that a name is found by what finds a
// word. Members throw SQLite::Exception.
class Folding {
 public:
  // The connection has to live as long.
  explicit Folding(sqlite3* connection);

  // What stands between the words stays.
  std::string operator()(std::string_view text) const;

 private:
  fts5_tokenizer calls_ = {};
  std::unique_ptr<Fts5Tokenizer, void (*)(Fts5Tokenizer*)> tokenizer_;
};

}  // namespace coi::store

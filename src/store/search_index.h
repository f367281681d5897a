// The full-text index, inside of the room. Its rowids are made of the message's time and id, so that FTS5 itself yields
// the newest hits first and stops; joined and sorted, a word that occurs in every message would cost them all.
#pragma once

#include <map>
#include <set>

#include "chat/model.h"
#include "store/sql.h"

namespace coi::store {

// (seconds since 1970) * 2^31 + id
struct SearchKey {
  std::int64_t value = 0;
  static SearchKey of(chat::MessageId id, UnixMs sort_ms);
  chat::MessageId message() const { return chat::MessageId{value & 0x7fff'ffff}; }
  friend auto operator<=>(const SearchKey&, const SearchKey&) = default;
};

// What the index was told about a message. FTS5 keeps no text of its own and must be told the same again to forget it.
struct IndexedMessage {
  chat::ChatId chat;
  UnixMs sort_ms = 0;
  std::string body;
};

// Changes gather until the end of the transaction: FTS5 writes out what it has whenever a rowid is lower than the last.
class SearchIndex {
 public:
  explicit SearchIndex(Connection& connection) : connection_(connection) {}

  void add(chat::MessageId id, const IndexedMessage& message);
  void replace(chat::MessageId id, const IndexedMessage& before, const IndexedMessage& after);
  void remove(chat::MessageId id, const IndexedMessage& before);
  void save();
  void forget();  // rolled back

 private:
  Connection& connection_;
  std::map<SearchKey, std::string> added_;
};

}  // namespace coi::store

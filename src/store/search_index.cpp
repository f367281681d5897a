#include "store/search_index.h"

#include <algorithm>

#include "store/search_text.h"

namespace coi::store {
namespace {

std::string indexed(const IndexedMessage& message) { return chat_word(message.chat) + " " + search_text(message.body); }

}  // namespace

SearchKey SearchKey::of(chat::MessageId id, UnixMs sort_ms) {
  constexpr UnixMs last = 0xffff'ffff;  // seconds: the year 2106
  return {std::clamp<UnixMs>(sort_ms / 1000, 0, last) << 31 | (id.value & 0x7fff'ffff)};
}

void SearchIndex::add(chat::MessageId id, const IndexedMessage& message) {
  added_.emplace(SearchKey::of(id, message.sort_ms), indexed(message));
}

void SearchIndex::replace(chat::MessageId id, const IndexedMessage& before, const IndexedMessage& after) {
  remove(id, before);
  add(id, after);
}

void SearchIndex::remove(chat::MessageId id, const IndexedMessage& before) {
  const auto old_key = SearchKey::of(id, before.sort_ms);
  if (added_.erase(old_key) == 0)
    connection_.run("INSERT INTO search(search, rowid, body) VALUES ('delete', ?, ?)", old_key.value, indexed(before));
}

void SearchIndex::save() {
  for (const auto& [key, body] : added_)
    connection_.run("INSERT INTO search(rowid, body) VALUES (?, ?)", key.value, body);
  added_.clear();
}

void SearchIndex::forget() { added_.clear(); }

}  // namespace coi::store

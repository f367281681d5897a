// What is found by its words.
#include <algorithm>
#include <limits>

#include "store/reader_impl.h"
#include "store/search_index.h"
#include "store/search_text.h"

namespace coi::store {

using namespace chat;

Result<Snapshot<Slice<MessageRow>>> Reader::search(std::string_view words, std::optional<ChatId> chat,
                                                   const Page<HitPlace>& page, std::size_t octets) {
  const auto query = search_query(words, chat);
  if (query.empty()) return fail(ErrorKind::invalid, "nothing to search for", "type at least one word");
  return impl_->snapshot("cannot search", [&] {
    const auto take = [](Rows row) {
      std::vector<MessageId> ids;
      while (row.next()) ids.push_back(SearchKey{row.number(0)}.message());
      return ids;
    };
    const auto key = [](const std::optional<HitPlace>& place, SearchKey otherwise) {
      return place ? SearchKey::of(place->id, place->sort_ms).value : otherwise.value;
    };
    constexpr SearchKey first{std::numeric_limits<std::int64_t>::max()}, last{-1};
    auto& connection = impl_->connection;
    const auto slice = slice_of<MessageId>(
        page, Edge::begin,
        [&](const auto& place, std::size_t most) {
          return take(
              connection.query("SELECT rowid FROM search WHERE search MATCH ? AND rowid > ? ORDER BY rowid LIMIT ?",
                               query, key(place, last), most));
        },
        [&](const auto& place, std::size_t most) {
          return take(connection.query(
              "SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?", query,
              key(place, first), most));
        },
        [&](const HitPlace& place) {
          const auto found = take(
              connection.query("SELECT rowid FROM search WHERE search MATCH ? AND rowid = ?", query, key(place, last)));
          return found.empty() ? std::nullopt : std::optional(found.front());
        });
    const auto middle = page.around   ? std::ranges::find(slice.rows, page.around->id)
                        : page.before ? slice.rows.end()
                                      : slice.rows.begin();
    return impl_->messages(slice, static_cast<std::size_t>(middle - slice.rows.begin()), octets);
  });
}

Result<std::optional<HitPlace>> Reader::place_of(MessageId id) {
  return impl_->guarded("cannot read the message", [&]() -> std::optional<HitPlace> {
    auto row = impl_->connection.query("SELECT sort_ms FROM message WHERE id = ? AND hidden = 0", id);
    return row.next() ? std::optional(HitPlace{.sort_ms = row.number(0), .id = id}) : std::nullopt;
  });
}

}  // namespace coi::store

// Messages that wait for their time.
#include "store/album.h"
#include "store/reader_impl.h"

namespace coi::store {

using namespace chat;

Result<Snapshot<Slice<MessageRow>>> Reader::scheduled(const Page<MessageId>& page, std::size_t octets) {
  return impl_->snapshot("cannot read what waits", [&] {
    std::vector<MessageId> ids;
    {
      auto row = impl_->connection.query(
          "SELECT message FROM outgoing WHERE not_before_ms <> 0 AND message IS NOT NULL ORDER BY not_before_ms, id");
      while (row.next()) ids.push_back(row.id<MessageId>(0));
    }
    return impl_->messages_at(slice_of(std::move(ids), page, std::equal_to<>()), page, octets);
  });
}

Result<std::vector<MessageId>> Reader::album(MessageId id) {
  return impl_->guarded("cannot read the message", [&] { return album_of(impl_->connection, id); });
}

}  // namespace coi::store

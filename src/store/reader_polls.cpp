// What polls came to, as front ends read it.
#include "store/details.h"
#include "store/polls.h"
#include "store/reader_impl.h"

namespace coi::store {

using namespace chat;

std::optional<PollState> Reader::Impl::poll(const MessageRow& message) {
  if (!message.details.poll) return std::nullopt;
  return settle_poll(*message.details.poll, said_of_poll(connection, message.id), message.outgoing, message.from.addr);
}

// The close that counts is a notice; what another one says is but words.
bool Reader::Impl::closes_poll(const MessageRow& message) {
  if (!message.reply_to || message.forged) return false;
  std::optional<Poll> poll;
  std::string from;
  bool outgoing = false;
  {
    auto row = connection.query("SELECT details, from_addr, outgoing FROM message WHERE id = ? AND poll_id <> ''",
                                *message.reply_to);
    if (!row.next()) return false;
    poll = details_of(row.text(0)).poll;
    from = row.text(1);
    outgoing = row.flag(2);
  }
  if (!poll) return false;
  const auto said = said_of_poll(connection, *message.reply_to);
  const bool by_author =
      outgoing == message.outgoing && (outgoing || said.person_with(from) == said.person_with(message.from.addr));
  return by_author && settle_poll(*poll, said, outgoing, from).closed_by == message.rfc_id;
}

}  // namespace coi::store

// Messages that wait for a time.
#include <algorithm>

#include "api/methods.h"
#include "api/rows.h"
#include "api/send_letter.h"

namespace coi::api {
namespace {

// The message, and those of one request with it that wait too, in their order.
Result<std::vector<chat::MessageId>> waiting_with(const OpenAccount& open, chat::MessageId id) {
  std::vector<chat::MessageId> waiting;
  for (const auto one : COI_TRY(open.reader->album(id))) {
    const auto found = COI_TRY(open.reader->message(one));
    if (one == id && !(found.value && found.value->can_take_back)) return std::vector{id};
    if (one == id || (found.value && found.value->can_take_back)) waiting.push_back(one);
  }
  return waiting.empty() ? std::vector{id} : waiting;
}

// Does `action` to those, and answers with them as they are then.
void act_on_waiting(const OpenAccount& open, chat::MessageId id, chat::Input action,
                    const Responder<proto::SentMessages>& responder) {
  auto ids = waiting_with(open, id);
  if (!ids) return responder(std::unexpected(ids.error()));
  act<proto::SentMessages>(
      open, std::move(action), responder,
      [ids = *std::move(ids)](const OpenAccount& again, const store::Changes&) { return sent_messages(again, ids); });
}

}  // namespace

void reschedule(const OpenAccount& open, const proto::Reschedule& params,
                const Responder<proto::SentMessages>& responder) {
  const chat::MessageId id(params.message.value);
  act_on_waiting(open, id,
                 chat::Reschedule{.message = id, .not_before_ms = params.at ? std::max<UnixMs>(params.at->ms, 0) : 0},
                 responder);
}

void retry_message(const OpenAccount& open, const proto::RetryMessage& params,
                   const Responder<proto::SentMessages>& responder) {
  const chat::MessageId id(params.message.value);
  act_on_waiting(open, id, chat::RetryMessage{id}, responder);
}

void take_back(const OpenAccount& open, const proto::TakeBack& params,
               const Responder<proto::SentMessages>& responder) {
  const chat::MessageId id(params.message.value);
  const auto ids = waiting_with(open, id);
  if (!ids) return responder(std::unexpected(ids.error()));
  auto before = sent_messages(open, *ids);
  if (!before) return responder(std::unexpected(before.error()));
  act<proto::SentMessages>(open, chat::TakeBack{id}, responder,
                           [was = *std::move(before)](const OpenAccount&, const store::Changes& changes) mutable {
                             was.seq = changes.seq;
                             return Result<proto::SentMessages>(was);
                           });
}

}  // namespace coi::api

#include "api/one_chat.h"

#include <fmt/format.h>

#include "api/rows.h"

namespace coi::api {

UnixMs now_of(const OpenAccount& open) { return open.call.service.environment.clock(); }

Result<proto::OneChat> one_chat(const OpenAccount& open, chat::ChatId id) {
  if (!id) id = COI_TRY(open.reader->self_chat()).value_or(id);
  const auto found = COI_TRY(open.reader->chat(id));
  if (!id)
    return proto::OneChat{.seq = found.seq,
                          .chat = to_proto(open.id, store::ChatRow{.kind = chat::ChatKind::self}, now_of(open))};
  if (!found.value) return fail(ErrorKind::not_found, "the chat is no longer there");
  return proto::OneChat{.seq = found.seq, .chat = to_proto(open.id, *found.value, now_of(open))};
}

std::unexpected<Error> no_message(chat::MessageId id) {
  return fail(ErrorKind::not_found, fmt::format("there is no message {}", id.value));
}

Result<std::optional<chat::MessageId>> message_of(const OpenAccount& open, chat::ChatId chat,
                                                  const std::optional<proto::MessageId>& named) {
  if (!named) return std::nullopt;
  const auto found = COI_TRY(open.reader->message(chat::MessageId(named->value))).value;
  if (!found) return no_message(chat::MessageId(named->value));
  if (found->chat != chat) return fail(ErrorKind::invalid, fmt::format("message {} is of another chat", named->value));
  return found->id;
}

}  // namespace coi::api

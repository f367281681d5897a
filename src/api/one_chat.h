// Answers that are one chat, as an action left it.
#pragma once

#include <utility>

#include "api/service.h"
#include "proto/chat.h"

namespace coi::api {

UnixMs now_of(const OpenAccount& open);

// ChatId{}: the chat with oneself.
Result<proto::OneChat> one_chat(const OpenAccount& open, chat::ChatId id);

std::unexpected<Error> no_message(chat::MessageId id);
// A message that a request about the chat names, or none. Errors: not_found; invalid: it is of another chat.
Result<std::optional<chat::MessageId>> message_of(const OpenAccount& open, chat::ChatId chat,
                                                  const std::optional<proto::MessageId>& named);

// Replies with the chat as the action left it.
template <class Action>
void act_on_chat(const OpenAccount& open, Action action, const Responder<proto::OneChat>& responder) {
  const auto id = action.chat;
  act<proto::OneChat>(open, std::move(action), responder,
                      [id](const OpenAccount& again, const store::Changes&) { return one_chat(again, id); });
}

}  // namespace coi::api

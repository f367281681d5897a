// Answers that are one message, as an action left it, with those who hear nothing of that.
#pragma once

#include "api/service.h"
#include "proto/message.h"

namespace coi::api {

// Who gets the mail that an action is.
enum class Reach : std::uint8_t {
  chat_programs,             // whoever is known to use one (P-04)
  chat_programs_and_author,  // of the message, too (P-20)
  everybody,
};

// Errors: not_found, and those of the action.
void act_on_message(const OpenAccount& open, chat::MessageId id, chat::Input action, Reach reach,
                    const Responder<proto::Reacted>& responder);

}  // namespace coi::api

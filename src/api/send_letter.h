// The end of every request that sends a message of its own.
#pragma once

#include <functional>
#include <string>

#include "api/service.h"
#include "proto/chat.h"

namespace coi::api {

struct LetterRequest {
  proto::ChatName chat;
  std::string token;  // of the client, at most 256 octets; '': none
  bool wait = false;  // answer when the server took it
};

using Sent = std::function<void(const Result<proto::SentMessages>&)>;

// Sends what `make` gives, unless a request with this token has sent before, and answers with what was sent.
void send_letter(const OpenAccount& open, const LetterRequest& request,
                 const std::function<Result<chat::SendMessage>()>& make, const Sent& responder);

// Errors: not_found.
Result<proto::OneMessage> one_message(const OpenAccount& open, chat::MessageId id);
// These, of which there is one at least; the message, and what one request sent with it.
Result<proto::SentMessages> sent_messages(const OpenAccount& open, const std::vector<chat::MessageId>& ids);
Result<proto::SentMessages> sent_messages(const OpenAccount& open, chat::MessageId id);

}  // namespace coi::api

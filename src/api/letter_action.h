// What a request to send means.
#pragma once

#include <functional>

#include "api/service.h"
#include "proto/chat.h"

namespace coi::api {

// Errors: invalid, what is given does not go together; not_found; ambiguous; those of engine::Account::add_files(). The
// files of a message that is forwarded have to be here (fetch_files()).
Result<chat::SendMessage> action_of(const OpenAccount& open, const proto::SendMessage& params);

// Fetches the files of the message that are not here yet, one after the other; then `use` has its turn on a reading
// thread, or gets the error.
void fetch_files(const OpenAccount& open, chat::MessageId message, std::function<void(Result<OpenAccount>)> use);

}  // namespace coi::api

// The one place where the names that users give chats become ids.
#pragma once

#include <optional>
#include <string>

#include "api/service.h"
#include "proto/chat_name.h"

namespace coi::api {

// Errors: not_found; invalid when nothing was named, or when several chats may be meant.
Result<chat::ChatId> find_chat(store::Reader& reader, const proto::ChatName& name);

// Where to send: a chat, or an address that has none yet. Strangers (contact requests) are named by id or address
// alone.
struct Destination {
  std::optional<chat::ChatId> chat;
  std::string addr;  // canonical; without `chat`
};
Result<Destination> find_destination(store::Reader& reader, const proto::ChatName& name);

}  // namespace coi::api

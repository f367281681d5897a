// Who is in a group.
#pragma once

#include <string>
#include <utility>

#include "client.h"
#include "proto/chat.h"

namespace coi::cli {

// Names all its members, of whom lists and events leave out some. As it is where the daemon does not say.
inline void name_all_members(Client& client, proto::Chat& chat) {
  if (chat.members.size() >= chat.member_count) return;
  auto whole = client.call(proto::GetChat{.account = chat.account, .chat = {std::to_string(chat.id.value)}});
  if (whole) chat.members = std::move(whole->chat.members);
}

}  // namespace coi::cli

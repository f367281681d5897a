// How message.peer names the chat that a mail belongs to by what it says. Inside of the room.
#pragma once

#include <string>

#include "chat/model.h"

namespace coi::store {

// The address of the person, "group ID", or '' with oneself. No address has a space in front of any @.
inline std::string peer_column(const chat::ChatRef& chat) {
  const auto* group = std::get_if<chat::InGroup>(&chat);
  return group == nullptr ? chat::peer_of(chat) : "group " + group->id;
}

// `self`: '' is oneself; else the person without address.
inline chat::ChatRef chat_named(const std::string& peer, bool self) {
  constexpr std::string_view prefix = "group ";
  if (peer.starts_with(prefix)) return chat::InGroup{peer.substr(prefix.size())};
  if (self && peer.empty()) return chat::WithSelf{};
  return chat::WithPerson{peer};
}

}  // namespace coi::store

#include "namesakes.h"

#include "text.h"

namespace coi::cli {

std::string address_beside_name(const proto::Chat& chat) {
  if (chat.kind == proto::ChatKind::group || chat.members.size() != 1 || chat.members.front().addr == chat.name)
    return {};
  return one_line(chat.members.front().addr);
}

Namesakes::Namesakes(const std::vector<proto::Chat>& chats) {
  for (const auto& chat : chats) put(chat);
}

void Namesakes::put(const proto::Chat& chat) {
  const auto [place, is_new] = chats_.try_emplace({chat.account, chat.id});
  auto& said = place->second;
  if (!is_new) {
    auto& before = addresses_[said.name];
    before.erase(before.find(said.addr));
  }
  said = {.name = one_line(chat.name), .addr = address_beside_name(chat)};
  addresses_[said.name].insert(said.addr);
}

bool Namesakes::has(const proto::Chat& chat) const {
  const auto found = addresses_.find(one_line(chat.name));
  if (found == addresses_.end() || found->second.empty()) return false;
  const auto addr = address_beside_name(chat);
  return *found->second.begin() != addr || *found->second.rbegin() != addr;
}

}  // namespace coi::cli

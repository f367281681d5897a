// People who are called alike: whoever writes chooses a name, so that the address has to tell them apart.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proto/chat.h"

namespace coi::cli {

// Of a chat with one person: their address as it is printed beside the name; empty where it stands for the name.
std::string address_beside_name(const proto::Chat& chat);

// The people whom chats are with, of all accounts.
class Namesakes {
 public:
  Namesakes() = default;
  explicit Namesakes(const std::vector<proto::Chat>& chats);
  void put(const proto::Chat& chat);  // one more, or what it is called from now on
  // Somebody with another address is called so, too.
  bool has(const proto::Chat& chat) const;

 private:
  struct Said {
    std::string name, addr;
  };
  std::map<std::pair<std::string, proto::ChatId>, Said> chats_;
  std::map<std::string, std::multiset<std::string>> addresses_;  // by name; empty ones, too
};

}  // namespace coi::cli

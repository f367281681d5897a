// Folders into which the user sorts chats.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/describe.h"
#include "proto/chat.h"

namespace coi::proto {

// A folder into which the user sorted chats. It is there as long as a chat is in it that is not blocked.
struct ChatFolder {
  std::string name;
  ListCounts counts;  // of its chats that are neither archived nor requests
};
BOOST_DESCRIBE_STRUCT(ChatFolder, (), (name, counts))

struct ChatFolders {
  std::int64_t seq = 0;  // as in ChatList
  std::vector<Position> positions;
  std::vector<ChatFolder> folders;  // by name
};
BOOST_DESCRIBE_STRUCT(ChatFolders, (), (seq, positions, folders))

struct ListFolders {
  static constexpr std::string_view method = "folders";
  using Result = ChatFolders;

  std::string account;  // "*": of all accounts; those of one name are one
};
BOOST_DESCRIBE_STRUCT(ListFolders, (), (account))

// Into which folders a chat is sorted, in place of those before; other devices have it where contacts are kept in the
// mailbox.
struct SetFolders {
  static constexpr std::string_view method = "set_folders";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  // At most 20 names of 60 octets, without commas; one that is new is made. "Work" and "work" are one.
  std::vector<std::string> folders;
  static constexpr std::string_view required[] = {"chat", "folders"};
};
BOOST_DESCRIBE_STRUCT(SetFolders, (), (account, chat, folders))

}  // namespace coi::proto

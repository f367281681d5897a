// Groups: making and changing them. What a group is stands in Chat.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/chat.h"

namespace coi::proto {

struct CreateGroup {
  static constexpr std::string_view method = "create_group";
  using Result = OneChat;

  std::string account;
  std::string name;
  std::vector<std::string> members;  // addresses
  static constexpr std::string_view required[] = {"name"};
};
BOOST_DESCRIBE_STRUCT(CreateGroup, (), (account, name, members))

struct AddMembers {
  static constexpr std::string_view method = "add_members";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  std::vector<std::string> members;  // addresses
  static constexpr std::string_view required[] = {"chat", "members"};
};
BOOST_DESCRIBE_STRUCT(AddMembers, (), (account, chat, members))

struct RemoveMembers {
  static constexpr std::string_view method = "remove_members";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  std::vector<std::string> members;  // addresses
  static constexpr std::string_view required[] = {"chat", "members"};
};
BOOST_DESCRIBE_STRUCT(RemoveMembers, (), (account, chat, members))

struct LeaveGroup {
  static constexpr std::string_view method = "leave_group";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(LeaveGroup, (), (account, chat))

struct RenameGroup {
  static constexpr std::string_view method = "rename_group";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  std::string name;
  static constexpr std::string_view required[] = {"chat", "name"};
};
BOOST_DESCRIBE_STRUCT(RenameGroup, (), (account, chat, name))

struct DescribeGroup {
  static constexpr std::string_view method = "describe_group";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  std::string description;  // empty: none
  static constexpr std::string_view required[] = {"chat", "description"};
};
BOOST_DESCRIBE_STRUCT(DescribeGroup, (), (account, chat, description))

struct PictureGroup {
  static constexpr std::string_view method = "picture_group";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  std::string file;  // absolute path of a picture, which is cut to a square of 512 pixels at most; empty: none
  static constexpr std::string_view required[] = {"chat", "file"};
};
BOOST_DESCRIBE_STRUCT(PictureGroup, (), (account, chat, file))

struct PictureFile {
  std::string path;  // a JPEG, for a day at least
};
BOOST_DESCRIBE_STRUCT(PictureFile, (), (path))

struct GetPicture {
  static constexpr std::string_view method = "picture";
  using Result = PictureFile;

  std::string account;
  std::string picture;  // Chat.picture
  static constexpr std::string_view required[] = {"picture"};
};
BOOST_DESCRIBE_STRUCT(GetPicture, (), (account, picture))

}  // namespace coi::proto

// What a chat's messages brought, as lists: files by their sort, and links.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/chat_name.h"
#include "proto/message.h"
#include "proto/page.h"

namespace coi::proto {

enum class FileSort : std::uint8_t {
  media,  // pictures and films
  sound,
  other,
};
BOOST_DESCRIBE_ENUM(FileSort, media, sound, other)

struct ChatFile {
  Attachment attachment;
  MessageId message;
  Author from;
  bool outgoing = false;
  json::Rfc3339 time;
};
BOOST_DESCRIBE_STRUCT(ChatFile, (), (attachment, message, from, outgoing, time))

struct ChatFiles {
  std::int64_t seq = 0;
  std::vector<ChatFile> files;  // those of the newest message first, each message's in their order
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(ChatFiles, (), (seq, files, more_before, more_after))

struct ListFiles {
  static constexpr std::string_view method = "files";
  using Result = ChatFiles;

  std::string account;
  ChatName chat;
  FileSort sort = FileSort::media;
  std::optional<Anchor> before, after, around;  // attachments
  std::uint32_t most = usual_page;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ListFiles, (), (account, chat, sort, before, after, around, most))

struct Link {
  std::string url;       // http or https
  std::string text;      // what stands for it; empty: itself
  std::string leads_to;  // to be shown behind a text that names another host; empty: nothing
};
BOOST_DESCRIBE_STRUCT(Link, (), (url, text, leads_to))

struct MessageLinks {
  MessageId message;
  Author from;
  bool outgoing = false;
  json::Rfc3339 time;
  std::vector<Link> links;  // each once, at most 100
};
BOOST_DESCRIBE_STRUCT(MessageLinks, (), (message, from, outgoing, time, links))

struct ChatLinks {
  std::int64_t seq = 0;
  std::vector<MessageLinks> messages;  // the newest first; those alone whose text has links
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(ChatLinks, (), (seq, messages, more_before, more_after))

struct ListLinks {
  static constexpr std::string_view method = "links";
  using Result = ChatLinks;

  std::string account;
  ChatName chat;
  std::optional<Anchor> before, after, around;  // messages
  std::uint32_t most = usual_page;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ListLinks, (), (account, chat, before, after, around, most))

}  // namespace coi::proto

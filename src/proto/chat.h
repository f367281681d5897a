// Chats, and the requests that name one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/chat_name.h"
#include "proto/contact.h"
#include "proto/ids.h"
#include "proto/message.h"

namespace coi::proto {

enum class ChatKind : std::uint8_t { single, group, list, self };
BOOST_DESCRIBE_ENUM(ChatKind, single, group, list, self)

enum class Section : std::uint8_t {
  main,
  feed,  // nothing but automatic mail
};
BOOST_DESCRIBE_ENUM(Section, main, feed)

enum class Protection : std::uint8_t { none, encrypted, verified };
BOOST_DESCRIBE_ENUM(Protection, none, encrypted, verified)

struct Member {
  std::string addr;
  std::string name;
  std::optional<ContactId> person;
  Program program = Program::unknown;
};
BOOST_DESCRIBE_STRUCT(Member, (), (addr, name, person, program))

struct Chat {
  std::string account;
  ChatId id;
  ChatKind kind = ChatKind::single;
  bool request = false;  // a stranger wrote, and nobody accepted yet
  Section section = Section::main;
  std::string name;
  std::vector<Member> members;  // without ourselves
  std::int64_t unread = 0;
  std::optional<Message> last;
  bool muted = false;
  std::optional<json::Rfc3339> muted_until;  // absent while muted: for good
  bool pinned = false;
  bool archived = false;
  bool blocked = false;
  Protection protection = Protection::none;
};
BOOST_DESCRIBE_STRUCT(Chat, (),
                      (account, id, kind, request, section, name, members, unread, last, muted, muted_until, pinned,
                       archived, blocked, protection))

struct OneChat {
  std::int64_t seq = 0;
  Chat chat;
};
BOOST_DESCRIBE_STRUCT(OneChat, (), (seq, chat))

struct ChatList {
  std::int64_t seq = 0;             // of the only account; 0 where there are several
  std::vector<Position> positions;  // of each account
  std::vector<Chat> chats;
};
BOOST_DESCRIBE_STRUCT(ChatList, (), (seq, positions, chats))

struct ListChats {
  static constexpr std::string_view method = "chats";
  using Result = ChatList;

  std::string account;  // "*": of all accounts
  bool archived = false;
  bool requests = false;
  std::uint32_t most = 1000;
};
BOOST_DESCRIBE_STRUCT(ListChats, (), (account, archived, requests, most))

struct ChatCount {
  std::int64_t seq = 0;  // as in ChatList
  std::vector<Position> positions;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(ChatCount, (), (seq, positions, count))

struct CountChats {
  static constexpr std::string_view method = "count_chats";
  using Result = ChatCount;

  std::string account;  // "*": of all accounts
  bool archived = false;
  bool requests = false;
};
BOOST_DESCRIBE_STRUCT(CountChats, (), (account, archived, requests))

struct GetChat {
  static constexpr std::string_view method = "chat";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(GetChat, (), (account, chat))

// Somebody whom a name may mean.
struct Candidate {
  std::string account;
  std::string account_addr;
  std::optional<ChatId> chat;  // absent: nothing was written yet
  std::string addr;            // where a message goes; empty: to oneself
  std::string name;
  bool blocked = false;
};
BOOST_DESCRIBE_STRUCT(Candidate, (), (account, account_addr, chat, addr, name, blocked))

struct CandidateList {
  std::vector<Candidate> candidates;
};
BOOST_DESCRIBE_STRUCT(CandidateList, (), (candidates))

struct ListCandidates {
  static constexpr std::string_view method = "candidates";
  using Result = CandidateList;

  std::string account;  // empty or "*": in all accounts
  ChatName chat;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ListCandidates, (), (account, chat))

struct ChatMessages {
  std::int64_t seq = 0;
  Chat chat;
  std::vector<Message> messages;
};
BOOST_DESCRIBE_STRUCT(ChatMessages, (), (seq, chat, messages))

struct ListMessages {
  static constexpr std::string_view method = "messages";
  using Result = ChatMessages;

  std::string account;
  ChatName chat;
  std::uint32_t last = 50;          // at most 1000
  std::optional<MessageId> before;  // page backwards from here
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ListMessages, (), (account, chat, last, before))

struct FoundMessages {
  std::int64_t seq = 0;  // as in ChatList
  std::vector<Position> positions;
  std::vector<Message> messages;
  std::vector<Chat> chats;  // those that the messages are in, each once
};
BOOST_DESCRIBE_STRUCT(FoundMessages, (), (seq, positions, messages, chats))

struct Search {
  static constexpr std::string_view method = "search";
  using Result = FoundMessages;

  std::string account;  // "*": of all accounts
  std::string words;
  ChatName chat;  // empty: everywhere
  std::uint32_t most = 20;
  static constexpr std::string_view required[] = {"words"};
};
BOOST_DESCRIBE_STRUCT(Search, (), (account, words, chat, most))

// How a message says that a program sent it (Auto-Submitted, RFC 3834 5).
enum class Automatic : std::uint8_t {
  no,
  generated,  // on its own
  replied,    // in answer; refused where what it answers was sent by a program itself
};
BOOST_DESCRIBE_ENUM(Automatic, no, generated, replied)

struct SendMessage {
  static constexpr std::string_view method = "send_message";
  using Result = OneMessage;

  std::string account;
  ChatName chat;  // an address that nobody wrote from yet begins a chat
  std::string text;
  std::vector<std::string> files;  // absolute paths on this machine; copied before the reply
  std::optional<MessageId> reply_to;
  Automatic automatic = Automatic::no;
  // Random, chosen by the client, at most 256 octets: of several requests with one token the first sends, and all get
  // its message. So a request whose answer did not come can be repeated, whatever became of the daemon. For another
  // chat it is refused (invalid).
  std::string token;
  bool wait = false;  // the reply comes when the server accepted the message, or with its refusal
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(SendMessage, (), (account, chat, text, files, reply_to, automatic, token, wait))

struct MarkSeen {
  static constexpr std::string_view method = "seen";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  std::optional<MessageId> from;   // the first that was on screen; absent: all before too
  std::optional<MessageId> up_to;  // the last; absent: all after too
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(MarkSeen, (), (account, chat, from, up_to))

struct ArchiveChat {
  static constexpr std::string_view method = "archive";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool archived = true;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(ArchiveChat, (), (account, chat, archived))

struct PinChat {
  static constexpr std::string_view method = "pin";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool pinned = true;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(PinChat, (), (account, chat, pinned))

struct MuteChat {
  static constexpr std::string_view method = "mute";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool muted = true;
  std::optional<json::Rfc3339> until;  // absent: for good
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(MuteChat, (), (account, chat, muted, until))

struct AcceptChat {
  static constexpr std::string_view method = "accept";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(AcceptChat, (), (account, chat))

struct BlockChat {
  static constexpr std::string_view method = "block";
  using Result = OneChat;

  std::string account;
  ChatName chat;
  bool blocked = true;
  static constexpr std::string_view required[] = {"chat"};
};
BOOST_DESCRIBE_STRUCT(BlockChat, (), (account, chat, blocked))

}  // namespace coi::proto

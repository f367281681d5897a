// The requests about polls. What a poll is stands in Message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "proto/chat.h"

namespace coi::proto {

struct CreatePoll {
  static constexpr std::string_view method = "create_poll";
  static constexpr bool may_begin_chat = true;
  using Result = OneMessage;

  std::string account;
  ChatName chat;
  std::string question;              // one line, at most 1000 octets
  std::string description;           // at most 10 000 octets
  std::vector<std::string> options;  // 2 to 20, as the question
  bool dates = false;                // the options are RFC 3339 or YYYY-MM-DD
  std::vector<std::string> files;    // none, or one for each option: absolute paths on this machine
  bool single = false;
  bool revote = true;
  std::optional<json::Rfc3339> ends;
  std::string token;  // as of send_message
  bool wait = false;
  static constexpr std::string_view required[] = {"chat", "question", "options"};
};
BOOST_DESCRIBE_STRUCT(CreatePoll, (),
                      (account, chat, question, description, options, dates, files, single, revote, ends, token, wait))

struct Vote {
  static constexpr std::string_view method = "vote";
  using Result = Reacted;

  std::string account;
  MessageId message;
  std::vector<std::uint32_t> choices;  // numbers of options, from 1, in the place of those before; none: withdrawn
  static constexpr std::string_view required[] = {"message", "choices"};
};
BOOST_DESCRIBE_STRUCT(Vote, (), (account, message, choices))

struct ClosePoll {
  static constexpr std::string_view method = "close_poll";
  using Result = OneMessage;

  std::string account;
  MessageId message;
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(ClosePoll, (), (account, message))

}  // namespace coi::proto

// What happened, as told to connections that subscribed: params of the notification "event". Every event carries the
// whole object. `seq` counts the changes of an account and never goes back; of what a reply with seq N contains, events
// up to N are repetitions. `connection` and `progress` are states, not changes: they repeat the last number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/contact.h"
#include "proto/message.h"
#include "proto/position.h"

namespace coi::proto {

struct MessageAdded {
  static constexpr std::string_view type = "message_added";
  std::string account;
  std::int64_t seq = 0;
  Message message;
  bool notify =
      false;  // deserves a sound: it came just now, from somebody who is known; a mute silences all but mentions
  bool blocked = false;  // in the chat with somebody who is blocked: not for people who did not ask for it
  bool history = false;  // found in the mailbox at a first look or a later one, no news: a program does not answer it
};
BOOST_DESCRIBE_STRUCT(MessageAdded, (), (account, seq, message, notify, blocked, history))

// Somebody reacted to a message.
struct NewReaction {
  std::string from;  // address
  std::string emoji;
};
BOOST_DESCRIBE_STRUCT(NewReaction, (), (from, emoji))

struct MessageChanged {
  static constexpr std::string_view type = "message_changed";
  std::string account;
  std::int64_t seq = 0;
  Message message;
  // It is an own one, and this came just now, in a chat that is not muted: deserves a notification.
  std::optional<NewReaction> reacted;
};
BOOST_DESCRIBE_STRUCT(MessageChanged, (), (account, seq, message, reacted))

struct MessageRemoved {
  static constexpr std::string_view type = "message_removed";
  std::string account;
  std::int64_t seq = 0;
  MessageId message;
};
BOOST_DESCRIBE_STRUCT(MessageRemoved, (), (account, seq, message))

struct ChatChanged {
  static constexpr std::string_view type = "chat_changed";
  std::string account;
  std::int64_t seq = 0;
  Chat chat;
};
BOOST_DESCRIBE_STRUCT(ChatChanged, (), (account, seq, chat))

struct ContactChanged {
  static constexpr std::string_view type = "contact_changed";
  std::string account;
  std::int64_t seq = 0;
  Contact contact;
};
BOOST_DESCRIBE_STRUCT(ContactChanged, (), (account, seq, contact))

// A setting changed, or the account came or went (details.removed).
struct AccountChanged {
  static constexpr std::string_view type = "account_changed";
  std::string account;
  std::int64_t seq = 0;
  Account details;
};
BOOST_DESCRIBE_STRUCT(AccountChanged, (), (account, seq, details))

struct ConnectionChanged {
  static constexpr std::string_view type = "connection";
  std::string account;
  std::int64_t seq = 0;
  Connection connection;
};
BOOST_DESCRIBE_STRUCT(ConnectionChanged, (), (account, seq, connection))

struct ProgressMade {
  static constexpr std::string_view type = "progress";
  std::string account;
  std::int64_t seq = 0;
  Progress progress;
};
BOOST_DESCRIBE_STRUCT(ProgressMade, (), (account, seq, progress))

// Too much happened to tell it one by one, or the connection did not read fast enough: read anew what is shown.
struct Resync {
  static constexpr std::string_view type = "resync";
  std::string account;
  std::int64_t seq = 0;
};
BOOST_DESCRIBE_STRUCT(Resync, (), (account, seq))

using Event = std::variant<MessageAdded, MessageChanged, MessageRemoved, ChatChanged, ContactChanged, AccountChanged,
                           ConnectionChanged, ProgressMade, Resync>;

struct Subscribed {
  std::vector<Position> positions;  // events with a greater seq will come
};
BOOST_DESCRIBE_STRUCT(Subscribed, (), (positions))

struct Subscribe {
  static constexpr std::string_view method = "subscribe";
  using Result = Subscribed;

  std::string account;  // empty: all accounts, those to come included
  // Where the client stopped to listen: what came after that is told first, or `resync` where it is too long ago.
  std::vector<Position> since;
};
BOOST_DESCRIBE_STRUCT(Subscribe, (), (account, since))

struct Unsubscribe {
  static constexpr std::string_view method = "unsubscribe";
  using Result = Done;
};
BOOST_DESCRIBE_STRUCT(Unsubscribe, (), ())

}  // namespace coi::proto

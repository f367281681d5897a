// Messages that wait for a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/message.h"
#include "proto/page.h"

namespace coi::proto {

struct ScheduledMessages {
  std::int64_t seq = 0;
  std::vector<Message> messages;  // the next one first
  bool more_before = false;
  bool more_after = false;
};
BOOST_DESCRIBE_STRUCT(ScheduledMessages, (), (seq, messages, more_before, more_after))

struct ListScheduled {
  static constexpr std::string_view method = "scheduled";
  using Result = ScheduledMessages;

  std::string account;
  std::optional<Anchor> before, after, around;
  std::uint32_t most = usual_page;
};
BOOST_DESCRIBE_STRUCT(ListScheduled, (), (account, before, after, around, most))

struct Reschedule {
  static constexpr std::string_view method = "reschedule";
  using Result = SentMessages;

  std::string account;
  MessageId message;                // with it go those that the same request sent, and that wait too
  std::optional<json::Rfc3339> at;  // absent, or past: now
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(Reschedule, (), (account, message, at))

struct TakeBack {
  static constexpr std::string_view method = "take_back";
  using Result = SentMessages;  // as they were, so that the words can be written anew

  std::string account;
  MessageId message;  // with it those that the same request sent, and that wait too
  static constexpr std::string_view required[] = {"message"};
};
BOOST_DESCRIBE_STRUCT(TakeBack, (), (account, message))

}  // namespace coi::proto

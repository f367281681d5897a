// Polls: what a message that is one holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/codec.h"
#include "json/describe.h"
#include "proto/ids.h"

namespace coi::proto {

struct PollOption {
  std::string text;                  // what people read
  std::string date;                  // of a date or time: RFC 3339, or YYYY-MM-DD; empty: the option is none
  std::optional<AttachmentId> file;  // one of the message's attachments
  std::uint32_t votes = 0;
  std::vector<std::string> from;  // addresses of those whose votes are here, in the order in which they voted
  bool own = false;               // we have chosen it
};
BOOST_DESCRIBE_STRUCT(PollOption, (), (text, date, file, votes, from, own))

// Everybody in the chat sees who chose what.
struct Poll {
  std::string question;
  std::string description;
  std::vector<PollOption> options;    // numbered from 1
  std::uint32_t voters = 0;           // who have chosen something
  bool single = false;                // one option may be chosen
  bool revote = true;                 // a vote may be changed
  std::optional<json::Rfc3339> ends;  // what is said later does not count
  bool closed = false;                // its author has ended it; the numbers are the author's
};
BOOST_DESCRIBE_STRUCT(Poll, (), (question, description, options, voters, single, revote, ends, closed))

}  // namespace coi::proto

namespace coi::json {
extern template struct StructCodec<proto::PollOption>;
extern template struct StructCodec<proto::Poll>;
}  // namespace coi::json

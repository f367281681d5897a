// What a poll is, what its author's last words about it say, and the values that remarks carry about it (P-16 to P-24).
// Plain data, part of the model (chat/model.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace coi::chat {

struct PollOption {
  // Stored as number: only append.
  enum class Kind : std::uint8_t {
    text,
    date,  // `value` is a date, a time or both (RFC 3339)
    file,  // a picture or anything else that goes with the mail
  };
  Kind kind = Kind::text;
  std::string label;       // what people read; one line
  std::string value = {};  // of a date
  // Of a file: which of the message's files it is, from 1; 0: it is not there.
  std::uint32_t file = 0;
  friend bool operator==(const PollOption&, const PollOption&) = default;
};

struct Poll {
  std::string id;        // P-17
  std::string question;  // one line
  std::string description = {};
  std::optional<UnixMs> closes = {};  // no vote counts that was said later
  bool multiple = true;
  bool revote = true;
  std::vector<PollOption> options = {};  // numbered from 1
  friend bool operator==(const Poll&, const Poll&) = default;
};

// The poll as words: the question, what is said to it, and the options with their numbers, each on a line of its own.
std::string poll_text(const Poll& poll);

// Numbers of options, ascending, each once; none: the vote is withdrawn.
using Choices = std::vector<std::uint32_t>;

// Of a remark of the kind vote: "1,3".
std::string choices_text(const Choices& choices);
Choices choices_of(std::string_view value);

// What a poll came to, as its author says.
struct PollNumbers {
  std::vector<std::uint32_t> votes;  // of each option
  std::optional<std::uint32_t> voters = {};
  friend bool operator==(const PollNumbers&, const PollNumbers&) = default;
};

// Of a remark of the kind poll_closed: "3,0,1" or "3,0,1;4".
std::string numbers_text(const PollNumbers& numbers);
PollNumbers numbers_of(std::string_view value);

// P-23: the own text of a reply begins with a line that has but numbers: "1, 3", "2.". nullopt: it does not. Any
// numbers up to 99.
std::optional<Choices> choices_in_words(std::string_view text);

}  // namespace coi::chat

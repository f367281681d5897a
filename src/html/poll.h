// Polls in HTML: h-poll of a poll and of its result, and h-poll-vote (P-16 to P-24). Read and written as
// microformats.h says; what people read beside the values is the caller's, in the language of the account.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "html/html.h"

namespace coi::html {

inline constexpr std::size_t least_options = 2;
inline constexpr std::size_t most_options = 20;
inline constexpr std::size_t most_question = 1000;  // octets; also of an option

// P-17: 12 to 32 characters of [0-9A-Za-z_-].
bool is_poll_id(std::string_view text);

enum class OptionKind : std::uint8_t {
  text,
  date,   // dt-poll-option: `value` is a date, a time or both, as RFC 3339 or ISO 8601 write it
  image,  // u-poll-option on an <img>: `value` is the Content-ID of a part, without <>
  file,   // u-poll-option on anything else: the same
};

struct PollOption {
  OptionKind kind = OptionKind::text;
  std::string label;  // what people read
  std::string value;  // "" of a text, unless another one than the label stands for it ("1. Alien": "Alien")
  friend bool operator==(const PollOption&, const PollOption&) = default;
};

struct Poll {
  std::string id;
  std::string question;
  std::string description;          // with "\n"; at most 10 000 octets
  std::string background;           // the Content-ID of a part, without <>; "" for none
  std::optional<UnixMs> closes;     // dt-end; nullopt also where it is no RFC 3339
  bool multiple = true;             // p-mode
  bool revote = true;               // p-revote
  std::vector<PollOption> options;  // numbered from 1 in this order (P-18)
  friend bool operator==(const Poll&, const Poll&) = default;
};

struct PollVote {
  std::string id;                      // of the poll; "" where none stands there: In-Reply-To names it (P-21)
  std::vector<std::uint32_t> choices;  // numbers of options, ascending, each once, 1 … most_options; none: withdrawn
  friend bool operator==(const PollVote&, const PollVote&) = default;
};

struct OptionResult {
  std::string label;
  std::uint32_t votes = 0;
  friend bool operator==(const OptionResult&, const OptionResult&) = default;
};

struct PollResult {
  std::string id;  // "" as in PollVote
  std::string question;
  std::vector<OptionResult> options;
  std::optional<std::uint32_t> voters;
  friend bool operator==(const PollResult&, const PollResult&) = default;
};

// ErrorKind::not_found: there is no such item; invalid: more than one, a bad id, no question, fewer than two options;
// limit: more than most_options.
Result<Poll> read_poll(const Node& document);
// … invalid: more than one, a bad id, a choice that is no number from 1 to most_options.
Result<PollVote> read_poll_vote(const Node& document);
// … invalid: as of a poll, or an option without a number of votes.
Result<PollResult> read_poll_result(const Node& document);

// `lead` stands before the question ("Poll: "), `note` below the options (how to vote, until when).
std::string write_poll(const Poll& poll, std::string_view lead, std::string_view note);
// `lead`: before the choices (My vote in "…": ). `labels`: what stands for each choice ("1. Alien").
std::string write_poll_vote(const PollVote& vote, std::string_view lead, const std::vector<std::string>& labels);
// `lead`: before the question ("Poll closed: "). `voters`: "2 people voted." `votes`: for each option, "2 votes".
std::string write_poll_result(const PollResult& result, std::string_view lead, std::string_view voters,
                              const std::vector<std::string>& votes);

}  // namespace coi::html

// What a message holds besides words and files. Plain data, part of the model (chat/model.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "chat/poll.h"

namespace coi::chat {

// WGS 84, degrees, north and east positive; within ±90 and ±180.
struct Position {
  double latitude = 0, longitude = 0;
  friend bool operator==(const Position&, const Position&) = default;
};

// Of the vCard that is the message's only file.
struct SharedContact {
  std::string name, addr;  // one line each; addr: '' if the card has none
  friend bool operator==(const SharedContact&, const SharedContact&) = default;
};

inline constexpr std::uint64_t longest_duration_ms = 24ULL * 3600 * 1000;  // D-31

struct Details {
  bool formatted = false;         // the text is Markdown and has markup (chat/markdown.h)
  bool forwarded = false;         // D-14
  std::uint64_t duration_ms = 0;  // of its sound or film, as the author says; 0: not told
  std::optional<Position> position;
  std::optional<SharedContact> contact;
  std::optional<Poll> poll;
  friend bool operator==(const Details&, const Details&) = default;
};

}  // namespace coi::chat

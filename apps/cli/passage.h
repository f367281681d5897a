// One direction of a conversation between two programs: octets from one descriptor to another, in order and unchanged.
#pragma once

#include <poll.h>

#include <string>

#include "base/result.h"

namespace coi::cli {

// What was read waits here until the other side takes it, and nothing more is read meanwhile: so neither direction
// holds up the other, however slow its reader is, and memory stays small.
class Passage {
 public:
  // Both stay open for as long as this lives. `to` may be shared with other programs and is left blocking.
  Passage(int from, int to) : from_(from), to_(to) {}

  // What to wait for. The descriptor is -1 when all is over.
  pollfd wanted() const;
  // Moves on, after poll() saw something of wanted(). Error: io, when `to` takes nothing any more.
  Result<> move();
  // The source came to its end, and all that it said was handed on.
  bool over() const { return ended_ && held_.empty(); }

 private:
  int from_, to_;
  std::string held_;
  bool ended_ = false;
};

}  // namespace coi::cli

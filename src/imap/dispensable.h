// What an account gets along without: commands and extensions at which its server ends the connection, or falls silent,
// instead of refusing them, and those with which it refuses what it does without them. RFC 3501 section 7.1.5 lets a
// server end a connection at any time, so once may be chance.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/guarded.h"

namespace coi::imap {

// Any thread; shared by the connections of an account. Names are those of Command::dispensable.
class Dispensable {
 public:
  bool is_left_out(const std::string& name) const;
  std::vector<std::string> left_out() const;
  // The server has answered one, in whatever words.
  void answered(const std::string& name);
  // Which connections are older than which counts.
  using Moment = std::uint64_t;
  Moment now() const;
  // A connection that began at that moment ended before one was answered. One that had begun before the last such end
  // does not count: a network that breaks ends several at once. True: that was the second time in a row, and it is left
  // out from now on.
  bool unanswered(const std::string& name, Moment began);
  // The server said that it does not take it, and did without it what it was asked for.
  void refused(const std::string& name);
  // Each of them is tried once more.
  void try_again();

 private:
  static constexpr int most = 2;
  struct Ends {
    int times = 0;  // in a row
    Moment last = 0;
  };
  struct State {
    Moment now = 0;
    std::map<std::string, Ends> ends;
  };
  Guarded<State> state_;
};

}  // namespace coi::imap

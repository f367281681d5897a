// What an account gets along without: commands and extensions at which its server ends the connection, or falls silent,
// instead of refusing them. RFC 3501 section 7.1.5 lets a server end a connection at any time, so once may be chance.
#pragma once

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
  // A connection ended before one was answered. True: that was the second time in a row, and it is left out from now
  // on.
  bool unanswered(const std::string& name);
  // Each of them is tried once more.
  void try_again();

 private:
  static constexpr int most = 2;
  Guarded<std::map<std::string, int>> unanswered_;  // in a row
};

}  // namespace coi::imap

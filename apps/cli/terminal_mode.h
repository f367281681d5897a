// A terminal that behaves differently for a while.
#pragma once

#include <termios.h>

#include <string_view>

namespace coi::cli {

// From the constructor to the destructor, or to a signal that ends the program. One lives at a time.
class TerminalMode {
 public:
  // `change` edits the settings of standard input. `farewell` is written to standard output at the end: escape
  // sequences that undo others; it has to live as long as the program.
  explicit TerminalMode(void (*change)(termios&), std::string_view farewell = {});
  ~TerminalMode();
  TerminalMode(const TerminalMode&) = delete;
  TerminalMode& operator=(const TerminalMode&) = delete;
};

}  // namespace coi::cli

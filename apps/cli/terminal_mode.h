// A terminal that behaves differently for a while.
#pragma once

#include <termios.h>

#include <string_view>

namespace coi::cli {

// What is written when the mode begins, also again behind a stop, and when it ends. Both live as long as the mode.
struct ModeText {
  int descriptor;
  std::string_view greeting, farewell;
};

// From the constructor to the destructor, or to a signal that ends the program. While the program is stopped (ctrl-Z)
// the terminal is as it was before; when it goes on the mode is entered again. One lives at a time.
class TerminalMode {
 public:
  // `change` edits the settings of standard input. In the background it waits for `fg`.
  TerminalMode(void (*change)(termios&), ModeText text);
  ~TerminalMode();
  TerminalMode(const TerminalMode&) = delete;
  TerminalMode& operator=(const TerminalMode&) = delete;

  // Stops the program's process group, as ctrl-Z does; returns when it goes on.
  void suspend();
  // Sets the mode again: whoever stopped and continued the program may have changed it. Safe in a signal handler.
  void enter() const;

 private:
  termios settings_ = {};
  ModeText text_;
};

}  // namespace coi::cli

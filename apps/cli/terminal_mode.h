// A terminal that behaves differently for a while.
#pragma once

#include <termios.h>

#include <string_view>

namespace coi::cli {

// From the constructor to the destructor, or to a signal that ends the program. One lives at a time.
class TerminalMode {
 public:
  // `change` edits the settings of standard input. `greeting` and `farewell` are written to standard output at the
  // beginning and at the end: escape sequences, of which the one undoes the other; both live as long as the program.
  explicit TerminalMode(void (*change)(termios&), std::string_view greeting = {}, std::string_view farewell = {});
  ~TerminalMode();
  TerminalMode(const TerminalMode&) = delete;
  TerminalMode& operator=(const TerminalMode&) = delete;

  // Gives the terminal back and stops the program's process group, as ctrl-Z does; returns when it goes on.
  void suspend();
  // Sets the mode again: whoever stopped and continued the program may have changed it.
  void enter() const;

 private:
  termios settings_ = {};
  std::string_view greeting_;
};

}  // namespace coi::cli

// The keyboard of a conversation: whole lines, typed with a line editor on a terminal or read from a pipe; and a prompt
// that stands below whatever is printed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "line_editor.h"
#include "output.h"
#include "terminal_mode.h"

namespace coi::cli {

class Terminal {
 public:
  // With a person on both ends the terminal is raw until the destructor, or a signal that ends the program.
  explicit Terminal(Output& out);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  int descriptor() const;
  // Reads what is there; only when descriptor() is readable.
  std::vector<std::string> read_lines();
  // No more lines come.
  bool ended() const { return ended_; }

  // Lines above the prompt.
  void print(const std::vector<std::string>& lines);
  void draw_prompt();

 private:
  void wipe_prompt();

  Output& out_;
  std::optional<TerminalMode> raw_;  // with a person on both ends
  bool ended_ = false;
  LineEditor editor_;
  std::string unread_;
};

}  // namespace coi::cli

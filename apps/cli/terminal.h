// The keyboard of a conversation: whole lines, typed with a line editor on a terminal or read from a pipe; and a prompt
// that stands below whatever is printed.
#pragma once

#include <poll.h>

#include <csignal>
#include <optional>
#include <span>
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

  // A person types.
  bool is_interactive() const { return raw_.has_value(); }
  // What to poll for lines; -1 when none come any more.
  int descriptor() const;
  // poll() of all of them, with the terminal's own signals (another size, gone on after a stop) seen to. `timeout_ms`:
  // -1 waits as long as it takes. Error: io.
  Result<> wait(std::span<pollfd> descriptors, int timeout_ms);
  // Reads what is there; only when descriptor() is readable.
  std::vector<std::string> read_lines();
  // No more lines come.
  bool ended() const { return ended_; }
  // A line that was refused, to be typed on. False: the person types something else already, or nobody does.
  bool put_back(std::string_view line) { return is_interactive() && editor_.put_back(line); }

  // Lines above the prompt. ctrl-C ends a long text early.
  void print(const std::vector<std::string>& lines);
  void draw_prompt();

 private:
  std::vector<std::string> type(std::string_view octets);
  std::vector<std::string> split(std::string_view octets);
  bool is_interrupted();
  void wipe_prompt();
  void redraw();

  Output& out_;
  std::optional<TerminalMode> raw_;  // with a person on both ends
  bool ended_ = false;
  LineEditor editor_;
  std::string typed_ahead_;    // while something was printed
  std::string unread_;         // of a pipe: a line without its end
  std::size_t looked_at_ = 0;  // octets of it that hold no LF
};

}  // namespace coi::cli

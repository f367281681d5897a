// The line that a person types, as a value: octets of a terminal in raw mode go in, whole lines come out. It draws
// nothing and touches no terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coi::cli {

// What the person did beside typing.
enum class Key {
  none,
  line,     // Enter: a line is complete
  leave,    // ctrl-D on an empty line, or ctrl-C on one
  suspend,  // ctrl-Z
  redraw,   // ctrl-L
};

// Understands what GNU readline's users have in their fingers: arrows, Home, End, Delete, ctrl-A B D E F H K N P U W,
// up and down for earlier lines, ctrl-C to clear the line; and pasted text, whose line ends stay within the line
// (bracketed paste; CR LF is one). ctrl-Left and ctrl-Right, Alt-B and Alt-F move by words. It moves and erases by
// whole graphemes. The work for an octet does not grow with the line.
class LineEditor {
 public:
  // Takes octets off the front up to the first key that is for the caller; none: all were taken. With Key::line the
  // line is in taken_line().
  Key feed(std::string_view& octets);
  // Of the last Key::line.
  std::string taken_line() { return std::move(done_); }

  bool empty() const { return before_.empty() && after_.empty(); }
  // Writes into an empty line, for a message that was refused. False: the person types something else already.
  bool put_back(std::string_view text);

  // What to show in so many columns: the part of the line around the cursor, and the column the cursor stands in.
  struct View {
    std::string text;
    std::size_t cursor = 0;
  };
  View view(std::size_t width) const;

 private:
  std::string text() const;
  Key take(std::string_view character);
  Key take_control(char control);
  void take_sequence(std::string_view sequence);
  Key complete();
  Key interrupt();
  void move_left();
  void move_right();
  void move_word_left();
  void move_word_right();
  void erase_left();
  void erase_word();
  void go_home();
  void go_to_end();
  void set(std::string_view text);
  void recall(std::size_t entry);

  std::string before_;                   // left of the cursor
  std::vector<std::string> after_;       // right of it, in graphemes, the next one last
  std::string partial_;                  // an incomplete character
  std::optional<std::string> sequence_;  // an escape sequence that has begun
  bool pasting_ = false;
  bool returned_ = false;  // the last one that was pasted was a CR
  std::vector<std::string> history_;
  std::size_t entry_ = 0;  // that is shown; history_.size(): the new line
  std::string unsent_;     // the new line, while an earlier one is shown
  std::string done_;
};

}  // namespace coi::cli

// The line that a person types, as a value: octets of a terminal in raw mode go in, whole lines come out. It draws
// nothing and touches no terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coi::cli {

// Understands what GNU readline's users have in their fingers: arrows, Home, End, Delete, ctrl-A B D E F K U W, up and
// down for earlier lines; and pasted text, whose line ends stay within the line (bracketed paste).
class LineEditor {
 public:
  // Lines that were completed by Enter, in order.
  std::vector<std::string> feed(std::string_view octets);

  // ctrl-D on an empty line, or ctrl-C: the person wants to leave.
  bool ended() const { return ended_; }

  // What to show in so many columns: the part of the line around the cursor, and the column the cursor stands in.
  struct View {
    std::string text;
    std::size_t cursor = 0;
  };
  View view(std::size_t width) const;

 private:
  void take(char32_t code);
  void take_control(char32_t code);
  void take_sequence(std::string_view sequence);
  void insert(char32_t code);
  void erase(std::size_t from, std::size_t to);
  void recall(std::size_t entry);
  std::size_t word_start() const;

  std::u32string text_;
  std::size_t cursor_ = 0;
  std::string partial_;                  // an incomplete character
  std::optional<std::string> sequence_;  // an escape sequence that has begun
  bool pasting_ = false;
  bool ended_ = false;
  std::vector<std::u32string> history_;
  std::size_t entry_ = 0;  // that is shown; history_.size(): the new line
  std::u32string unsent_;  // the new line, while an earlier one is shown
  std::vector<std::string> done_;
};

}  // namespace coi::cli

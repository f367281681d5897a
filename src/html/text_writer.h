// Lines of text from the flow of HTML: collapses white space, keeps blank lines apart, writes the marks of lists.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "html/lines.h"

namespace coi::html {

class TextWriter {
 public:
  // White space is collapsed, as between <p> and </p>.
  void flow(std::string_view text);
  // White space is kept, as in <pre>.
  void preformatted(std::string_view text);
  // <br>
  void line_break();
  // What follows stands on a new line, with `blank_lines` before it at least.
  void block(std::size_t blank_lines = 0);
  // A gap within the line, if it has begun.
  void gap();

  // Before each line from here on, until leave() with the returned value. `first` is for the next line only.
  std::size_t enter(std::string_view first, std::string_view later);
  void leave(std::size_t before);

  // What each line from here on is; its text is not looked at. LineMark::rule and below_rule are for the next line
  // alone.
  Line& where() { return where_; }

  bool empty() const { return lines_.empty(); }
  std::vector<Line> finish() { return std::move(lines_); }

 private:
  void put(std::string_view visible);
  void begin_line();
  void end_line();

  std::vector<Line> lines_;
  Line where_;
  std::string prefix_;  // before each line
  std::string marker_;  // on the next line only, instead of the last marker_covers_ octets of prefix_
  std::size_t marker_covers_ = 0;
  std::size_t breaks_ = 0;  // line ends to be written before the next character
  std::size_t spaces_ = 0;  // the same for spaces
  bool line_has_text_ = false;
  bool line_is_held_ = false;  // by a no-break space alone: a blank line
};

}  // namespace coi::html

// Lines of text from the flow of HTML: collapses white space, keeps blank lines apart, writes the marks of quotes and
// lists before each line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

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

  bool empty() const { return out_.empty(); }
  std::size_t size() const { return out_.size(); }
  std::string finish();

 private:
  void put(std::string_view visible);

  std::string out_;
  std::string prefix_;  // before each line
  std::string marker_;  // on the next line only, instead of the last marker_covers_ octets of prefix_
  std::size_t marker_covers_ = 0;
  std::string last_prefix_;  // of the line before
  std::size_t breaks_ = 0;   // line ends to be written before the next character
  std::size_t spaces_ = 0;   // the same for spaces
  bool line_has_text_ = false;
};

}  // namespace coi::html

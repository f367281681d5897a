#include "html/text_writer.h"

#include <algorithm>

#include "base/utf8.h"

namespace coi::html {
namespace {

constexpr std::size_t most_breaks = 3;  // two blank lines
constexpr std::string_view no_break_space = "\xC2\xA0";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

// Characters that are there to be invisible. Senders fill preheaders with them. The joiners U+200C and U+200D carry
// meaning and stay. What turns_text() would show it in another order than it is copied in.
std::size_t invisible_length(std::string_view text) {
  auto rest = text;
  const auto c = utf8_take(rest);
  const bool invisible = c == 0xAD || c == 0x34F || c == 0x200B || c == 0xFEFF || turns_text(c);
  return invisible ? text.size() - rest.size() : 0;
}

std::string_view without_trailing_space(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

}  // namespace

void TextWriter::begin_line() {
  if (!lines_.empty()) {
    // A blank line between two lines of a quote belongs to it.
    Line between{.depth = std::min(lines_.back().depth, where_.depth)};
    if (lines_.back().container == where_.container) between.container = where_.container;
    between.cited = between.depth == 0 || (lines_.back().cited && where_.cited);
    lines_.insert(lines_.end(), std::max<std::size_t>(breaks_, 1) - 1, between);
  }
  lines_.push_back(where_);
  if (where_.mark != LineMark::attribution) where_.mark = LineMark::none;
  lines_.back().text = prefix_.substr(0, prefix_.size() - marker_covers_) + marker_;
  marker_.clear();
  marker_covers_ = 0;
  breaks_ = 0;
  spaces_ = 0;
  line_is_held_ = false;
  line_has_text_ = true;
}

// A space at the end is not seen, but makes "-- " what it is (RFC 3676, 4.3).
void TextWriter::end_line() {
  if (line_has_text_ && spaces_ > 0 && lines_.back().text == "--") lines_.back().text += ' ';
  if (line_is_held_ && !line_has_text_ && !lines_.empty()) breaks_ = std::max<std::size_t>(breaks_, 2);
  line_is_held_ = false;
  line_has_text_ = false;
  spaces_ = 0;
}

void TextWriter::put(std::string_view visible) {
  if (!line_has_text_) begin_line();
  lines_.back().text.append(spaces_, ' ').append(visible);
  spaces_ = 0;
}

void TextWriter::flow(std::string_view text) {
  while (!text.empty()) {
    std::size_t length = 0;
    if (is_space(text.front())) {
      length = 1;
      spaces_ = std::max<std::size_t>(spaces_, line_has_text_ ? 1 : 0);
    } else if (text.starts_with(no_break_space)) {
      length = no_break_space.size();
      if (line_has_text_)
        ++spaces_;
      else
        line_is_held_ = true;
    } else if ((length = invisible_length(text)) == 0) {
      length = 1;
      while (length < text.size() && !is_space(text[length]) && !text.substr(length).starts_with(no_break_space) &&
             invisible_length(text.substr(length)) == 0)
        ++length;
      put(text.substr(0, length));
    }
    text.remove_prefix(length);
  }
}

void TextWriter::preformatted(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!without_trailing_space(line).empty()) put(line);
    if (end == text.size()) return;
    line_break();
    text.remove_prefix(end + 1);
  }
}

void TextWriter::line_break() {
  breaks_ = std::min(breaks_ + 1, most_breaks);
  end_line();
}

void TextWriter::block(std::size_t blank_lines) {
  if (!lines_.empty()) breaks_ = std::max(breaks_, blank_lines + 1);
  end_line();
}

void TextWriter::gap() {
  if (line_has_text_) spaces_ = std::max<std::size_t>(spaces_, 2);
}

std::size_t TextWriter::enter(std::string_view first, std::string_view later) {
  constexpr std::size_t widest = 60;  // deeper nesting is not shown by more marks
  const auto before = prefix_.size();
  if (before + later.size() > widest) return before;
  prefix_ += later;
  // A list item that starts with a list: both marks stand on the line.
  if (first != later || marker_covers_ > 0) {
    marker_ += first;
    marker_covers_ += later.size();
  }
  return before;
}

void TextWriter::leave(std::size_t before) {
  prefix_.resize(before);
  marker_.clear();
  marker_covers_ = 0;
}

}  // namespace coi::html

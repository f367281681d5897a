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

std::string_view common_front(std::string_view a, std::string_view b) {
  const auto [end, other] = std::ranges::mismatch(a, b);
  return a.substr(0, static_cast<std::size_t>(end - a.begin()));
}

}  // namespace

void TextWriter::put(std::string_view visible) {
  if (!line_has_text_) {
    if (!out_.empty()) {
      out_ += '\n';
      // A blank line between two lines of a quote belongs to it.
      const auto between = without_trailing_space(common_front(last_prefix_, prefix_));
      for (auto blank = breaks_; blank > 1; --blank) out_.append(between) += '\n';
    }
    out_.append(prefix_, 0, prefix_.size() - marker_covers_).append(marker_);
    last_prefix_ = prefix_;
    marker_.clear();
    marker_covers_ = 0;
    breaks_ = 0;
    line_has_text_ = true;
    spaces_ = 0;
  }
  out_.append(spaces_, ' ').append(visible);
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
      if (line_has_text_) ++spaces_;
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
  line_has_text_ = false;
  spaces_ = 0;
}

void TextWriter::block(std::size_t blank_lines) {
  if (line_has_text_ || breaks_ > 0 || !out_.empty()) breaks_ = std::max(breaks_, blank_lines + 1);
  line_has_text_ = false;
  spaces_ = 0;
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

std::string TextWriter::finish() { return std::move(out_); }

}  // namespace coi::html

#include "line_editor.h"

#include <algorithm>
#include <cwchar>
#include <utility>

#include "base/utf8.h"

namespace coi::cli {
namespace {

constexpr char32_t control(char letter) { return static_cast<char32_t>(letter - '@'); }
constexpr char32_t escape = 0x1B, backspace = 0x7F, line_end = '\n';

std::string utf8(const std::u32string& text) {
  std::string out;
  for (const char32_t code : text) utf8_append(out, code);
  return out;
}

// The character that the octets are, once all of them are there. The terminal is trusted to send UTF-8.
std::optional<char32_t> decode(const std::string& octets) {
  const auto lead = static_cast<unsigned char>(octets.front());
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (octets.size() < length) return std::nullopt;
  char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) code = code << 6 | (static_cast<unsigned char>(octets[i]) & 0x3F);
  return code;
}

std::size_t width_of(char32_t code) {
  const int width = ::wcwidth(static_cast<wchar_t>(code));
  return width < 0 ? 1 : static_cast<std::size_t>(width);
}

bool ends_sequence(const std::string& sequence) {
  if (sequence.size() == 1) return sequence != "[" && sequence != "O";
  return sequence.back() >= '@' && sequence.back() <= '~';
}

}  // namespace

std::vector<std::string> LineEditor::feed(std::string_view octets) {
  for (const char octet : octets) {
    if (sequence_) {
      *sequence_ += octet;
      if (ends_sequence(*sequence_)) take_sequence(*std::exchange(sequence_, std::nullopt));
      continue;
    }
    partial_ += octet;
    if (const auto code = decode(partial_)) {
      partial_.clear();
      take(*code);
    }
  }
  return std::exchange(done_, {});
}

void LineEditor::take(char32_t code) {
  if (code == escape) {
    sequence_.emplace();
  } else if (pasting_) {
    if (code == '\r' || code == line_end) insert(line_end);
    if (code >= ' ' && code != backspace) insert(code);
    if (code == '\t') insert(' ');
  } else if (code < ' ' || code == backspace) {
    take_control(code);
  } else {
    insert(code);
  }
}

void LineEditor::take_control(char32_t code) {
  switch (code) {
    case '\r':
    case line_end:
      if (!text_.empty() && (history_.empty() || history_.back() != text_)) history_.push_back(text_);
      done_.push_back(utf8(text_));
      text_.clear();
      cursor_ = 0;
      entry_ = history_.size();
      break;
    case control('H'):
    case backspace:
      erase(cursor_ - std::min<std::size_t>(cursor_, 1), cursor_);
      break;
    case control('A'):
      cursor_ = 0;
      break;
    case control('E'):
      cursor_ = text_.size();
      break;
    case control('B'):
      cursor_ -= std::min<std::size_t>(cursor_, 1);
      break;
    case control('F'):
      cursor_ = std::min(cursor_ + 1, text_.size());
      break;
    case control('U'):
      erase(0, cursor_);
      break;
    case control('K'):
      erase(cursor_, text_.size());
      break;
    case control('W'):
      erase(word_start(), cursor_);
      break;
    case control('D'):
      if (text_.empty())
        ended_ = true;
      else
        erase(cursor_, std::min(cursor_ + 1, text_.size()));
      break;
    case control('C'):
      ended_ = true;
      break;
    default:
      break;
  }
}

void LineEditor::take_sequence(std::string_view sequence) {
  if (sequence == "[200~") pasting_ = true;
  if (sequence == "[201~") pasting_ = false;
  if (sequence == "[D" || sequence == "OD") take_control(control('B'));
  if (sequence == "[C" || sequence == "OC") take_control(control('F'));
  if (sequence == "[H" || sequence == "OH" || sequence == "[1~") take_control(control('A'));
  if (sequence == "[F" || sequence == "OF" || sequence == "[4~") take_control(control('E'));
  if (sequence == "[3~") erase(cursor_, std::min(cursor_ + 1, text_.size()));
  if ((sequence == "[A" || sequence == "OA") && entry_ > 0) recall(entry_ - 1);
  if ((sequence == "[B" || sequence == "OB") && entry_ < history_.size()) recall(entry_ + 1);
}

void LineEditor::insert(char32_t code) {
  text_.insert(cursor_, 1, code);
  ++cursor_;
}

void LineEditor::erase(std::size_t from, std::size_t to) {
  text_.erase(from, to - from);
  cursor_ = from;
}

void LineEditor::recall(std::size_t entry) {
  if (entry_ == history_.size()) unsent_ = text_;
  entry_ = entry;
  text_ = entry == history_.size() ? unsent_ : history_[entry];
  cursor_ = text_.size();
}

std::size_t LineEditor::word_start() const {
  auto at = cursor_;
  while (at > 0 && text_[at - 1] == ' ') --at;
  while (at > 0 && text_[at - 1] != ' ') --at;
  return at;
}

LineEditor::View LineEditor::view(std::size_t width) const {
  const auto shown = [](char32_t code) { return code == line_end ? U'⏎' : code; };
  // From the left as far as the cursor still has its place on the screen.
  std::size_t from = cursor_, before = 0;
  while (from > 0 && before + width_of(shown(text_[from - 1])) + 1 <= width) before += width_of(shown(text_[--from]));
  View view{.text = {}, .cursor = before};
  std::size_t used = 0;
  for (auto at = from; at < text_.size() && used + width_of(shown(text_[at])) <= width; ++at) {
    used += width_of(shown(text_[at]));
    utf8_append(view.text, shown(text_[at]));
  }
  return view;
}

}  // namespace coi::cli

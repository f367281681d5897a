#include "line_editor.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "grapheme.h"

namespace coi::cli {
namespace {

constexpr char control(char letter) { return static_cast<char>(letter - '@'); }
constexpr char escape = 0x1B, backspace = 0x7F, line_end = '\n';
constexpr std::size_t longest_sequence = 32;  // of an escape sequence; more is none

bool is_control_octet(char octet) { return static_cast<unsigned char>(octet) < ' ' || octet == backspace; }

bool is_blank(char octet) { return octet == ' ' || octet == line_end; }

// Octets of the character that begins so (RFC 3629 3). Those that begin none stand alone.
std::size_t character_size(char lead) {
  const auto octet = static_cast<unsigned char>(lead);
  return octet < 0xC2 || octet > 0xF4 ? 1 : octet < 0xE0 ? 2 : octet < 0xF0 ? 3 : 4;
}

bool ends_sequence(const std::string& sequence) {
  if (sequence.size() == 1) return sequence != "[" && sequence != "O";
  return (sequence.back() >= '@' && sequence.back() <= '~') || sequence.size() > longest_sequence;
}

// As the screen shows it: control characters are not typed, but an earlier message that is taken back may have them.
std::string_view shown(std::string_view grapheme) {
  if (grapheme.find(line_end) != std::string_view::npos) return "⏎";
  return is_control_octet(grapheme.front()) ? "�" : grapheme;
}

}  // namespace

Key LineEditor::feed(std::string_view& octets) {
  while (!octets.empty()) {
    const char octet = octets.front();
    octets.remove_prefix(1);
    if (sequence_) {
      *sequence_ += octet;
      if (ends_sequence(*sequence_)) take_sequence(*std::exchange(sequence_, std::nullopt));
      continue;
    }
    partial_ += octet;
    if (partial_.size() < character_size(partial_.front())) continue;
    if (const auto key = take(std::exchange(partial_, {})); key != Key::none) return key;
  }
  return Key::none;
}

Key LineEditor::take(std::string_view character) {
  const char first = character.front();
  if (first == escape) {
    sequence_.emplace();
  } else if (pasting_) {
    const bool ends_pair = std::exchange(returned_, first == '\r') && first == line_end;
    if (ends_pair) return Key::none;
    if (first == '\r' || first == line_end)
      before_ += line_end;
    else if (first == '\t')
      before_ += ' ';
    else if (!is_control_octet(first) && utf8_sequence(character) > 0)
      before_ += character;
  } else if (is_control_octet(first)) {
    return take_control(first);
  } else if (utf8_sequence(character) > 0) {
    before_ += character;
  }
  return Key::none;
}

Key LineEditor::take_control(char octet) {
  switch (octet) {
    case '\r':
    case line_end:
      return complete();
    case control('C'):
      return interrupt();
    case control('D'):
      if (empty()) return Key::leave;
      if (!after_.empty()) after_.pop_back();
      break;
    case control('Z'):
      return Key::suspend;
    case control('L'):
      return Key::redraw;
    case control('H'):
    case backspace:
      erase_left();
      break;
    case control('A'):
      go_home();
      break;
    case control('E'):
      go_to_end();
      break;
    case control('B'):
      move_left();
      break;
    case control('F'):
      move_right();
      break;
    case control('U'):
      before_.clear();
      break;
    case control('K'):
      after_.clear();
      break;
    case control('W'):
      erase_word();
      break;
    case control('P'):
      if (entry_ > 0) recall(entry_ - 1);
      break;
    case control('N'):
      if (entry_ < history_.size()) recall(entry_ + 1);
      break;
    default:
      break;
  }
  return Key::none;
}

void LineEditor::take_sequence(std::string_view sequence) {
  if (sequence == "[200~") pasting_ = true, returned_ = false;
  if (sequence == "[201~") pasting_ = false;
  if (pasting_) return;
  if (sequence == "[D" || sequence == "OD") move_left();
  if (sequence == "[C" || sequence == "OC") move_right();
  if (sequence == "b" || sequence == "[1;5D" || sequence == "[1;3D") move_word_left();
  if (sequence == "f" || sequence == "[1;5C" || sequence == "[1;3C") move_word_right();
  if (sequence == "[H" || sequence == "OH" || sequence == "[1~") go_home();
  if (sequence == "[F" || sequence == "OF" || sequence == "[4~") go_to_end();
  if (sequence == "[3~" && !after_.empty()) after_.pop_back();
  if ((sequence == "[A" || sequence == "OA") && entry_ > 0) recall(entry_ - 1);
  if ((sequence == "[B" || sequence == "OB") && entry_ < history_.size()) recall(entry_ + 1);
}

Key LineEditor::complete() {
  done_ = text();
  if (!done_.empty() && (history_.empty() || history_.back() != done_)) history_.push_back(done_);
  set({});
  entry_ = history_.size();
  return Key::line;
}

Key LineEditor::interrupt() {
  if (empty()) return Key::leave;
  set({});
  entry_ = history_.size();
  return Key::none;
}

std::string LineEditor::text() const {
  auto text = before_;
  for (auto grapheme = after_.rbegin(); grapheme != after_.rend(); ++grapheme) text += *grapheme;
  return text;
}

bool LineEditor::put_back(std::string_view text) {
  if (!empty()) return false;
  set(text);
  return true;
}

void LineEditor::move_left() {
  if (before_.empty()) return;
  const auto size = last_grapheme(before_);
  after_.push_back(before_.substr(before_.size() - size));
  before_.resize(before_.size() - size);
}

void LineEditor::move_right() {
  if (after_.empty()) return;
  before_ += after_.back();
  after_.pop_back();
}

void LineEditor::move_word_left() {
  while (!before_.empty() && is_blank(before_.back())) move_left();
  while (!before_.empty() && !is_blank(before_.back())) move_left();
}

void LineEditor::move_word_right() {
  while (!after_.empty() && is_blank(after_.back().front())) move_right();
  while (!after_.empty() && !is_blank(after_.back().front())) move_right();
}

void LineEditor::erase_left() { before_.resize(before_.size() - (before_.empty() ? 0 : last_grapheme(before_))); }

void LineEditor::erase_word() {
  while (before_.ends_with(' ')) before_.pop_back();
  const auto space = before_.find_last_of(" \n");
  before_.resize(space == std::string::npos ? 0 : space + 1);
}

void LineEditor::go_home() {
  std::vector<std::string> graphemes;
  for (std::string_view rest = before_; !rest.empty();) {
    const auto size = first_grapheme(rest);
    graphemes.emplace_back(rest.substr(0, size));
    rest.remove_prefix(size);
  }
  after_.insert(after_.end(), std::make_move_iterator(graphemes.rbegin()), std::make_move_iterator(graphemes.rend()));
  before_.clear();
}

void LineEditor::go_to_end() {
  before_ = text();
  after_.clear();
}

void LineEditor::set(std::string_view text) {
  before_ = text;
  after_.clear();
}

void LineEditor::recall(std::size_t entry) {
  if (entry_ == history_.size()) unsent_ = text();
  entry_ = entry;
  set(entry == history_.size() ? unsent_ : history_[entry]);
}

LineEditor::View LineEditor::view(std::size_t width) const {
  // From the left as far as the cursor still has its place on the screen.
  std::vector<std::string_view> left;
  std::size_t used = 0;
  for (std::string_view rest = before_; !rest.empty();) {
    const auto grapheme = shown(rest.substr(rest.size() - last_grapheme(rest)));
    if (used + grapheme_width(grapheme) + 1 > width) break;
    used += grapheme_width(grapheme);
    left.push_back(grapheme);
    rest.remove_suffix(last_grapheme(rest));
  }
  View view{.text = {}, .cursor = used};
  for (auto grapheme = left.rbegin(); grapheme != left.rend(); ++grapheme) view.text += *grapheme;
  for (auto grapheme = after_.rbegin(); grapheme != after_.rend(); ++grapheme) {
    used += grapheme_width(shown(*grapheme));
    if (used > width) break;
    view.text += shown(*grapheme);
  }
  return view;
}

}  // namespace coi::cli

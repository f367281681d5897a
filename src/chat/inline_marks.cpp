#include "chat/inline_marks.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/markdown_inline.h"
#include "chat/word_edges.h"

namespace coi::chat {
namespace {

constexpr std::string_view marks = "*_~`|[]";

class MarkScan {
 public:
  explicit MarkScan(std::string_view text) : text_(text), escaped_(text.size()) {}

  InlineMarks run() {
    mask();
    mentions_ = find_mentions(text_);
    for (std::size_t at = 0; at < text_.size();) at = step(at);
    brackets();
    emphasis();
    spoilers();
    return std::move(out_);
  }

 private:
  std::string& masked() { return out_.masked; }
  // A mark that is still one.
  bool is_mark(std::size_t at, char mark) const { return out_.masked[at] == mark && !escaped_[at]; }
  std::size_t run_end(std::size_t at, char mark) const {
    const auto start = at;
    while (at < text_.size() && is_mark(at, mark)) ++at;
    return std::max(at, start + 1);
  }
  void fill(std::size_t start, std::size_t end, char with) {
    std::fill(masked().begin() + static_cast<std::ptrdiff_t>(start),
              masked().begin() + static_cast<std::ptrdiff_t>(end), with);
  }
  bool space_at(std::size_t at) const { return at >= text_.size() || out_.masked[at] == ' '; }
  bool space_before(std::size_t at) const { return at == 0 || out_.masked[at - 1] == ' '; }

  void mask() {
    for (auto rest = text_; !rest.empty();) {
      const auto here = rest;
      const auto character = utf8_take(rest);
      const char c = here.front();
      char with = c;
      if (is_control(character) || is_wide_space(character))
        with = ' ';
      else if (static_cast<unsigned char>(c) >= 0x80)
        with = 'x';
      else if (c == '<' || c == '&' || c == '!' || c == '$')
        with = '.';
      masked().append(here.size() - rest.size(), with);
    }
    out_.spoilers.resize(text_.size(), Spoiler::outside);
  }

  // What has its end found from its beginning. Gives where to go on.
  std::size_t step(std::size_t at) {
    while (next_mention_ < mentions_.size() && mentions_[next_mention_].start < at) ++next_mention_;
    if (next_mention_ < mentions_.size() && mentions_[next_mention_].start == at) {
      const auto end = at + mentions_[next_mention_].length;
      fill(at, end, 'x');
      out_.mentions.push_back(std::move(mentions_[next_mention_++]));
      return end;
    }
    if (text_[at] == '\\') return backslashes(at);
    if (text_[at] == '`') return code(at);
    if (const auto end = url_end(at); end > at) {
      fill(at, end, 'x');
      return end;
    }
    return at + 1;
  }

  // Before `at` there is nothing on the line but digits.
  bool begins_line(std::size_t at) const {
    while (at > 0 && ascii_digit(text_[at - 1])) --at;
    return at == 0 || text_[at - 1] == '\n';
  }

  std::size_t backslashes(std::size_t at) {
    const auto end = std::min(text_.find_first_not_of('\\', at), text_.size());
    const char next = end < text_.size() ? text_[end] : '\0';
    const bool before_mark = next != '\0' && marks.contains(next);
    const bool before_item =
        end == at + 1 && next != '\0' && std::string_view("->.)").contains(next) && begins_line(at);
    if (!before_mark && !before_item) {
      fill(at, end, '.');
      return end;
    }
    if ((end - at) % 2 == 0) return end;
    escaped_[end] = true;
    return end + 1;
  }

  std::size_t code(std::size_t at) {
    const auto end = run_end(at, '`');
    const auto length = end - at;
    const auto close = is_word_before(text_, at) ? std::string_view::npos : closing_ticks(end, length);
    if (close == std::string_view::npos || ascii_trim(text_.substr(end, close - end)).empty() ||
        is_word_at(text_, close + length)) {
      fill(at, end, '.');
      return end;
    }
    for (auto i = end; i < close; ++i)
      if (masked()[i] != ' ') masked()[i] = 'x';
    return close + length;
  }

  // The next run of exactly so many, wherever a backslash stands (CommonMark, 6.1).
  std::size_t closing_ticks(std::size_t from, std::size_t length) {
    if (length >= no_ticks_.size() || no_ticks_[length]) return std::string_view::npos;
    for (auto at = text_.find('`', from); at != std::string_view::npos;) {
      const auto end = std::min(text_.find_first_not_of('`', at), text_.size());
      if (end - at == length) return at;
      at = text_.find('`', end);
    }
    no_ticks_[length] = true;
    return std::string_view::npos;
  }

  // A URL in the text, without the marks and punctuation behind it; or one that a link leads to.
  std::size_t url_end(std::size_t at) const {
    const auto rest = text_.substr(at);
    const bool begins = !is_word_before(text_, at);
    if (!begins || !(ascii_istarts_with(rest, "http://") || ascii_istarts_with(rest, "https://") ||
                     ascii_istarts_with(rest, "mailto:") || ascii_istarts_with(rest, "www.")))
      return at;
    const bool target = at >= 2 && text_[at - 1] == '(' && text_[at - 2] == ']';
    if (const auto length = target ? link_length(rest) : 0; length > 0 && rest.substr(length).starts_with(')'))
      return at + length;
    auto end = at;
    while (end < text_.size() && masked()[end] != ' ' && !std::string_view("<>\"`[]\\").contains(text_[end])) ++end;
    constexpr std::string_view behind = "*_~|.,;:!?)'";
    while (end > at && behind.contains(text_[end - 1])) --end;
    return end;
  }
  const std::string& masked() const { return out_.masked; }

  void brackets() {
    std::vector<std::size_t> open;
    std::size_t linked = 0;  // the end of the last link
    for (std::size_t at = 0; at < text_.size(); ++at) {
      if (is_mark(at, '[')) {
        open.push_back(at);
      } else if (is_mark(at, ']')) {
        const bool pair = !open.empty();
        const auto start = pair ? open.back() : at;
        if (pair) open.pop_back();
        const auto end = pair && start >= linked ? link_end(start, at) : 0;
        if (end == 0) {
          masked()[at] = masked()[start] = '.';
          continue;
        }
        masked()[at + 1] = '(';
        fill(at + 2, end, 'x');
        masked()[end] = ')';
        out_.links.push_back({start, at, end});
        at = end;
        linked = end;
      }
    }
    for (const auto at : open) masked()[at] = '.';
  }

  // Of the ")" that makes a link of these brackets; 0: none does.
  std::size_t link_end(std::size_t open, std::size_t close) const {
    const auto label = std::string_view(masked()).substr(open + 1, close - open - 1);
    const bool says = label.find_first_not_of(" *_~|`\\") != std::string_view::npos;
    if (!says || close + 2 >= text_.size() || text_[close + 1] != '(') return 0;
    const auto length = link_length(text_.substr(close + 2));
    const auto end = close + 2 + length;
    return length > 0 && end < text_.size() && text_[end] == ')' ? end : 0;
  }

  bool may_open(std::size_t start, std::size_t end) const {
    constexpr std::string_view never_first = ".,;:/)]}!?=%";
    return !space_at(end) && !is_word_before(text_, start) && !never_first.contains(text_[end]);
  }
  bool may_close(std::size_t start, std::size_t end) const {
    constexpr std::string_view never_last = "([{/=";
    return !space_before(start) && !is_word_at(text_, end) && !never_last.contains(text_[start - 1]);
  }

  void emphasis() {
    constexpr std::array<std::pair<char, std::size_t>, 3> longest = {{{'*', 3}, {'_', 1}, {'~', 2}}};
    for (const auto& [mark, most] : longest) {
      bool opened = false;
      for (std::size_t at = 0; at < text_.size();) {
        const auto end = run_end(at, mark);
        if (is_mark(at, mark)) {
          const bool fits = end - at <= most && (mark != '~' || end - at == most);
          const bool opens = fits && may_open(at, end);
          if (!opens && !(fits && opened && may_close(at, end))) fill(at, end, '.');
          opened |= opens;
        }
        at = end;
      }
    }
  }

  void spoilers() {
    std::size_t open = std::string_view::npos;
    for (std::size_t at = 0; at < text_.size();) {
      const auto end = run_end(at, '|');
      const bool pair = is_mark(at, '|') && end - at == 2;
      if (pair && open != std::string_view::npos && may_close(at, end)) {
        for (auto i = open; i < end; ++i) out_.spoilers[i] = i < open + 2 || i >= at ? Spoiler::mark : Spoiler::inside;
        open = std::string_view::npos;
      } else if (pair && open == std::string_view::npos && may_open(at, end)) {
        open = at;
      }
      at = end;
    }
  }

  std::string_view text_;
  std::vector<bool> escaped_;
  std::vector<Mention> mentions_;
  std::size_t next_mention_ = 0;
  std::array<bool, 32> no_ticks_{};  // by length: no such run follows
  InlineMarks out_;
};

}  // namespace

InlineMarks find_marks(std::string_view paragraph) { return MarkScan(paragraph).run(); }

}  // namespace coi::chat

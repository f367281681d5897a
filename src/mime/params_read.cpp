// parse_params(): RFC 2045, 5.1 and RFC 2231 as they are written in the world. A parameter in any of the wrong forms
// costs that parameter at most.
#include <algorithm>
#include <map>
#include <optional>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/encoded_word.h"
#include "mime/params.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_value = 32 * 1024;
constexpr std::string_view blanks = " \t\r\n";

bool ends_name(char c) { return blanks.find(c) != std::string_view::npos || std::string_view("=;:,(\"").contains(c); }

// A parameter as written, its quotes and escapes undone.
struct WrittenParam {
  std::string name;  // lower case, with the marks of RFC 2231
  std::string value;
};

class ParamScanner {
 public:
  explicit ParamScanner(std::string_view text) : text_(text) {}

  // The word before the parameters. Ends before one even if no semicolon does.
  std::string word();
  // The next parameter that has a value; nullopt at the end.
  std::optional<WrittenParam> parameter();

 private:
  std::string_view rest() const { return text_.substr(std::min(at_, text_.size())); }
  bool at(char c) const { return at_ < text_.size() && text_[at_] == c; }
  void skip_blanks_and_comments();
  // Whether the blanks at at_ separate the value from another parameter that lacks its semicolon. Asked once for each
  // run of blanks.
  bool blank_ends_value(std::size_t start) const {
    return blanks.contains(text_[at_]) && (at_ == start || !blanks.contains(text_[at_ - 1])) && begins_parameter(at_);
  }
  void skip_to(std::string_view characters) { at_ = std::min(text_.find_first_of(characters, at_), text_.size()); }
  bool begins_parameter(std::size_t where) const;
  bool closes(std::size_t quote) const;
  std::string quoted();
  std::string unquoted(std::string_view name);

  std::string_view text_;
  std::size_t at_ = 0;
  bool comments_close_ = true;  // false once one was seen that never ends, to look for its end only once
};

// Comments nest (RFC 5322, 3.2.2). One that is never closed is no comment.
void ParamScanner::skip_blanks_and_comments() {
  while (at_ < text_.size()) {
    at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
    if (!at('(')) return;
    if (!comments_close_) {
      ++at_;
      return;
    }
    std::size_t depth = 0;
    auto end = at_;
    for (; end < text_.size(); ++end) {
      if (text_[end] == '\\')
        ++end;
      else if (text_[end] == '(')
        ++depth;
      else if (text_[end] == ')' && --depth == 0)
        break;
    }
    comments_close_ = end < text_.size();
    at_ = comments_close_ ? end + 1 : at_ + 1;
    if (!comments_close_) return;
  }
}

// token "=", behind any blanks.
bool ParamScanner::begins_parameter(std::size_t where) const {
  const auto name = std::min(text_.find_first_not_of(blanks, where), text_.size());
  auto end = name;
  while (end < text_.size() && !ends_name(text_[end])) ++end;
  return end > name && end < text_.size() && text_[end] == '=' && is_token(text_.substr(name, end - name));
}

std::string ParamScanner::word() {
  skip_blanks_and_comments();
  if (begins_parameter(at_)) return {};  // a word is missing
  const auto start = at_;
  while (at_ < text_.size() && !std::string_view(";,(").contains(text_[at_]) && !blank_ends_value(start)) ++at_;
  auto word = ascii_trim(text_.substr(start, at_ - start));
  while (word.starts_with('"') || word.starts_with('\'')) word.remove_prefix(1);
  while (word.ends_with('"') || word.ends_with('\'')) word.remove_suffix(1);
  return ascii_lower(ascii_trim(word));
}

// A quote within a quoted value that nobody escaped is part of it, if another one follows before the value ends.
bool ParamScanner::closes(std::size_t quote) const {
  const auto behind = text_.find_first_not_of(blanks, quote + 1);
  if (behind == std::string_view::npos || std::string_view(";,(").contains(text_[behind])) return true;
  if (begins_parameter(quote + 1)) return true;
  const auto next = text_.find_first_of("\";", behind);
  return next == std::string_view::npos || text_[next] == ';';
}

// at_ behind the opening quote. A backslash escapes what has to be escaped; else it is a path of Windows.
std::string ParamScanner::quoted() {
  std::string out;
  for (auto i = at_; i < text_.size(); ++i) {
    if (text_[i] == '\\' && i + 1 < text_.size() && (text_[i + 1] == '"' || text_[i + 1] == '\\')) {
      out += text_[++i];
    } else if (text_[i] == '"' && closes(i)) {
      at_ = i + 1;
      return out;
    } else {
      out += text_[i];
    }
  }
  const auto start = at_;  // never closed
  skip_to(";");
  return std::string(ascii_trim(text_.substr(start, at_ - start)));
}

std::string ParamScanner::unquoted(std::string_view name) {
  constexpr std::string_view words[] = {"boundary", "charset",     "delsp",      "format",   "method",
                                        "micalg",   "report-type", "reply-type", "protocol", "smime-type"};
  const auto start = at_;
  const bool one_word = std::ranges::find(words, name) != std::end(words);
  if (one_word) {
    skip_to(name == "boundary" ? "; \t\r\n" : ";, \t\r\n(");
  } else {  // a name or a date, with the blanks, commas and brackets that it has
    while (at_ < text_.size() && text_[at_] != ';' && !blank_ends_value(start)) ++at_;
  }
  return std::string(ascii_trim(text_.substr(start, at_ - start)));
}

std::optional<WrittenParam> ParamScanner::parameter() {
  while (at_ < text_.size()) {
    skip_blanks_and_comments();
    const auto start = at_;
    while (at_ < text_.size() && !ends_name(text_[at_])) ++at_;
    auto name = ascii_lower(text_.substr(start, at_ - start));
    if (name.empty()) {
      ++at_;
      continue;
    }
    skip_blanks_and_comments();
    if (!at('=') && !at(':')) continue;  // a flag, or what is left of something
    ++at_;
    skip_blanks_and_comments();
    if (rest().starts_with("3D\"")) at_ += 2;  // the "=" was escaped as in quoted-printable
    const bool in_quotes = at('"');
    if (in_quotes) ++at_;
    auto value = in_quotes ? quoted() : unquoted(name);
    if (in_quotes && at_ < text_.size() && !begins_parameter(at_)) skip_to(";, \t\r\n(");  // what stands behind it
    if (is_token(name) && (in_quotes || !value.empty())) return WrittenParam{std::move(name), std::move(value)};
  }
  return std::nullopt;
}

// extended-initial-value := [charset] "'" [language] "'" extended-other-values
struct Marks {
  std::string_view charset;
  std::size_t length = 0;  // of both marks; 0: there are none
};

Marks marks_of(std::string_view value) {
  const auto is_word = [](std::string_view word) {
    return word.size() <= 40 &&
           std::ranges::all_of(word, [](char c) { return ascii_alnum(c) || c == '-' || c == '_'; });
  };
  const auto first = value.find('\'');
  const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (second == std::string_view::npos) return {};
  if (!is_word(value.substr(0, first)) || !is_word(value.substr(first + 1, second - first - 1))) return {};
  return {value.substr(0, first), second + 1};
}

// All that was written for one parameter.
struct Values {
  std::optional<std::string> plain;
  std::optional<std::string> extended;                      // name*
  std::map<unsigned, std::pair<std::string, bool>> pieces;  // name*0, name*1* …: RFC 2231, section 3
};

// Text that is no RFC 2231 although it should be: RFC 2047, 5 (3) forbids it, and everybody writes it.
std::string without_words(std::string text) { return text.contains("=?") ? decode_words(text) : valid_utf8(text); }

// With the marks of RFC 2231 at its front, if there are any. Some programs encode a name that is encoded already.
std::string from_extended(std::string_view written) {
  const auto marks = marks_of(written);
  auto text = to_utf8(ascii_undo_percent(written.substr(marks.length)), marks.charset);
  return text.contains("=?") ? decode_words(text) : text;
}

// "utf-8''a%20b" without the asterisk that says so.
bool is_secretly_extended(std::string_view value) {
  const auto marks = marks_of(value);
  return marks.length > 0 && !marks.charset.empty() && value.contains("''") && value.contains('%');
}

// RFC 2231, 4.1: the charset stands in front of the first piece; some repeat it in front of each.
std::string joined(const Values& values) {
  std::string octets, all;
  std::string charset;
  bool first = true, any_extended = false;
  for (const auto& [number, piece] : values.pieces) {
    std::string_view text = piece.first;
    all += text;
    if (piece.second) {
      const auto marks = marks_of(text);
      if (!any_extended) charset = marks.charset;
      if (first || (!marks.charset.empty() && ascii_iequal(marks.charset, charset))) text.remove_prefix(marks.length);
    }
    first = false;
    any_extended |= piece.second;
    octets += piece.second ? ascii_undo_percent(text) : std::string(text);
  }
  if (!any_extended) return is_secretly_extended(all) ? from_extended(all) : without_words(std::move(all));
  auto text = to_utf8(octets, charset);  // a character may be split between two pieces
  return text.contains("=?") ? decode_words(text) : text;
}

// Several forms of one parameter are meant for programs of several ages: the newest that says something.
std::string value_of(const Values& values) {
  auto value = joined(values);
  if (value.empty() && values.extended) value = from_extended(*values.extended);
  if (value.empty() && values.plain)
    value = is_secretly_extended(*values.plain) ? from_extended(*values.plain) : without_words(*values.plain);
  return value;
}

// The first one counts of several, as in other programs: who checks a mail and who shows it should see the same. But
// not if it says nothing.
void keep(std::optional<std::string>& kept, std::string value) {
  if (!kept || kept->empty()) kept = std::move(value);
}

// section := "*" 1*DIGIT; a last "*" says that the value is extended.
void add(Values& values, std::string_view name, std::string value, std::size_t asterisk) {
  auto section = name.substr(asterisk + 1);
  if (section.empty()) {
    keep(values.extended, std::move(value));
  } else {
    const bool extended = section.ends_with('*');
    if (extended) section.remove_suffix(1);
    const auto number = ascii_number<unsigned>(section);
    if (number) values.pieces.try_emplace(*number, std::move(value), extended);
  }
}

}  // namespace

WordWithParams parse_params(std::string_view value) {
  const std::string valid = to_utf8(utf8_front(value, longest_value), "");
  ParamScanner in(ascii_trim(valid));
  WordWithParams out{in.word(), {}};
  std::vector<std::pair<std::string, Values>> all;
  const auto values_of = [&](std::string_view name) -> Values& {
    const auto found = std::ranges::find(all, name, &std::pair<std::string, Values>::first);
    return found == all.end() ? all.emplace_back(name, Values{}).second : found->second;
  };
  constexpr std::size_t most = 1000;
  for (std::size_t count = 0; count < most; ++count) {
    auto written = in.parameter();
    if (!written) break;
    const auto asterisk = written->name.find('*');
    const auto name = written->name.substr(0, asterisk);
    if (name.empty()) continue;
    auto& values = values_of(name);
    if (asterisk == std::string::npos)
      keep(values.plain, std::move(written->value));
    else
      add(values, written->name, std::move(written->value), asterisk);
  }
  for (const auto& [name, values] : all) {
    if (!values.plain && !values.extended && values.pieces.empty()) continue;
    // A boundary stands in the mail as it stands here.
    const bool as_written = name == "boundary" && values.plain;
    out.params.push_back({name, as_written ? valid_utf8(*values.plain) : value_of(values)});
  }
  return out;
}

}  // namespace coi::mime

#include "smtp/reply.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::smtp {
namespace {

constexpr std::size_t most_lines = 500;

//   status-code = class "." subject "." detail ; class = "2" / "4" / "5", subject and detail = 1*3DIGIT
std::size_t enhanced_code_length(std::string_view text, char reply_class) {
  if (text.size() < 5 || text[0] != reply_class || text[1] != '.') return 0;
  std::size_t at = 2;
  for (int part = 0; part < 2; ++part) {
    std::size_t digits = 0;
    while (at < text.size() && ascii_digit(text[at])) ++at, ++digits;
    if (digits < 1 || digits > 3) return 0;
    if (part == 0 && (at == text.size() || text[at++] != '.')) return 0;
  }
  return at == text.size() || text[at] == ' ' ? at : 0;
}

// Whether an enhanced code speaks of the same class.
bool is_of(std::string_view enhanced, int code) { return enhanced.empty() || enhanced.front() - '0' == code / 100; }

bool is_negative(int code) { return code >= 400; }

// The code of a reply whose lines have several: the last line's, as RFC 5321 4.2.1 has it, but no line is overruled
// that says no. 0: lines that cannot be of one reply.
int joint_code(int so_far, int next) {
  if (so_far == next || is_negative(next)) return next;
  if (is_negative(so_far)) return so_far;
  return so_far / 100 == next / 100 ? next : 0;
}

}  // namespace

std::string Reply::text() const { return fmt::format("{}", fmt::join(lines, " ")); }

std::string Reply::words() const { return std::string(utf8_front(text(), Limits().said)); }

std::string Reply::describe() const {
  std::string front = code != 0 ? fmt::format("{} ", code) : "";
  if (!enhanced.empty()) front += enhanced + " ";
  return std::string(ascii_trim(front + words()));
}

std::optional<std::string_view> ReplyParser::next_line() {
  const auto end = buffer_.find('\n', scanned_);
  if (end == std::string::npos) {
    // Nothing handed out points into the buffer any more.
    buffer_.erase(0, start_);
    start_ = 0;
    scanned_ = buffer_.size();
    return std::nullopt;
  }
  std::string_view line = std::string_view(buffer_).substr(start_, end - start_);
  start_ = scanned_ = end + 1;
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

Result<std::optional<Reply>> ReplyParser::next() {
  for (;;) {
    const auto line = next_line();
    if (!line) {
      if (buffer_.size() > limits_.line) return fail(ErrorKind::limit, "the server's reply line has no end");
      return std::nullopt;
    }
    const bool has_code = line->size() >= 3 && (*line)[0] >= '2' && (*line)[0] <= '5' && ascii_digit((*line)[1]) &&
                          ascii_digit((*line)[2]) && (line->size() == 3 || (*line)[3] == ' ' || (*line)[3] == '-');
    if (!has_code)
      return fail(ErrorKind::protocol, fmt::format("the server does not speak SMTP: '{}'", printable(*line, 60)));
    if (line->size() > limits_.line) return fail(ErrorKind::limit, "the server's reply line is too long");
    const int code = ((*line)[0] - '0') * 100 + ((*line)[1] - '0') * 10 + ((*line)[2] - '0');
    const int joint = reply_.lines.empty() ? code : joint_code(reply_.code, code);
    if (joint == 0)
      return fail(ErrorKind::protocol, fmt::format("the server's reply changes from {} to {}", reply_.code, code));
    held_ += line->size();
    if (reply_.lines.size() == most_lines || held_ > limits_.line)
      return fail(ErrorKind::limit, "the server's reply has no end");
    reply_.code = joint;

    std::string_view text = line->substr(std::min<std::size_t>(line->size(), 4));
    if (const auto length = enhanced_code_length(text, (*line)[0]); length > 0) {
      if (reply_.enhanced.empty() || !is_of(reply_.enhanced, reply_.code)) reply_.enhanced = text.substr(0, length);
      text = ascii_trim(text.substr(length));
    }
    reply_.lines.push_back(printable(text));
    if (line->size() > 3 && (*line)[3] == '-') continue;
    held_ = 0;
    if (!is_of(reply_.enhanced, reply_.code)) reply_.enhanced.clear();
    return std::exchange(reply_, {});
  }
}

}  // namespace coi::smtp

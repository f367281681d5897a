#include "smtp/reply.h"

#include "base/ascii.h"

namespace coi::smtp {
namespace {

constexpr std::size_t most_lines = 500;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Octets of the UTF-8 sequence that begins `text`, or 0 (RFC 3629 4, without its rarest checks: overlong forms of three
// and four octets and surrogates are told by the second octet).
std::size_t utf8_sequence(std::string_view text) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = octet(0);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xc2 && first < 0xe0   ? 2
                           : first >= 0xe0 && first < 0xf0 ? 3
                           : first >= 0xf0 && first < 0xf5 ? 4
                                                           : 0;
  if (size == 0 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((octet(i) & 0xc0) != 0x80) return 0;
  const unsigned char second = octet(1);
  const bool wrong = (first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) ||
                     (first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90);
  return wrong ? 0 : size;
}

// Replies are shown to people and go into logs and JSON.
std::string printable(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const std::size_t size = utf8_sequence(text);
    const bool control = size == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7f);
    if (size == 0 || control)
      clean += control ? ' ' : '?';
    else
      clean += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return clean;
}

//   status-code = class "." subject "." detail ; class = "2" / "4" / "5", subject and detail = 1*3DIGIT
std::size_t enhanced_code_length(std::string_view text, char reply_class) {
  if (text.size() < 5 || text[0] != reply_class || text[1] != '.') return 0;
  std::size_t at = 2;
  for (int part = 0; part < 2; ++part) {
    std::size_t digits = 0;
    while (at < text.size() && is_digit(text[at])) ++at, ++digits;
    if (digits < 1 || digits > 3) return 0;
    if (part == 0 && (at == text.size() || text[at++] != '.')) return 0;
  }
  return at == text.size() || text[at] == ' ' ? at : 0;
}

}  // namespace

std::string Reply::text() const { return fmt::format("{}", fmt::join(lines, " ")); }

std::string Reply::describe() const {
  std::string words = code != 0 ? fmt::format("{} ", code) : "";
  if (!enhanced.empty()) words += enhanced + " ";
  return std::string(ascii_trim(words + text()));
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
    const bool has_code = line->size() >= 3 && (*line)[0] >= '2' && (*line)[0] <= '5' && is_digit((*line)[1]) &&
                          is_digit((*line)[2]) && (line->size() == 3 || (*line)[3] == ' ' || (*line)[3] == '-');
    if (!has_code)
      return fail(ErrorKind::protocol,
                  fmt::format("the server does not speak SMTP: '{}'", printable(line->substr(0, 60))));
    if (line->size() > limits_.line) return fail(ErrorKind::limit, "the server's reply line is too long");
    const int code = ((*line)[0] - '0') * 100 + ((*line)[1] - '0') * 10 + ((*line)[2] - '0');
    if (!reply_.lines.empty() && reply_.code != code)
      return fail(ErrorKind::protocol, fmt::format("the server's reply changes from {} to {}", reply_.code, code));
    if (reply_.lines.size() == most_lines) return fail(ErrorKind::limit, "the server's reply has no end");
    reply_.code = code;

    std::string_view text = line->substr(std::min<std::size_t>(line->size(), 4));
    if (const auto length = enhanced_code_length(text, (*line)[0]); length > 0) {
      if (reply_.enhanced.empty()) reply_.enhanced = text.substr(0, length);
      text = ascii_trim(text.substr(length));
    }
    reply_.lines.push_back(printable(text));
    if (line->size() == 3 || (*line)[3] == ' ') return std::exchange(reply_, {});
  }
}

}  // namespace coi::smtp

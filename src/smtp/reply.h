// What an SMTP server answers (RFC 5321 4.2), with its enhanced status code (RFC 2034, RFC 3463).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"

namespace coi::smtp {

struct Reply {
  int code = 0;                      // 200 to 599; 0: the server was not asked, `lines` are ours
  std::string enhanced{};            // "5.1.1", or empty
  std::vector<std::string> lines{};  // valid UTF-8 without control characters, codes cut off

  bool positive() const { return code >= 200 && code < 300; }
  bool intermediate() const { return code >= 300 && code < 400; }
  bool transient() const { return code >= 400 && code < 500; }

  std::string text() const;  // the lines joined by spaces
  // For errors and people, as much of it as is worth keeping: "no such user", "550 5.1.1 no such user".
  std::string words() const;
  std::string describe() const;

  friend bool operator==(const Reply&, const Reply&) = default;
};

// Bytes in, replies out; linear however the bytes are cut.
//   reply = *( code "-" [ text ] CRLF ) code [ SP [ text ] ] CRLF
// The code is the same on every line, or should be: of several the last counts, but a refusal is not overruled by a
// line that is none.
//   text of 2yz, 4yz and 5yz may begin with  class "." subject "." detail SP
// A bare LF ends a line too: some servers send it. A reply has at most Limits::line octets, all its lines together.
class ReplyParser {
 public:
  explicit ReplyParser(const Limits& limits = {}) : limits_(limits) {}

  void feed(std::string_view bytes) { buffer_ += bytes; }
  // The next whole reply; nullopt: feed more. Errors: protocol, limit. After an error the connection is of no use.
  Result<std::optional<Reply>> next();
  // Bytes that belong to no reply taken so far.
  bool has_rest() const { return start_ < buffer_.size() || !reply_.lines.empty(); }

 private:
  std::optional<std::string_view> next_line();

  Limits limits_;
  std::string buffer_;
  std::size_t start_ = 0;    // of the line being looked for
  std::size_t scanned_ = 0;  // no LF before this
  Reply reply_;              // lines so far
  std::size_t held_ = 0;     // octets of them
};

}  // namespace coi::smtp

#include "mime/received.h"

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "mime/date.h"

namespace coi::mime {
namespace {

// The last of them that stands neither in a comment nor in quotes (RFC 5322, section 3.2); npos without one.
std::size_t last_semicolon(std::string_view value) {
  auto found = std::string_view::npos;
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char sign = value[at];
    if (sign == '\\')
      ++at;
    else if (sign == '"' && depth == 0)
      quoted = !quoted;
    else if (quoted)
      continue;
    else if (sign == '(')
      ++depth;
    else if (sign == ')')
      depth = std::max(depth - 1, 0);
    else if (sign == ';' && depth == 0)
      found = at;
  }
  // A comment or quotes without end hide nothing.
  return depth > 0 || quoted ? value.rfind(';') : found;
}

// time-stamp-line = "Received:" … ["with" protocol] … ";" date-time
std::optional<UnixMs> time_behind(std::string_view value) {
  const auto semicolon = last_semicolon(value);
  return semicolon == std::string_view::npos ? std::nullopt : parse_date(value.substr(semicolon + 1));
}

// "with POP3", "with IMAP4": a program took the mail out of a mailbox (RFC 1939, RFC 9051), and no server sent it.
bool was_fetched(std::string_view value) {
  const auto lower = ascii_lower(value.substr(0, last_semicolon(value)));
  return lower.find(" with pop") != std::string::npos || lower.find(" with imap") != std::string::npos;
}

}  // namespace

std::optional<UnixMs> received_at(const std::vector<Header>& headers) {
  // Longer than mail waits in a queue (RFC 5321, section 4.5.4.1: four to five days).
  constexpr UnixMs longest_wait = 7LL * 24 * 3600 * 1000;
  std::optional<UnixMs> stored;
  bool fetched = false;
  for (const auto& header : headers) {
    if (!ascii_iequal(header.name, "Received")) continue;
    const auto time = time_behind(header.value);
    if (time && (!stored || (fetched && *stored - *time > longest_wait))) stored = time;
    fetched = was_fetched(header.value);
  }
  return stored;
}

}  // namespace coi::mime

#include "mime/received.h"

#include <string_view>

#include "base/ascii.h"
#include "mime/date.h"

namespace coi::mime {
namespace {

// time-stamp-line = "Received:" … ["with" protocol] … ";" date-time
std::optional<UnixMs> time_of(std::string_view value) {
  const auto semicolon = value.rfind(';');
  return semicolon == std::string_view::npos ? std::nullopt : parse_date(value.substr(semicolon + 1));
}

// "with POP3", "with IMAP4": a program took the mail out of a mailbox (RFC 1939, RFC 9051), and no server sent it.
bool was_fetched(std::string_view value) {
  const auto lower = ascii_lower(value.substr(0, value.rfind(';')));
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
    const auto time = time_of(header.value);
    if (time && (!stored || (fetched && *stored - *time > longest_wait))) stored = time;
    fetched = was_fetched(header.value);
  }
  return stored;
}

}  // namespace coi::mime

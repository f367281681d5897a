// What a report says: read receipts (RFC 8098), delivery reports (RFC 3464), and the bounces that follow no standard.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mime/mail.h"

namespace coi::mime {

// A report may be of any size, and each recipient in it may be said of each id: more than these recipients or ids, and
// octets of one text, are not read.
inline constexpr std::size_t most_reported = 500;
inline constexpr std::size_t longest_reason = 1000;

// A message disposition notification.
struct DispositionReport {
  std::vector<std::string> original_ids;  // Original-Message-ID, then Additional-Message-IDs (D-29); without <>
  std::string disposition;                // lower case: "displayed", "deleted", "dispatched", "processed" …
  friend bool operator==(const DispositionReport&, const DispositionReport&) = default;
};
// nullopt: the mail is no such report. One inside an embedded mail does not count.
std::optional<DispositionReport> read_disposition_report(const Part& root);

enum class DeliveryAction : std::uint8_t { failed, delayed, delivered, relayed, expanded };

struct RecipientReport {
  std::string recipient;  // the address as it was given to us if the report knows it, else the final one
  DeliveryAction action = DeliveryAction::failed;
  std::string status;      // "5.1.1" (RFC 3463), or a bare SMTP code as "550", "" when not said
  std::string diagnostic;  // what the other server said, on one line, or its beginning
  friend bool operator==(const RecipientReport&, const RecipientReport&) = default;
};

struct DeliveryReport {
  std::vector<RecipientReport> recipients;
  // Of the mail it is about, empty when unknown: the Message-ID that its author gave it, the one that a server put in
  // its place, the envelope id (RFC 3461 4.4), or where none of them stands what the report answers. Who is no
  // recipient and carried no copy cannot know them: a recipient and a subject, which anybody can guess, name no mail.
  std::vector<std::string> original_ids;
  std::string reason;    // the report's text for people, without the copied mail, or its beginning
  bool standard = true;  // false: guessed from an automatic mail without message/delivery-status
  friend bool operator==(const DeliveryReport&, const DeliveryReport&) = default;
};
// Without message/delivery-status the mail must come from a mail system (mailer-daemon, empty return path …) and name
// an address that failed: qmail, older Exim, Exchange and the like.
std::optional<DeliveryReport> read_delivery_report(const Part& root);

}  // namespace coi::mime

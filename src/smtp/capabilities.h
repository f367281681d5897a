// What a server says it can do, in its answer to EHLO (RFC 5321 4.1.1.1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtp/reply.h"

namespace coi::smtp {

struct Capabilities {
  bool pipelining = false;         // RFC 2920
  bool chunking = false;           // RFC 3030
  bool eight_bit_mime = false;     // RFC 6152
  bool smtp_utf8 = false;          // RFC 6531
  bool starttls = false;           // RFC 3207
  bool enhanced_codes = false;     // RFC 2034
  bool dsn = false;                // RFC 3461
  bool size = false;               // RFC 1870
  std::uint64_t largest_mail = 0;  // octets; 0: no fixed limit
  std::uint32_t most_mails = 0;    // of one connection (RFC 9422 MAILMAX); 0: not said
  std::uint64_t longest_hold = 0;  // seconds for which mails are kept for later (RFC 4865); 0: it does not do that
  std::vector<std::string> auth;   // SASL mechanisms in upper case (RFC 4954)

  static Capabilities parse(const Reply& reply);

  bool offers(std::string_view mechanism) const;

  friend bool operator==(const Capabilities&, const Capabilities&) = default;
};

}  // namespace coi::smtp

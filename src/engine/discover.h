// Finding the servers of an address: what the user would otherwise have to look up.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "net/endpoint.h"
#include "net/tls.h"
#include "net/waker.h"
#include "oauth/registration.h"

namespace coi::engine {

struct ServerPair {
  net::Endpoint imap, smtp;
  std::string user;  // login name, when the source says; empty: the address
  // What the source says of OAuth2: issuer, scope, and the endpoints for browser and token. Without checks.
  oauth::Registration oauth{};
  friend bool operator==(const ServerPair&, const ServerPair&) = default;
};

struct DiscoverOptions {
  net::Tls tls;
  net::Waker waker{};
  Log log{};
};

// Best first, without repetitions: the domain's autoconfig file (.well-known and autoconfig.<domain>), SRV records
// (RFC 6186, RFC 8314), Thunderbird's database, and a guess by name and MX. Empty when nothing answers.
Result<std::vector<ServerPair>> discover(std::string_view addr, const DiscoverOptions& options);

// The autoconfig file format (version 1.1). Only entries with TLS or STARTTLS count. Errors: invalid.
Result<std::vector<ServerPair>> parse_autoconfig(std::string_view xml, std::string_view addr);

}  // namespace coi::engine

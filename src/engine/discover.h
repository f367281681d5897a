// Finding the servers of an address: what the user would otherwise have to look up.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "net/dns_answer.h"
#include "net/endpoint.h"
#include "net/tls.h"
#include "net/waker.h"
#include "oauth/registration.h"

namespace coi::engine {

struct ServerPair {
  net::Endpoint imap, smtp;
  std::string user;  // login name, when the source says; empty: the address
  // Nobody but the DNS names them, and its answers can be forged by anybody on the way; else a file over HTTPS does.
  bool only_dns = false;
  // What the source says of OAuth2: issuer, scope, and the endpoints for browser and token. Without checks.
  oauth::Registration oauth{};
  friend bool operator==(const ServerPair&, const ServerPair&) = default;
};

struct DiscoverOptions {
  net::Tls tls;
  net::Waker waker{};
  Log log{};
};

// Where discover() asks. What does not answer within a few seconds, or answers with an error, has nothing to say.
struct Sources {
  std::function<std::string(const std::string& url)> file;
  std::function<std::vector<net::SrvRecord>(std::string_view service, std::string_view domain)> srv;
  std::function<std::vector<net::MxRecord>(std::string_view domain)> mx;
};
Sources network_sources(const DiscoverOptions& options);

// Best first: the domain's autoconfig file (autoconfig.<domain> and .well-known), SRV records (RFC 6186, RFC 8314) and
// Thunderbird's database, which goes before records that name somebody else's hosts; and a guess by name and MX.
Result<std::vector<ServerPair>> discover(std::string_view addr, const Sources& sources, const Log& log);

// The domain itself or below it, both in A-labels.
bool is_host_of(std::string_view domain, std::string_view host);

// The autoconfig file format (version 1.1). Only entries with TLS or STARTTLS count. Errors: invalid.
Result<std::vector<ServerPair>> parse_autoconfig(std::string_view xml, std::string_view addr);

}  // namespace coi::engine

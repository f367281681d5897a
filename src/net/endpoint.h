// Where a mail server is and how its connection is protected.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::net {

enum class Service : std::uint8_t { imap, smtp };

enum class Security : std::uint8_t {
  tls,       // from the first octet (RFC 8314)
  starttls,  // STARTTLS is required, never optional
  plain,     // clear text, loopback only
};

struct Endpoint {
  std::string host;  // a name in A-labels, or an IPv4 or IPv6 address without brackets
  std::uint16_t port = 0;
  Security security = Security::tls;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// "imaps://host[:993]", "imap://host[:143]" (STARTTLS required), "imap+plain://host[:143]", and for smtp "smtps" (465),
// "smtp" and "smtp+plain" (587). The host may be an internationalised name or an address, IPv6 in brackets.
// Errors: invalid; not_allowed for clear text to a host that is not this machine.
Result<Endpoint> parse_url(Service service, std::string_view text);
// The shortest text that parse_url() reads back as the same.
std::string to_url(Service service, const Endpoint& endpoint);

// The host, or "host:port", with brackets around an IPv6 address (RFC 3986 3.2.2).
std::string bracketed_host(const Endpoint& endpoint);
std::string host_and_port(const Endpoint& endpoint);

// "localhost", names below it (RFC 6761 6.3), 127.0.0.0/8 and ::1.
bool is_loopback(std::string_view host);
bool is_ip_address(std::string_view host);

// The host name as it goes into the DNS and into certificates (IDNA 2008, RFC 5891): "Bücher.example" becomes
// "xn--bcher-kva.example". Lower case; ASCII names and addresses pass through. Error: invalid.
Result<std::string> to_a_label(std::string_view host);

}  // namespace coi::net

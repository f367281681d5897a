#include "net/endpoint.h"

#include <arpa/inet.h>
#include <idn2.h>

#include <algorithm>
#include <array>
#include <memory>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "net/url.h"

namespace coi::net {
namespace {

constexpr std::size_t most_shown = 300;  // octets of what is no host, in an error

struct Scheme {
  std::string_view name;
  Service service;
  Security security;
  std::uint16_t default_port;
};

constexpr std::array schemes{
    Scheme{"imaps", Service::imap, Security::tls, 993},
    Scheme{"imap", Service::imap, Security::starttls, 143},
    Scheme{"imap+plain", Service::imap, Security::plain, 143},
    Scheme{"smtps", Service::smtp, Security::tls, 465},
    Scheme{"smtp", Service::smtp, Security::starttls, 587},
    Scheme{"smtp+plain", Service::smtp, Security::plain, 587},
};

}  // namespace

Result<Endpoint> parse_url(Service service, std::string_view text) {
  const auto url = COI_TRY(split_url(text));
  const auto* const scheme =
      std::ranges::find_if(schemes, [&](const Scheme& s) { return s.service == service && s.name == url.scheme; });
  if (scheme == schemes.end()) {
    const std::string_view word = service == Service::imap ? "imap" : "smtp";
    return fail(ErrorKind::invalid,
                fmt::format("'{}' is no {} address", text, service == Service::imap ? "IMAP" : "SMTP"),
                fmt::format("write {}s://host, or {}://host for a server with STARTTLS", word, word));
  }
  if (!url.bare || !url.user.empty() || !url.password.empty())
    return fail(ErrorKind::invalid,
                fmt::format("the address of '{}' holds more than a host and a port", printable(url.host, most_shown)));

  Endpoint endpoint{COI_TRY(to_a_label(url.host)), url.port.value_or(scheme->default_port), scheme->security};
  if (endpoint.security == Security::plain && !is_loopback(endpoint.host))
    return fail(ErrorKind::not_allowed, fmt::format("clear text to '{}' is refused", endpoint.host),
                "clear text is for servers on this machine only; leave '+plain' out");
  return endpoint;
}

std::string to_url(Service service, const Endpoint& endpoint) {
  for (const Scheme& scheme : schemes) {
    if (scheme.service != service || scheme.security != endpoint.security) continue;
    std::string url = fmt::format("{}://{}", scheme.name, bracketed_host(endpoint));
    if (endpoint.port != scheme.default_port) url += fmt::format(":{}", endpoint.port);
    return url;
  }
  return {};
}

std::string bracketed_host(const Endpoint& endpoint) {
  return endpoint.host.contains(':') ? fmt::format("[{}]", endpoint.host) : endpoint.host;
}

std::string host_and_port(const Endpoint& endpoint) {
  return fmt::format("{}:{}", bracketed_host(endpoint), endpoint.port);
}

bool is_ip_address(std::string_view host) {
  if (host.contains('\0')) return false;
  const std::string text(host);
  in6_addr address{};
  return inet_pton(AF_INET, text.c_str(), &address) == 1 || inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

bool is_loopback(std::string_view host) {
  if (host.contains('\0')) return false;  // for inet_pton it would be the end
  if (host.ends_with('.')) host.remove_suffix(1);
  const std::string text = ascii_lower(host);
  if (text == "localhost" || text.ends_with(".localhost")) return true;
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return ntohl(v4.s_addr) >> 24 == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

Result<std::string> to_a_label(std::string_view host) {
  if (host.empty() || host.contains('\0')) return fail(ErrorKind::invalid, "a host name is missing or holds a NUL");
  if (is_ip_address(host)) return ascii_lower(host);
  char* raw = nullptr;
  const int status = idn2_to_ascii_8z(std::string(host).c_str(), &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owned(raw, &idn2_free);
  if (status != IDN2_OK)
    return fail(ErrorKind::invalid,
                fmt::format("'{}' is no host name: {}", printable(host, most_shown), idn2_strerror(status)));
  std::string name = ascii_lower(std::string_view(raw));
  // IDNA leaves other ASCII alone; what is no letter, digit, hyphen, dot or the underscore of a service is no host.
  if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._") != std::string::npos || name.starts_with('.') ||
      name.contains(".."))
    return fail(ErrorKind::invalid, fmt::format("'{}' is no host name", printable(host, most_shown)));
  return name;
}

}  // namespace coi::net

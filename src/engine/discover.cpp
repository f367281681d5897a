#include "engine/discover.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "net/http.h"
#include "net/resolve.h"
#include "wire/message_id.h"

namespace coi::engine {
namespace {

using net::Security;

// Each source gets this long; a source that does not answer must not make the setup a chore.
constexpr std::chrono::seconds patience{6};

using Pairs = std::vector<ServerPair>;

Pairs from_url(const std::string& url, std::string_view addr, const DiscoverOptions& options) {
  const auto response = net::http_get(
      url, {.stream = {.tls = options.tls, .waker = options.waker, .log = options.log}, .timeout = patience});
  if (!response || response->status != 200) return {};
  auto pairs = parse_autoconfig(response->body, addr);
  if (!pairs) options.log.info("discover: {}: {}", url, pairs.error().text());
  return pairs ? *pairs : Pairs{};
}

Pairs from_domain(std::string_view domain, std::string_view addr, const DiscoverOptions& options) {
  auto pairs =
      from_url(fmt::format("https://autoconfig.{}/mail/config-v1.1.xml?emailaddress={}", domain, addr), addr, options);
  if (pairs.empty())
    pairs = from_url(fmt::format("https://{}/.well-known/autoconfig/mail/config-v1.1.xml", domain), addr, options);
  return pairs;
}

Pairs from_database(std::string_view domain, std::string_view addr, const DiscoverOptions& options) {
  return from_url(fmt::format("https://autoconfig.thunderbird.net/v1.1/{}", domain), addr, options);
}

std::optional<net::Endpoint> first_srv(std::string_view service, std::string_view domain, Security security,
                                       const net::Waker& waker) {
  const auto records = net::resolve_srv(service, domain, net::after(patience), waker);
  if (!records || records->empty()) return std::nullopt;
  return net::Endpoint{records->front().target, records->front().port, security};
}

// RFC 6186, RFC 8314: TLS from the first octet is preferred.
Pairs from_srv(std::string_view domain, const net::Waker& waker) {
  auto imap = first_srv("_imaps._tcp", domain, Security::tls, waker);
  if (!imap) imap = first_srv("_imap._tcp", domain, Security::starttls, waker);
  if (!imap) return {};
  auto smtp = first_srv("_submissions._tcp", domain, Security::tls, waker);
  if (!smtp) smtp = first_srv("_submission._tcp", domain, Security::starttls, waker);
  if (!smtp) return {};
  return {{*imap, *smtp, {}}};
}

// "mx1.mail.example.net" -> "example.net": the provider that a domain's mail goes to. Wrong for "co.uk" and its like;
// then the database knows no such name and nothing is lost.
std::string provider_of(std::string_view host) {
  const auto last = host.rfind('.');
  const auto before = last == std::string_view::npos || last == 0 ? std::string_view::npos : host.rfind('.', last - 1);
  return std::string(before == std::string_view::npos ? host : host.substr(before + 1));
}

Pairs guess(std::string_view domain) {
  Pairs pairs;
  const std::array<std::pair<std::string, std::string>, 2> names = {{{"imap.", "smtp."}, {"mail.", "mail."}}};
  for (const auto& [imap, smtp] : names) {
    pairs.push_back(
        {{imap + std::string(domain), 993, Security::tls}, {smtp + std::string(domain), 465, Security::tls}, {}});
    pairs.push_back(
        {{imap + std::string(domain), 993, Security::tls}, {smtp + std::string(domain), 587, Security::starttls}, {}});
  }
  return pairs;
}

}  // namespace

Result<std::vector<ServerPair>> discover(std::string_view addr, const DiscoverOptions& options) {
  const auto domain = COI_TRY(net::to_a_label(wire::domain_of(addr)));
  auto pairs = from_domain(domain, addr, options);
  if (pairs.empty()) pairs = from_srv(domain, options.waker);
  if (pairs.empty()) pairs = from_database(domain, addr, options);
  if (!pairs.empty()) return pairs;
  const auto exchangers = net::resolve_mx(domain, net::after(patience), options.waker);
  if (exchangers && !exchangers->empty()) {
    const auto provider = provider_of(exchangers->front().host);
    pairs = from_database(provider, addr, options);
    if (pairs.empty() && provider != domain) pairs = guess(provider);
  }
  std::ranges::move(guess(domain), std::back_inserter(pairs));
  return pairs;
}

}  // namespace coi::engine

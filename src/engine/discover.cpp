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

Pairs from_file(const std::string& url, std::string_view addr, const Sources& sources, const Log& log) {
  const auto file = sources.file(url);
  if (file.empty()) return {};
  auto pairs = parse_autoconfig(file, addr);
  if (!pairs) log.info("discover: {}: {}", url, pairs.error().text());
  return pairs ? *pairs : Pairs{};
}

Pairs from_domain(std::string_view domain, std::string_view addr, const Sources& sources, const Log& log) {
  auto pairs = from_file(fmt::format("https://autoconfig.{}/mail/config-v1.1.xml?emailaddress={}", domain, addr), addr,
                         sources, log);
  if (pairs.empty())
    pairs =
        from_file(fmt::format("https://{}/.well-known/autoconfig/mail/config-v1.1.xml", domain), addr, sources, log);
  return pairs;
}

Pairs from_database(std::string_view domain, std::string_view addr, const Sources& sources, const Log& log) {
  return from_file(fmt::format("https://autoconfig.thunderbird.net/v1.1/{}", domain), addr, sources, log);
}

std::optional<net::Endpoint> first_srv(std::string_view service, std::string_view domain, Security security,
                                       const Sources& sources) {
  const auto records = sources.srv(service, domain);
  if (records.empty()) return std::nullopt;
  return net::Endpoint{records.front().target, records.front().port, security};
}

// RFC 6186, RFC 8314: TLS from the first octet is preferred.
Pairs from_srv(std::string_view domain, const Sources& sources) {
  auto imap = first_srv("_imaps._tcp", domain, Security::tls, sources);
  if (!imap) imap = first_srv("_imap._tcp", domain, Security::starttls, sources);
  if (!imap) return {};
  auto smtp = first_srv("_submissions._tcp", domain, Security::tls, sources);
  if (!smtp) smtp = first_srv("_submission._tcp", domain, Security::starttls, sources);
  if (!smtp) return {};
  return {{.imap = *imap, .smtp = *smtp, .user = {}, .only_dns = true}};
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
  for (const auto& [imap, smtp] : names)
    for (const auto& [port, security] : {std::pair{465, Security::tls}, std::pair{587, Security::starttls}})
      pairs.push_back({.imap = {imap + std::string(domain), 993, Security::tls},
                       .smtp = {smtp + std::string(domain), static_cast<std::uint16_t>(port), security},
                       .user = {},
                       .only_dns = true});
  return pairs;
}

}  // namespace

bool is_host_of(std::string_view domain, std::string_view host) {
  return host == domain || (host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

Sources network_sources(const DiscoverOptions& options) {
  return {
      .file = [options](const std::string& url) -> std::string {
        auto response = net::http_get(
            url, {.stream = {.tls = options.tls, .waker = options.waker, .log = options.log}, .timeout = patience});
        return response && response->status == 200 ? std::move(response->body) : "";
      },
      .srv =
          [options](std::string_view service, std::string_view domain) {
            return net::resolve_srv(service, domain, net::after(patience), options.waker)
                .value_or(std::vector<net::SrvRecord>{});
          },
      .mx =
          [options](std::string_view domain) {
            return net::resolve_mx(domain, net::after(patience), options.waker).value_or(std::vector<net::MxRecord>{});
          }};
}

Result<std::vector<ServerPair>> discover(std::string_view addr, const Sources& sources, const Log& log) {
  const auto domain = COI_TRY(net::to_a_label(wire::domain_of(addr)));
  auto pairs = from_domain(domain, addr, sources, log);
  if (pairs.empty()) pairs = from_srv(domain, sources);
  const auto is_own = [&](const ServerPair& pair) {
    return is_host_of(domain, pair.imap.host) && is_host_of(domain, pair.smtp.host);
  };
  if (pairs.empty() || (pairs.front().only_dns && !is_own(pairs.front())))
    if (auto listed = from_database(domain, addr, sources, log); !listed.empty()) pairs = std::move(listed);
  if (!pairs.empty()) return pairs;
  const auto exchangers = sources.mx(domain);
  const auto provider = exchangers.empty() ? domain : provider_of(exchangers.front().host);
  if (provider != domain) pairs = from_database(provider, addr, sources, log);
  const bool listed = !pairs.empty();
  // The domain's own names first: they need no question.
  std::ranges::move(guess(domain), std::back_inserter(pairs));
  if (!listed && provider != domain) std::ranges::move(guess(provider), std::back_inserter(pairs));
  return pairs;
}

}  // namespace coi::engine

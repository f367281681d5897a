#include "oauth/registration.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "json/codec.h"
#include "net/endpoint.h"

namespace coi::oauth {
namespace {

constexpr std::size_t longest_url = 300;  // octets of a URL in an error

std::string normalized(std::string_view issuer) {
  std::string url = issuer.contains("://") ? std::string(issuer) : "https://" + std::string(issuer);
  while (url.ends_with('/')) url.pop_back();
  return url;
}

struct Entry {
  std::vector<std::string> domains;
  Secret client_secret;
};
BOOST_DESCRIBE_STRUCT(Entry, (), (domains, client_secret))

struct List {
  std::vector<json::Value> clients;
};
BOOST_DESCRIBE_STRUCT(List, (), (clients))

}  // namespace

bool same_issuer(std::string_view a, std::string_view b) { return normalized(a) == normalized(b); }

Registration merge(Registration first, const Registration& second) {
  for (const auto member : {&Registration::issuer, &Registration::authorization_endpoint, &Registration::token_endpoint,
                            &Registration::device_authorization_endpoint, &Registration::scope})
    if ((first.*member).empty()) first.*member = second.*member;
  // A secret goes with its client.
  if (first.client_id.empty()) first.client_id = second.client_id;
  if (first.client_secret.empty() && first.client_id == second.client_id) first.client_secret = second.client_secret;
  return first;
}

Result<> check_endpoint(std::string_view url) {
  const auto parts = COI_TRY(net::split_url(url));
  if (parts.scheme == "https" || (parts.scheme == "http" && net::is_loopback(parts.host))) return {};
  return fail(ErrorKind::not_allowed, fmt::format("{} is not protected by TLS", printable(url, longest_url)));
}

Result<std::vector<std::string>> metadata_urls(std::string_view issuer) {
  const auto url = normalized(issuer);
  COI_TRY(check_endpoint(url));
  if (url.find_first_of("?#") != std::string::npos)
    return fail(ErrorKind::invalid, fmt::format("{} is no issuer", printable(url, longest_url)));
  const auto slash = std::min(url.find('/', url.find("://") + 3), url.size());
  const auto host = url.substr(0, slash);
  const auto path = url.substr(slash);
  return std::vector{host + "/.well-known/oauth-authorization-server" + path,
                     url + "/.well-known/openid-configuration"};
}

Result<Registration> parse_metadata(std::string_view text, std::string_view issuer) {
  const auto value = json::parse(text, Limits{});
  auto found = value ? json::decode<Registration>(*value) : std::unexpected(value.error());
  if (!found)
    return fail(ErrorKind::protocol, fmt::format("the metadata of {} is damaged: {}", issuer, found.error().text()));
  // Else whoever may write one page of a host could hand out the endpoints of all of it.
  if (!same_issuer(found->issuer, issuer))
    return fail(ErrorKind::protocol,
                fmt::format("the metadata of {} belongs to {}", issuer, printable(found->issuer, longest_url)));
  if (found->token_endpoint.empty())
    return fail(ErrorKind::protocol, fmt::format("the metadata of {} names no token endpoint", issuer));
  for (const auto* url :
       {&found->authorization_endpoint, &found->token_endpoint, &found->device_authorization_endpoint})
    if (!url->empty()) COI_TRY(check_endpoint(*url));
  // Words of the server's that mean something else when the user says them.
  found->scope.clear();
  found->client_id.clear();
  return found;
}

Result<Registration> fetch_metadata(std::string_view issuer, const net::HttpOptions& options) {
  for (const auto& url : COI_TRY(metadata_urls(issuer))) {
    const auto response = COI_TRY(net::http_get(url, options));
    if (response.status == 200) return parse_metadata(response.body, issuer);
  }
  return fail(ErrorKind::not_found, fmt::format("{} does not say how to log in with OAuth2", issuer),
              "give its endpoints in oauth.json");
}

Result<Registration> find_client(std::string_view list, std::string_view domain, std::string_view issuer) {
  const auto entries = COI_TRY(json::decode<List>(COI_TRY(json::parse(list, Limits{}))));
  for (const auto& value : entries.clients) {
    const auto entry = COI_TRY(json::decode<Entry>(value, "clients[]"));
    auto client = COI_TRY(json::decode<Registration>(value, "clients[]"));
    client.client_secret = entry.client_secret;
    const bool issued = !issuer.empty() && same_issuer(client.issuer, issuer);
    const bool same_domain =
        std::ranges::any_of(entry.domains, [&](const auto& one) { return ascii_iequal(one, domain); });
    // An issuer that was named is not swapped for another one.
    if (issued || (same_domain && (issuer.empty() || client.issuer.empty()))) return client;
  }
  return Registration{};
}

}  // namespace coi::oauth

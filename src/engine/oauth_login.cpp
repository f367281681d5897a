#include "engine/oauth_login.h"

#include <fmt/format.h>

#include "engine/own_files.h"
#include "wire/message_id.h"

namespace coi::engine {
namespace {

Result<oauth::Registration> listed_client(const std::filesystem::path& list, std::string_view domain,
                                          std::string_view issuer) {
  constexpr std::size_t longest = 1024 * 1024;
  const auto text = read_own_file(list, longest, Links::followed);
  if (!text && (list.empty() || text.error().kind() == ErrorKind::not_found)) return oauth::Registration{};
  if (!text) return std::unexpected(text.error());
  return within(oauth::find_client(*text, domain, issuer), fmt::format("cannot read {}", list.string()));
}

}  // namespace

Result<oauth::Registration> find_registration(const OAuthRequest& request, std::string_view addr,
                                              const oauth::Registration& hint, const std::filesystem::path& clients,
                                              const net::HttpOptions& http) {
  auto at = request.at;
  const auto domain = wire::domain_of(addr);
  at = oauth::merge(at, COI_TRY(listed_client(clients, domain, at.issuer.empty() ? hint.issuer : at.issuer)));
  // Endpoints of one provider are not for tokens of another.
  if (at.issuer.empty() || oauth::same_issuer(at.issuer, hint.issuer)) at = oauth::merge(at, hint);
  const bool complete =
      !at.token_endpoint.empty() &&
      !(request.flow == OAuthFlow::browser ? at.authorization_endpoint : at.device_authorization_endpoint).empty();
  if (!complete && !at.issuer.empty()) {
    auto published = oauth::fetch_metadata(at.issuer, http);
    if (published)
      at = oauth::merge(at, *published);
    else if (at.token_endpoint.empty())
      return std::unexpected(std::move(published).error().within(fmt::format("cannot ask {}", at.issuer)));
  }
  if (at.token_endpoint.empty())
    return fail(ErrorKind::invalid, fmt::format("no OAuth2 provider is known for {}", addr),
                "name it with --oauth-issuer and --client-id, or in ~/.config/coi/oauth.json");
  if (at.client_id.empty())
    return fail(ErrorKind::invalid, fmt::format("no OAuth2 client is known for {}", addr),
                "register one with the provider and name it with --client-id, or in ~/.config/coi/oauth.json");
  return at;
}

Result<oauth::Tokens> authorize(const OAuthRequest& request, const oauth::Registration& at, std::string_view addr,
                                const Environment& environment, const net::HttpOptions& http) {
  const oauth::Conversation with{.http = http,
                                 .clock = environment.clock,
                                 .show = request.show,
                                 .answered = request.answered,
                                 .wanted = request.wanted};
  const bool device = request.flow == OAuthFlow::device ||
                      (request.flow == OAuthFlow::device_if_offered && !at.device_authorization_endpoint.empty());
  auto tokens = COI_TRY(device ? oauth::log_in_by_device(at, with) : oauth::log_in_by_browser(at, addr, with));
  if (tokens.refresh.empty())
    return fail(ErrorKind::protocol, "the provider gave no refresh token",
                "many give one only if --scope has offline_access");
  return tokens;
}

}  // namespace coi::engine

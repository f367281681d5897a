#include "oauth/grant.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "hash/base64.h"
#include "hash/digest.h"
#include "json/codec.h"

namespace coi::oauth {
namespace {

constexpr std::size_t most_words = 300;  // octets of a server's description

using std::chrono::seconds;

net::FormFields with_client(net::FormFields fields, const Registration& at) {
  fields.emplace_back("client_id", at.client_id);
  if (!at.client_secret.empty()) fields.emplace_back("client_secret", at.client_secret.reveal());
  return fields;
}

std::string field(const net::FormFields& fields, std::string_view name) {
  const auto found = std::ranges::find(fields, name, [](const auto& one) -> const auto& { return one.first; });
  return found == fields.end() ? std::string() : found->second;
}

// RFC 6749 5.1 and 5.2 in one: which of the two it is says the status.
struct TokenAnswer {
  Secret access_token;
  std::string token_type;
  Secret refresh_token;
  std::optional<std::int64_t> expires_in;  // seconds
  std::string error;
  std::string error_description;
};
BOOST_DESCRIBE_STRUCT(TokenAnswer, (), (access_token, token_type, refresh_token, expires_in, error, error_description))

struct DeviceAnswer {
  Secret device_code;
  std::string user_code;
  std::string verification_uri;
  std::string verification_url;  // as some said before RFC 8628
  std::int64_t expires_in = 0;
  std::int64_t interval = 5;
};
BOOST_DESCRIBE_STRUCT(DeviceAnswer, (),
                      (device_code, user_code, verification_uri, verification_url, expires_in, interval))

// The answer itself is never part of an error: it may hold tokens.
template <class T>
Result<T> read_answer(const net::HttpResponse& response) {
  if (response.status >= 500 || response.status == 429)
    return fail(ErrorKind::network, fmt::format("the login server is out of order (HTTP {})", response.status));
  const auto value = json::parse(response.body, Limits{});
  auto answer = value ? json::decode<T>(*value) : std::unexpected(value.error());
  if (!answer)
    return fail(ErrorKind::protocol, fmt::format("the login server answered HTTP {} with nonsense", response.status));
  return answer;
}

}  // namespace

std::string code_challenge(const Secret& verifier) { return hash::base64url_encode(hash::sha256(verifier.reveal())); }

// RFC 6749 4.1.1, RFC 7636 4.3.
Authorization begin_authorization(const Registration& at, std::string_view login_hint, std::string redirect_uri,
                                  Secret verifier, std::string state) {
  net::FormFields fields{{"response_type", "code"},
                         {"client_id", at.client_id},
                         {"redirect_uri", redirect_uri},
                         {"state", state},
                         {"code_challenge", code_challenge(verifier)},
                         {"code_challenge_method", "S256"}};
  if (!at.scope.empty()) fields.emplace_back("scope", at.scope);
  if (!login_hint.empty()) fields.emplace_back("login_hint", login_hint);
  // An endpoint may have a query of its own, which stays (RFC 6749 3.1).
  const char joint = at.authorization_endpoint.contains('?') ? '&' : '?';
  return {.url = at.authorization_endpoint + joint + net::encode_form(fields),
          .redirect_uri = std::move(redirect_uri),
          .state = std::move(state),
          .verifier = std::move(verifier)};
}

std::optional<Result<Secret>> read_redirect(std::string_view query, const Authorization& asked,
                                            const Registration& at) {
  const auto fields = net::decode_form(query);
  if (!fields || field(*fields, "state") != asked.state) return std::nullopt;
  // RFC 9207: the answer of another server is not for this one's token endpoint.
  if (const auto issuer = field(*fields, "iss");
      !issuer.empty() && !at.issuer.empty() && !same_issuer(issuer, at.issuer))
    return fail(ErrorKind::auth,
                fmt::format("the login was answered by {}, not by {}", printable(issuer, most_words), at.issuer));
  if (const auto error = field(*fields, "error"); !error.empty())
    return std::unexpected(to_error({error, field(*fields, "error_description")}));
  Secret code(field(*fields, "code"));
  if (code.empty()) return fail(ErrorKind::protocol, "the browser brought no code");
  return code;
}

// RFC 6749 4.1.3, RFC 7636 4.5.
net::FormFields code_form(const Registration& at, const Authorization& asked, const Secret& code) {
  return with_client({{"grant_type", "authorization_code"},
                      {"code", std::string(code.reveal())},
                      {"redirect_uri", asked.redirect_uri},
                      {"code_verifier", std::string(asked.verifier.reveal())}},
                     at);
}

// RFC 8628 3.1.
net::FormFields device_form(const Registration& at) {
  net::FormFields fields;
  if (!at.scope.empty()) fields.emplace_back("scope", at.scope);
  return with_client(std::move(fields), at);
}

// RFC 8628 3.2.
Result<Device> read_device(const net::HttpResponse& response) {
  if (response.status != 200) {
    const auto answer = COI_TRY(read_answer<TokenAnswer>(response));
    return std::unexpected(to_error({answer.error, answer.error_description}));
  }
  auto answer = COI_TRY(read_answer<DeviceAnswer>(response));
  if (answer.verification_uri.empty()) answer.verification_uri = answer.verification_url;
  if (answer.device_code.empty() || answer.user_code.empty() || answer.verification_uri.empty())
    return fail(ErrorKind::protocol, "the login server gave no code to type");
  return Device{.code = std::move(answer.device_code),
                .user_code = std::move(answer.user_code),
                .url = std::move(answer.verification_uri),
                .expires_in = seconds(std::clamp<std::int64_t>(answer.expires_in, 1, 3600)),
                .interval = seconds(std::clamp<std::int64_t>(answer.interval, 1, 60))};
}

// RFC 8628 3.4.
net::FormFields device_token_form(const Registration& at, const Device& device) {
  return with_client({{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                      {"device_code", std::string(device.code.reveal())}},
                     at);
}

// RFC 8628 3.5.
Result<seconds> next_interval(seconds interval, const Refusal& refusal) {
  if (refusal.error == "authorization_pending") return interval;
  if (refusal.error == "slow_down") return interval + seconds(5);
  return std::unexpected(to_error(refusal));
}

// RFC 6749 6. Without a scope: what was granted, no less.
net::FormFields refresh_form(const Registration& at, const Secret& refresh) {
  return with_client({{"grant_type", "refresh_token"}, {"refresh_token", std::string(refresh.reveal())}}, at);
}

Result<std::variant<Tokens, Refusal>> read_tokens(const net::HttpResponse& response, UnixMs now) {
  auto answer = COI_TRY(read_answer<TokenAnswer>(response));
  if (response.status != 200 || !answer.error.empty())
    return Refusal{answer.error.empty() ? fmt::format("HTTP {}", response.status) : std::move(answer.error),
                   std::move(answer.error_description)};
  if (answer.access_token.empty() || !ascii_iequal(answer.token_type, "bearer"))
    return fail(ErrorKind::protocol, "the login server gave no bearer token");
  constexpr std::int64_t longest = 10LL * 365 * 86'400;
  const auto lifetime = std::clamp<std::int64_t>(answer.expires_in.value_or(0), 0, longest);
  return Tokens{.access = std::move(answer.access_token),
                .refresh = std::move(answer.refresh_token),
                .expires_ms = lifetime > 0 ? now + lifetime * 1000 : 0};
}

Error to_error(const Refusal& refusal) {
  if (refusal.error == "access_denied") return {ErrorKind::auth, "access was denied on the provider's page"};
  if (refusal.error == "expired_token") return {ErrorKind::auth, "the code was not entered in time"};
  auto text = fmt::format("the login server said {}", printable(refusal.error, most_words));
  if (!refusal.description.empty()) text += fmt::format(" ({})", printable(refusal.description, most_words));
  return {ErrorKind::auth, std::move(text)};
}

}  // namespace coi::oauth

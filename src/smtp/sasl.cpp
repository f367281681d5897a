#include "smtp/sasl.h"

#include <algorithm>
#include <array>

namespace coi::smtp {
namespace {

constexpr std::array password_mechanisms{Mechanism::scram_sha_256, Mechanism::plain, Mechanism::login};
constexpr std::array token_mechanisms{Mechanism::oauthbearer, Mechanism::xoauth2};

std::vector<Mechanism> offered_of(std::span<const Mechanism> known, std::span<const std::string> offered) {
  std::vector<Mechanism> both;
  std::ranges::copy_if(known, std::back_inserter(both),
                       [&](Mechanism m) { return std::ranges::find(offered, name(m)) != offered.end(); });
  return both;
}

}  // namespace

std::string_view name(Mechanism mechanism) {
  constexpr std::array<std::string_view, 5> names{"SCRAM-SHA-256", "PLAIN", "LOGIN", "OAUTHBEARER", "XOAUTH2"};
  return names[static_cast<std::size_t>(mechanism)];
}

Result<std::vector<Mechanism>> usable_mechanisms(std::span<const std::string> offered, const Credentials& credentials) {
  const auto with_password = offered_of(password_mechanisms, offered);
  const auto with_token = offered_of(token_mechanisms, offered);
  const bool has_token = !credentials.token.empty();
  const auto& usable = has_token ? with_token : with_password;
  if (!usable.empty()) return usable;
  if (!with_token.empty())
    return fail(ErrorKind::needs_oauth, "the server takes no password, only OAuth2", "log in with --oauth");
  if (!with_password.empty())
    return fail(ErrorKind::auth, "the server takes no OAuth2 token, only a password", "log in with a password");
  return fail(ErrorKind::not_allowed, offered.empty() ? "the server offers no login on this connection"
                                                      : fmt::format("the server offers only logins unknown here: {}",
                                                                    fmt::join(offered, ", ")));
}

SaslExchange::SaslExchange(Mechanism mechanism, Credentials credentials)
    : mechanism_(mechanism), credentials_(std::move(credentials)) {
  if (mechanism == Mechanism::scram_sha_256)
    scram_.emplace(credentials_.user, credentials_.password, credentials_.nonce);
}

Result<std::optional<std::string>> SaslExchange::initial_response() const {
  const auto& [user, password, token, nonce] = credentials_;
  if (user.contains('\0') || password.reveal().contains('\0') || user.contains('\x01') ||
      token.reveal().contains('\x01'))
    return fail(ErrorKind::invalid, "the user name or password holds a control character");
  std::string response;
  switch (mechanism_) {
    case Mechanism::scram_sha_256:
      return scram_->client_first();
    case Mechanism::login:
      return std::nullopt;
    case Mechanism::plain:  // RFC 4616: [authzid] NUL authcid NUL passwd
      response += '\0';
      response += user;
      response += '\0';
      response += password.reveal();
      return response;
    case Mechanism::oauthbearer:  // RFC 7628 3.1
      response = fmt::format(
          "n,a={},\x01"
          "auth=Bearer {}\x01\x01",
          saslname(user), token.reveal());
      return response;
    case Mechanism::xoauth2:  // developers.google.com, "XOAUTH2 Mechanism"
      response = fmt::format(
          "user={}\x01"
          "auth=Bearer {}\x01\x01",
          user, token.reveal());
      return response;
  }
  return fail(ErrorKind::internal, "unknown SASL mechanism");
}

Result<std::string> SaslExchange::respond(std::string_view challenge) {
  const int step = step_++;
  switch (mechanism_) {
    case Mechanism::scram_sha_256:
      return respond_scram(challenge);
    case Mechanism::login:  // "Username:", then "Password:"; the words vary, the order does not
      if (step == 0) return credentials_.user;
      if (step == 1) return std::string(credentials_.password.reveal());
      break;
    case Mechanism::oauthbearer:  // the challenge says why the token is refused, the answer lets the server say no
      if (step == 0) return "\x01";
      break;
    case Mechanism::xoauth2:
      if (step == 0) return "";
      break;
    case Mechanism::plain:
      break;
  }
  return fail(ErrorKind::protocol, fmt::format("the server asks once more during {}", name(mechanism_)));
}

Result<std::string> SaslExchange::respond_scram(std::string_view challenge) {
  switch (step_) {
    case 1:
      return scram_->client_final(challenge);
    case 2:
      COI_TRY(scram_->verify(challenge));
      return "";
    default:
      return fail(ErrorKind::protocol, "the server asks once more during SCRAM-SHA-256");
  }
}

Result<> SaslExchange::finish() const {
  if (scram_ && !scram_->verified())
    return fail(ErrorKind::auth, "the server has not proved that it knows the password");
  return {};
}

}  // namespace coi::smtp

#include "sasl/sasl.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>

#include "sasl/scram.h"

namespace coi::sasl {
namespace {

using namespace std::string_view_literals;

constexpr std::array password_mechanisms{Mechanism::scram_sha_256, Mechanism::plain, Mechanism::login};
constexpr std::array token_mechanisms{Mechanism::oauthbearer, Mechanism::xoauth2};

std::vector<Mechanism> offered_of(std::span<const Mechanism> known, std::span<const std::string> offered) {
  std::vector<Mechanism> both;
  std::ranges::copy_if(known, std::back_inserter(both),
                       [&](Mechanism m) { return std::ranges::find(offered, name(m)) != offered.end(); });
  return both;
}

// One allocation, so that no copy of a secret stays behind where a string has grown.
Secret joined(std::initializer_list<std::string_view> pieces) {
  std::size_t size = 0;
  for (const auto piece : pieces) size += piece.size();
  std::string all;
  all.reserve(size);
  for (const auto piece : pieces) all += piece;
  return Secret(std::move(all));
}

// NUL separates in PLAIN, %x01 in the OAuth mechanisms.
bool is_sayable(const Credentials& credentials) {
  const auto& user = credentials.user;
  return !user.contains('\0') && !user.contains('\x01') && !credentials.password.reveal().contains('\0') &&
         !credentials.token.reveal().contains('\x01');
}

// message = [authzid] NUL authcid NUL passwd    (RFC 4616)
Secret plain(const Credentials& c) { return joined({"\0"sv, c.user, "\0"sv, c.password.reveal()}); }

// "n,a=" saslname "," kvsep "host=" … kvsep "port=" … kvsep "auth=Bearer " token kvsep kvsep; kvsep = %x01
// (RFC 7628 section 3.1, gs2-header of RFC 5801 section 4)
Secret oauthbearer(const Credentials& c) {
  const auto host = c.host.empty() ? std::string() : fmt::format("host={}\x01", c.host);
  const auto port = c.port == 0 ? std::string() : fmt::format("port={}\x01", c.port);
  return joined({"n,a=", scram::saslname(c.user), ",\x01", host, port, "auth=Bearer ", c.token.reveal(), "\x01\x01"});
}

// Before RFC 7628; what Google and Microsoft speak (developers.google.com, "XOAUTH2 Mechanism").
Secret xoauth2(const Credentials& c) {
  return joined({"user=", c.user, "\x01", "auth=Bearer ", c.token.reveal(), "\x01\x01"});
}

}  // namespace

std::string_view name(Mechanism mechanism) {
  constexpr std::array<std::string_view, 5> names{"SCRAM-SHA-256", "PLAIN", "LOGIN", "OAUTHBEARER", "XOAUTH2"};
  static_assert(names.size() == static_cast<std::size_t>(Mechanism::xoauth2) + 1);
  return names[static_cast<std::size_t>(mechanism)];
}

Result<std::vector<Mechanism>> usable_mechanisms(std::span<const std::string> offered, const Credentials& credentials) {
  auto with_password = offered_of(password_mechanisms, offered);
  auto with_token = offered_of(token_mechanisms, offered);
  auto& usable = credentials.has_token() ? with_token : with_password;
  if (!usable.empty()) return std::move(usable);
  if (!with_token.empty())
    return fail(ErrorKind::needs_oauth, "the server takes no password, only OAuth2", "log in with --oauth");
  if (!with_password.empty())
    return fail(ErrorKind::auth, "the server takes no OAuth2 token, only a password", "log in with a password");
  if (offered.empty()) return fail(ErrorKind::not_allowed, "the server offers no login on this connection");
  return fail(ErrorKind::not_allowed,
              fmt::format("the server offers only logins unknown here: {}", fmt::join(offered, ", ")));
}

bool is_for_token(std::string_view mechanism) {
  return std::ranges::find(token_mechanisms, mechanism, name) != token_mechanisms.end();
}

Result<Exchange> Exchange::begin(Mechanism mechanism, Credentials credentials) {
  if (!is_sayable(credentials))
    return fail(ErrorKind::invalid, "the user name, password or token holds a control character");
  if (mechanism == Mechanism::scram_sha_256 && credentials.nonce.empty())
    return fail(ErrorKind::internal, "SCRAM-SHA-256 without a nonce");
  return Exchange(mechanism, std::move(credentials));
}

Exchange::Exchange(Mechanism mechanism, Credentials credentials)
    : mechanism_(mechanism), credentials_(std::move(credentials)) {}

std::optional<Secret> Exchange::initial_response() const {
  switch (mechanism_) {
    case Mechanism::scram_sha_256:
      return Secret(scram::client_first(credentials_.user, credentials_.nonce));
    case Mechanism::plain:
      return plain(credentials_);
    case Mechanism::oauthbearer:
      return oauthbearer(credentials_);
    case Mechanism::xoauth2:
      return xoauth2(credentials_);
    case Mechanism::login:
      break;
  }
  return std::nullopt;
}

Result<Secret> Exchange::respond(std::string_view challenge) {
  const int turn = challenges_++;
  switch (mechanism_) {
    case Mechanism::scram_sha_256:
      if (turn <= 1) return respond_scram(challenge);
      break;
    case Mechanism::login:  // "Username:", then "Password:"; the words vary, the order does not
      if (turn == 0) return Secret(credentials_.user);
      if (turn == 1) return credentials_.password;
      break;
    case Mechanism::oauthbearer:  // the challenge says why the token is refused, the answer lets the server say no
      if (turn == 0) return Secret("\x01");
      break;
    case Mechanism::xoauth2:
      if (turn == 0) return Secret();
      break;
    case Mechanism::plain:
      break;
  }
  return fail(ErrorKind::protocol, fmt::format("the server asks once more during {}", name(mechanism_)));
}

Result<Secret> Exchange::respond_scram(std::string_view challenge) {
  if (server_signature_.empty()) {
    const auto& [user, password, token, host, port, nonce] = credentials_;
    auto final = COI_TRY(scram::client_final(user, password, nonce, challenge));
    server_signature_ = std::move(final.server_signature);
    return Secret(std::move(final.message));
  }
  COI_TRY(scram::verify(challenge, server_signature_));
  server_proved_ = true;
  return Secret();
}

Result<> Exchange::finish() const {
  if (mechanism_ != Mechanism::scram_sha_256 || server_proved_) return {};
  return scram::unproved("the server did not prove that it knows the password");
}

}  // namespace coi::sasl

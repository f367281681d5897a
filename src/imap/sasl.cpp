#include "imap/sasl.h"

#include <utility>

#include <fmt/format.h>

namespace coi::imap {

// message = [authzid] NUL authcid NUL passwd
Sasl Sasl::plain(std::string_view user, const Secret& password) {
  std::string message;
  message.append(1, '\0').append(user).append(1, '\0').append(password.reveal());
  return {"PLAIN", OneMessage{Secret(std::move(message)), "", false}};
}

Sasl Sasl::scram_sha256(std::string_view user, Secret password, std::string nonce) {
  return {"SCRAM-SHA-256", ScramSha256(user, std::move(password), std::move(nonce))};
}

// "n,a=" user "," kvsep "host=" … kvsep "port=" … kvsep "auth=Bearer " token kvsep kvsep; kvsep = %x01
Sasl Sasl::oauthbearer(std::string_view user, std::string_view host, std::uint16_t port, const Secret& token) {
  return {"OAUTHBEARER", OneMessage{Secret(fmt::format("n,a={},\x01host={}\x01port={}\x01"
                                                       "auth=Bearer {}\x01\x01",
                                                       user, host, port, token.reveal())),
                                    "\x01", true}};
}

Sasl Sasl::xoauth2(std::string_view user, const Secret& token) {
  return {"XOAUTH2", OneMessage{Secret(fmt::format("user={}\x01"
                                                   "auth=Bearer {}\x01\x01",
                                                   user, token.reveal())),
                                "", true}};
}

Secret Sasl::initial_response() const {
  if (const auto* scram = std::get_if<ScramSha256>(&exchange_)) return Secret(scram->client_first());
  return std::get<OneMessage>(exchange_).message;
}

Result<Secret> Sasl::answer(std::string_view challenge) {
  if (auto* scram = std::get_if<ScramSha256>(&exchange_)) return Secret(COI_TRY(scram->answer(challenge)));
  const auto& one = std::get<OneMessage>(exchange_);
  if (!one.may_be_challenged) return fail(ErrorKind::protocol, fmt::format("a challenge within {}", mechanism_));
  return Secret(one.farewell);
}

Result<> Sasl::check_success() const {
  const auto* scram = std::get_if<ScramSha256>(&exchange_);
  if (scram != nullptr && !scram->verified())
    return fail(ErrorKind::auth, "the server did not prove that it knows the password",
                "This may be somebody else's server. Do not give it the password.");
  return {};
}

}  // namespace coi::imap

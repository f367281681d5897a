// Logging in with SASL (RFC 4422), client side: the mechanisms mail servers offer. Knows nothing of SMTP.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "smtp/scram.h"

namespace coi::smtp {

struct Credentials {
  std::string user;
  Secret password{};    // one of the two: a password,
  Secret token{};       // or an OAuth2 access token
  std::string nonce{};  // for SCRAM, see Scram
};

enum class Mechanism : std::uint8_t { scram_sha_256, plain, login, oauthbearer, xoauth2 };

std::string_view name(Mechanism mechanism);

// Those of `offered` (upper case) that these credentials can serve, best first: SCRAM-SHA-256, PLAIN, LOGIN for a
// password; OAUTHBEARER, XOAUTH2 for a token. Errors: needs_oauth when a password cannot serve but a token could; auth
// the other way round; not_allowed when nothing we speak is offered.
Result<std::vector<Mechanism>> usable_mechanisms(std::span<const std::string> offered, const Credentials& credentials);

// One exchange. Messages are raw octets; Base64 is the protocol's.
class SaslExchange {
 public:
  SaslExchange(Mechanism mechanism, Credentials credentials);

  Mechanism mechanism() const { return mechanism_; }
  // What may go along with the command that starts the exchange; nullopt when the server speaks first (LOGIN).
  // Error invalid: a user name, password or token that the mechanism cannot carry.
  Result<std::optional<std::string>> initial_response() const;
  // Our answer to a challenge. Errors: protocol for challenges out of turn, and Scram's.
  Result<std::string> respond(std::string_view challenge);
  // When the server reports success: an error if it owes us its proof (RFC 5802 5).
  Result<> finish() const;

 private:
  Result<std::string> respond_scram(std::string_view challenge);

  Mechanism mechanism_;
  Credentials credentials_;
  std::optional<Scram> scram_;
  int step_ = 0;  // challenges answered
};

}  // namespace coi::smtp

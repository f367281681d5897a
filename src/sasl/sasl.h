// Logging in with SASL (RFC 4422), client side: the mechanisms that mail servers offer. Knows no protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

namespace coi::sasl {

struct Credentials {
  std::string user = {};
  Secret password = {};    // one of the two: a password,
  Secret token = {};       // or an OAuth2 access token
  std::string host = {};   // as connected to; OAUTHBEARER repeats host
  std::uint16_t port = 0;  // and port (0: left out)
  std::string nonce = {};  // for SCRAM: fresh for every exchange, printable without ",": hash::random_token(24)

  bool has_token() const { return !token.empty(); }
};

enum class Mechanism : std::uint8_t { scram_sha_256, plain, login, oauthbearer, xoauth2 };

std::string_view name(Mechanism mechanism);  // as servers announce it: "SCRAM-SHA-256"

// Those of `offered` (upper case) that these credentials can serve, best first: SCRAM-SHA-256, PLAIN, LOGIN for a
// password; OAUTHBEARER, XOAUTH2 for a token. Errors: needs_oauth when a password cannot serve but a token could; auth
// the other way round; not_allowed when nothing we speak is offered.
Result<std::vector<Mechanism>> usable_mechanisms(std::span<const std::string> offered, const Credentials& credentials);

// `mechanism`: as offered, in upper case.
bool is_for_token(std::string_view mechanism);

// One exchange. Messages are raw octets; Base64 is the protocol's.
class Exchange {
 public:
  // Errors: invalid for a user name, password or token that the mechanism cannot carry; internal without a nonce where
  // one is needed.
  static Result<Exchange> begin(Mechanism mechanism, Credentials credentials);

  Mechanism mechanism() const { return mechanism_; }
  // What the client says first, always the same; nullopt when the server does (LOGIN).
  std::optional<Secret> initial_response() const;
  // Our answer to a challenge. Errors: protocol for a challenge out of turn or without sense; auth when the server
  // cannot prove that it knows the password, or says that ours is wrong; limit when it wants absurdly much work.
  Result<Secret> respond(std::string_view challenge);
  // To be asked when the server reports success: error auth if it owes us its proof (RFC 5802 section 5).
  Result<> finish() const;

 private:
  Exchange(Mechanism mechanism, Credentials credentials);

  Result<Secret> respond_scram(std::string_view challenge);

  Mechanism mechanism_;
  Credentials credentials_;
  int challenges_ = 0;          // answered
  Secret server_signature_;     // SCRAM: the proof we expect
  bool server_proved_ = false;  // SCRAM
};

}  // namespace coi::sasl

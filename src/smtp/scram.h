// SCRAM-SHA-256 (RFC 5802, RFC 7677), client side, without channel binding.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace coi::smtp {

// A user name inside a GS2 header or a SCRAM message (RFC 5801 4, RFC 5802 5.1): "," and "=" are escaped.
std::string saslname(std::string_view user);

// client_first(), then client_final() with the server's first message, then verify() with its final one. The messages
// are as in RFC 5802 5.1, before Base64.
class Scram {
 public:
  // `nonce`: at least 18 random octets in printable ASCII without a comma, new for every exchange. The password goes in
  // as it is: RFC 4013 changes nothing about ASCII and little about what people type.
  Scram(std::string user, Secret password, std::string nonce);

  std::string client_first() const;
  // Errors: protocol for a message that makes no sense or answers another exchange, limit for absurd iteration counts.
  Result<std::string> client_final(std::string_view server_first);
  // The server proves that it knows the password too. Errors: auth when it cannot, or says that ours is wrong.
  Result<> verify(std::string_view server_final);

  bool verified() const { return verified_; }

 private:
  std::string client_first_bare() const;

  std::string user_;
  Secret password_;
  std::string nonce_;
  std::string server_signature_;
  bool verified_ = false;
};

}  // namespace coi::smtp

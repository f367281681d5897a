// The client's side of an authentication exchange (RFC 4422). Messages are raw; the session puts them into Base64.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/result.h"
#include "base/secret.h"
#include "imap/scram.h"

namespace coi::imap {

class Sasl {
 public:
  static Sasl plain(std::string_view user, const Secret& password);  // RFC 4616
  static Sasl scram_sha256(std::string_view user, Secret password, std::string nonce);
  // RFC 7628. Host and port as they were connected to.
  static Sasl oauthbearer(std::string_view user, std::string_view host, std::uint16_t port, const Secret& token);
  // Before RFC 7628; what Google and Microsoft speak.
  static Sasl xoauth2(std::string_view user, const Secret& token);

  std::string_view mechanism() const { return mechanism_; }
  // All mechanisms here let the client speak first.
  Secret initial_response() const;
  Result<Secret> answer(std::string_view challenge);
  // To be asked when the server says OK: error `auth` if it owes us a proof.
  Result<> check_success() const;

 private:
  // One message says it all. To a challenge after that, which tells why it was refused, goes `farewell`.
  struct OneMessage {
    Secret message;
    std::string farewell;
    bool may_be_challenged;
  };

  Sasl(std::string_view mechanism, std::variant<OneMessage, ScramSha256> exchange)
      : mechanism_(mechanism), exchange_(std::move(exchange)) {}

  std::string_view mechanism_;  // a literal
  std::variant<OneMessage, ScramSha256> exchange_;
};

}  // namespace coi::imap

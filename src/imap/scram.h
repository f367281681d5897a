// The client's side of SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677).
//
//   client first   n,,n=<user>,r=<nonce>
//   server first   r=<nonce, lengthened>,s=<salt>,i=<iterations>
//   client final   c=biws,r=<nonce, lengthened>,p=<proof>
//   server final   v=<signature>, or e=<error>
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace coi::imap {

class ScramSha256 {
 public:
  // `nonce`: fresh for every exchange, 18 random octets or more, printable without ",": hash::random_token(24).
  // User and password are used as they are; SASLprep (RFC 4013) changes neither for plain ASCII.
  ScramSha256(std::string_view user, Secret password, std::string nonce);

  std::string client_first() const;
  // The next message for a message of the server. Errors: `protocol`; `auth` when the server cannot prove that it knows
  // the password, or says so itself; `limit` when it asks for absurdly many iterations.
  Result<std::string> answer(std::string_view message);
  // The server has proved that it knows the password; a login without that is none.
  bool verified() const { return verified_; }

 private:
  Result<std::string> client_final(std::string_view server_first);
  Result<std::string> check(std::string_view server_final);

  std::string first_bare_;
  std::string nonce_;
  Secret password_;
  std::string server_signature_;  // expected; empty until the proof was sent
  bool verified_ = false;
};

}  // namespace coi::imap

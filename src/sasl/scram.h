// SCRAM-SHA-256 without channel binding (RFC 5802, RFC 7677), client side. Inside sasl::Exchange only.
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

namespace coi::sasl::scram {

// A user name inside a GS2 header or a SCRAM message (RFC 5801 section 4, RFC 5802 section 5.1).
std::string saslname(std::string_view user);

std::string client_first(std::string_view user, std::string_view nonce);

struct ClientFinal {
  std::string message;
  Secret server_signature;  // what the server has to answer to prove that it knows the password too
};

// User and password are used as they are; SASLprep (RFC 4013) changes neither for ASCII. Errors: protocol for a message
// that makes no sense or answers another exchange, limit for absurdly many iterations.
Result<ClientFinal> client_final(std::string_view user, const Secret& password, std::string_view nonce,
                                 std::string_view server_first);

// Errors: auth when the server has no proof, or says that ours is wrong.
Result<> verify(std::string_view server_final, const Secret& server_signature);

// Error auth, with a warning for the user.
std::unexpected<Error> unproved(std::string what);

}  // namespace coi::sasl::scram

// What went wrong, in a form that a caller can branch on and a user can read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coi::inline base {

// What a caller can do about it. The words (name()) are part of the JSON-RPC interface and never change.
enum class ErrorKind : std::uint8_t {
  invalid,      // the input makes no sense; saying it again will not help
  not_found,    // no such chat, message, account, host …
  not_allowed,  // understood and refused
  network,      // unreachable, refused, lost, timed out; trying again later is sensible
  tls,          // certificate or handshake; never retried silently
  auth,         // the server rejected the credentials
  needs_oauth,  // the server takes no password, only OAuth2
  protocol,     // the peer spoke nonsense, or refused a command it should know
  io,           // a file or database operation failed
  full,         // disk or mailbox full
  locked,       // somebody else holds it (database, keyring, data directory)
  corrupt,      // stored data is damaged
  limit,        // larger, deeper or longer than we accept
  cancelled,    // the caller or a shutdown asked to stop
  crypto,       // encryption or decryption impossible
  ambiguous,    // several things may be meant: chats of one name, accounts
  internal,     // a bug of ours
};

std::string_view name(ErrorKind kind);

class Error {
 public:
  // `text`: one lower-case clause without a full stop, what failed and why. `hint`: what the user can do, or empty.
  Error(ErrorKind kind, std::string text, std::string hint = {});

  ErrorKind kind() const { return kind_; }
  const std::string& hint() const { return hint_; }

  // The whole chain, outermost context first: "cannot log in: certificate has expired".
  std::string text() const;

  // Adds what was being done, outside of what is there already.
  Error&& within(std::string what) &&;
  Error&& with_hint(std::string hint) &&;

 private:
  ErrorKind kind_;
  std::vector<std::string> chain_;  // innermost first
  std::string hint_;
};

}  // namespace coi::inline base

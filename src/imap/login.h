// From the server's greeting to a session that is ready for use: [STARTTLS], CAPABILITY, the best way to authenticate,
// ID, ENABLE, NAMESPACE, [COMPRESS].
//
//   password   SCRAM-SHA-256, else PLAIN, else LOGIN          token   OAUTHBEARER, else XOAUTH2
//
// Errors: `auth` rejected, with the server's words; `needs_oauth` the server takes nothing but OAuth; `not_allowed` no
// encryption where it is wanted by either side, or no way to authenticate in common; `network` try again later (down,
// too many connections); `protocol`.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/secret.h"
#include "imap/session.h"

namespace coi::imap {

enum class Security : std::uint8_t {
  tls,       // the connection is encrypted from its first octet
  starttls,  // it becomes so before anything else is said; a server that will not is refused
  none,      // everything in clear; for servers on this machine
};

enum class Credential : std::uint8_t { password, oauth_token };

struct LoginOptions {
  std::string host = {};  // as connected to; OAUTHBEARER repeats both
  std::uint16_t port = 993;
  Security security = Security::tls;
  std::string user = {};
  Credential credential = Credential::password;
  Secret secret = {};
  std::string nonce = {};           // fresh and unpredictable: hash::random_token(24)
  std::string client_name = {};     // for ID (RFC 2971); empty: no ID is sent
  std::string client_version = {};  //
  bool compress = false;            // if the server can (RFC 4978)
};

enum class LoginStep : std::uint8_t {
  going_on,
  start_tls,          // do the handshake, call Session::tls_started(), then resume()
  start_compression,  // likewise with compression_started()
  done,
};

class Login {
 public:
  explicit Login(LoginOptions options) : options_(std::move(options)) {}

  // Every event of the session from its first one on, until `done` or an error; Alert is for the caller to show.
  Result<LoginStep> take(Session& session, const Event& event);
  Result<LoginStep> resume(Session& session);

  // Valid when done. Empty if the server did not tell.
  const Namespaces& namespaces() const { return namespaces_; }
  const ServerId& server() const { return server_; }

 private:
  enum class Phase : std::uint8_t {
    greeting,
    starttls,
    capability,
    authenticate,
    capability_again,
    extras,
    compress,
    done
  };

  Result<LoginStep> greeted(Session& session, const Status& status);
  Result<LoginStep> completed(Session& session, const Completed& completed);
  LoginStep ask_capabilities(Session& session, Phase phase);
  Result<LoginStep> authenticate(Session& session);
  Result<Command> best_command(const Capabilities& offered) const;
  Result<Command> best_password_command(const Capabilities& offered) const;
  Error rejected(const Status& status, const Capabilities& offered) const;
  LoginStep logged_in(Session& session);
  LoginStep ask_extras(Session& session);
  LoginStep after_extras(Session& session);

  LoginOptions options_;
  Phase phase_ = Phase::greeting;
  std::set<CommandId> asked_;  // what the phase waits for
  Capabilities offered_;       // before logging in
  Namespaces namespaces_;
  ServerId server_;
};

}  // namespace coi::imap

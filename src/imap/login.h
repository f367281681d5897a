// From the server's greeting to a session that is ready for use: [STARTTLS], CAPABILITY, the best way to authenticate,
// ID, ENABLE, NAMESPACE, [COMPRESS].
//
// The best way: the first of sasl::usable_mechanisms(); the command LOGIN counts as the mechanism of that name.
//
// Errors: `auth` rejected, with the server's words, or the server takes no tokens; `needs_oauth` it takes nothing else;
// `not_allowed` no encryption where it is wanted by either side, or no way to authenticate in common; `network` try
// again later (down, too many connections); `protocol`.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "imap/session.h"
#include "sasl/sasl.h"

namespace coi::imap {

enum class Security : std::uint8_t {
  tls,       // the connection is encrypted from its first octet
  starttls,  // it becomes so before anything else is said; a server that will not is refused
  none,      // everything in clear; for servers on this machine
};

struct LoginOptions {
  sasl::Credentials credentials = {};
  Security security = Security::tls;
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

  // What the server says now is for the user: it comes over the connection that was wanted.
  bool is_secure() const { return options_.security != Security::starttls || secured_; }

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
  Error rejected(const Status& status) const;
  LoginStep logged_in(Session& session);
  LoginStep ask_extras(Session& session);
  LoginStep after_extras(Session& session);

  LoginOptions options_;
  Phase phase_ = Phase::greeting;
  std::set<CommandId> asked_;            // what the phase waits for
  std::vector<std::string> mechanisms_;  // that the server offers
  bool secured_ = false;                 // STARTTLS is done
  Namespaces namespaces_;
  ServerId server_;
};

}  // namespace coi::imap

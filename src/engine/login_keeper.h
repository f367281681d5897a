// Who may show an account's login to its servers, so that a password that was changed elsewhere does not lock it:
// providers count what they reject, over all connections and protocols.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "base/error.h"
#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"
#include "engine/config.h"
#include "net/endpoint.h"
#include "net/waker.h"

namespace coi::engine {

// One for each account; every worker asks it. After two rejections, IMAP's and SMTP's together, nothing is tried any
// more until the user acts: another login, or a wish to fetch or send now, which is good for one more try. A restart of
// the program is no act of the user: what was rejected is remembered in the account's folder.
//
// A service whose login was accepted while the other's was rejected goes on: there the password is right. So does one
// that was logged in when the other's was first rejected, until it is rejected itself.
class LoginKeeper {
 public:
  // Reads what the last run left in `directory`.
  LoginKeeper(const AccountConfig& config, std::filesystem::path directory, Log log);

  // Why this service is not to be asked now, as the server said it; absent: it may be.
  std::optional<Error> refusal(net::Service service) const;
  // The token that was rejected last, or empty: it needs no second showing.
  Secret rejected_token() const;

  // A login on its way; held as long as the connection that it leads to.
  using Turn = std::shared_ptr<const void>;
  // Once connected, before the login is shown. Waits while those of other workers might be the last that are allowed,
  // half a minute at most. Errors: refusal(), cancelled.
  Result<Turn> begin(net::Service service, const net::Waker& waker);
  void accepted(net::Service service);
  // `why`: ErrorKind auth or needs_oauth. The result is what to tell the user. A token that several workers showed at
  // once counts once.
  Error rejected(net::Service service, const Secret& secret, Error why);

  // The user wants it tried once more.
  void user_acts();

  // What another login makes of no account.
  static void forget(const std::filesystem::path& directory);

 private:
  struct State;
  std::shared_ptr<State> state_;  // turns may outlive the keeper
};

}  // namespace coi::engine

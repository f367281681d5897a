// All accounts of one data directory.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "engine/account.h"
#include "oauth/flow.h"
#include "store/repair.h"

namespace coi::engine {

enum class OAuthFlow : std::uint8_t {
  browser,            // on this machine
  device,             // any other one (RFC 8628)
  device_if_offered,  // else the browser
};

// A login that the user carries out on the provider's page.
struct OAuthRequest {
  oauth::Registration at;  // what is not given comes from the account as it was, the user's list, autoconfig, metadata
  OAuthFlow flow = OAuthFlow::browser;
  std::function<void(const oauth::Prompt&)> show = [](const auto&) {};
  std::function<void()> answered = [] {};              // the user has done it
  std::function<bool()> wanted = [] { return true; };  // false: given up
};

struct LoginRequest {
  std::string addr;
  std::string name;
  std::optional<std::string> imap_url, smtp_url;  // absent: found (discover.h)
  // Told of found servers that get nothing before the user agrees, which is to name them: the DNS alone says so.
  std::function<void(const std::string& imap_url, const std::string& smtp_url)> doubt = [](const auto&, const auto&) {};
  std::string user;  // empty: the address
  std::string tls_ca;
  AuthKind auth = AuthKind::password;
  Secret password;                       // password
  std::string token_command;             // token_command
  OAuthRequest oauth;                    // oauth
  std::optional<secrets::Mode> secrets;  // absent: the keyring where one answers, else a file
  std::stop_token stop;                  // ends it with ErrorKind::cancelled, whatever it waits for
};

inline constexpr std::uint64_t longest_undo = chat::longest_undo / 1000;  // seconds

// What the user may change of an account without logging in again.
struct Settings {
  std::optional<std::string> name;         // display name
  std::optional<std::string> signature;    // stands below what is written here
  std::optional<bool> receipts;            // read receipts are sent, and asked for
  std::optional<std::string> sent_folder;  // AccountConfig
  std::optional<std::uint64_t> undo_send;  // seconds, longest_undo at most
  std::optional<bool> hold_at_server;
};

class Engine {
 public:
  // Creates the directory (0700) if needed, locks it, opens every account in it. Errors: locked (another daemon), io.
  // An account whose own files cannot be opened is listed with its problem and does not stop the others.
  static Result<std::unique_ptr<Engine>> open(std::filesystem::path data, Environment environment, EventSink sink);
  ~Engine();

  // Finds the servers, checks that both accept the login, stores the account and starts it. Blocks for the network;
  // nothing is stored unless all of it worked. Logging in again to a known address replaces its servers and password
  // and keeps its settings. Several may run at once, but not of one address.
  // Errors: auth, needs_oauth, tls, network, not_allowed (clear text, servers that the user has to agree to), invalid.
  Result<std::shared_ptr<Account>> login(const LoginRequest& request,
                                         std::function<void(std::string_view step)> progress);
  // Stores the settings and begins anew with them. Errors: not_found, invalid, io, full; why the account cannot be
  // opened.
  Result<> change(std::string_view addr, const Settings& settings);
  // For the end of the program: a login that waits for the network ends with ErrorKind::cancelled, and so does every
  // later one.
  void cancel_logins();
  // Makes a new database for the account, of what can be read of the damaged one and of what lies on the server
  // (store/repair.h), and opens the account with it. Errors: not_found, not_allowed, full, io, cancelled; why the
  // account cannot be opened.
  Result<store::Repaired> repair(std::string_view addr);
  // Stops the account and removes all that this device keeps of it; nothing on the server. Errors: not_found.
  Result<> logout(std::string_view addr);

  struct Entry {
    AccountConfig config;
    std::shared_ptr<Account> account;  // null: it could not be opened, for this reason; it is tried again now and then
    std::optional<Error> problem;
    bool held = false;  // not tried again: it is being repaired, or is what a logout could not remove
  };
  std::vector<Entry> accounts() const;
  // The network came back: Account::network_changed() of every account that is open.
  void network_changed() const;
  // By address or id; empty: the only account, or the one chosen by use(). One whose own file cannot be read is meant
  // by its id, or where there is no other. Errors: not_found, invalid (several).
  Result<Entry> entry(std::string_view addr) const;
  // The same. Error also: its problem when it could not be opened.
  Result<std::shared_ptr<Account>> account(std::string_view addr) const;
  Result<> use(std::string_view addr);
  std::optional<std::string> used() const;  // address

  struct Impl;

 private:
  explicit Engine(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coi::engine

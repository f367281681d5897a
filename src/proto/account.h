// Accounts: what they are, how they are doing, and the requests about them. A request's `account` is an address or an
// id; empty means the only account, or the one chosen by `use`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "json/codec.h"
#include "json/describe.h"

namespace coi::proto {

enum class Auth : std::uint8_t { password, token_command, oauth };
BOOST_DESCRIBE_ENUM(Auth, password, token_command, oauth)

enum class SecretsPlace : std::uint8_t { keyring, file };
BOOST_DESCRIBE_ENUM(SecretsPlace, keyring, file)

// Where chat mail lives on the server (C-87).
enum class Filter : std::uint8_t { none, active, seen };
BOOST_DESCRIBE_ENUM(Filter, none, active, seen)

struct Account {
  std::string id;  // never changes; other objects name it in `account`
  std::string addr;
  std::string name;
  std::string user;        // login name
  std::string imap, smtp;  // URLs
  Auth auth = Auth::password;
  SecretsPlace secrets = SecretsPlace::file;
  bool used = false;     // stands for requests that name no account
  bool removed = false;  // in events: it is no longer here
  std::string problem;   // why it cannot be opened; empty when it can
};
BOOST_DESCRIBE_STRUCT(Account, (), (id, addr, name, user, imap, smtp, auth, secrets, used, removed, problem))

enum class ConnectionState : std::uint8_t {
  offline,  // trying again later
  connecting,
  syncing,   // connected, fetching
  online,    // up to date, and told of what is new
  rejected,  // the server takes the password or token no more
};
BOOST_DESCRIBE_ENUM(ConnectionState, offline, connecting, syncing, online, rejected)

struct Quota {
  std::uint64_t used_kb = 0;
  std::uint64_t limit_kb = 0;
};
BOOST_DESCRIBE_STRUCT(Quota, (), (used_kb, limit_kb))

struct Connection {
  ConnectionState state = ConnectionState::offline;
  std::optional<json::Rfc3339> since;
  std::string problem;            // why it is not online
  std::string sending_problem;    // why messages wait
  std::string hint;               // what the user can do
  bool connection_limit = false;  // the provider allows too few connections: one is used in turns
  bool coi = false;               // the server knows COI …
  bool coi_enabled = false;       // … and it is switched on for the account
  bool webpush = false;
  Filter filter = Filter::none;
  std::vector<std::string> offers;  // of the server's abilities those that we use: IDLE, NOTIFY, QRESYNC …
  std::string tls;                  // "TLSv1.3 …"
  std::optional<Quota> quota;
  std::string alert;  // the server's last words for the user (RFC 3501 7.1)
};
BOOST_DESCRIBE_STRUCT(Connection, (),
                      (state, since, problem, sending_problem, hint, connection_limit, coi, coi_enabled, webpush,
                       filter, offers, tls, quota, alert))

// Mails that are here, of those that lie on the server.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  bool finished = false;
};
BOOST_DESCRIBE_STRUCT(Progress, (), (done, total, finished))

struct Queue {
  std::int64_t outgoing = 0;    // mails with a recipient still open
  std::int64_t scheduled = 0;   // mails that wait here for their time
  std::int64_t jobs = 0;        // changes that the mailbox has yet to hear of
  std::int64_t sent_today = 0;  // recipients accepted in the last 24 hours
};
BOOST_DESCRIBE_STRUCT(Queue, (), (outgoing, scheduled, jobs, sent_today))

struct Status {
  std::string account;
  std::string addr;
  Connection connection;
  Progress progress;
  Queue queue;
  SecretsPlace secrets = SecretsPlace::file;
  std::int64_t messages = 0;
  std::int64_t unreadable = 0;  // mails that could not be read
  std::string problem;          // why it cannot be opened; the rest says nothing then. Empty when it can
};
BOOST_DESCRIBE_STRUCT(Status, (), (account, addr, connection, progress, queue, secrets, messages, unreadable, problem))

// The result of a request that has nothing to say.
struct Done {};
BOOST_DESCRIBE_STRUCT(Done, (), ())

enum class OAuthFlow : std::uint8_t {
  browser,            // on this machine
  device,             // any other one, with a code to type (RFC 8628)
  device_if_offered,  // else the browser
};
BOOST_DESCRIBE_ENUM(OAuthFlow, browser, device, device_if_offered)

// What is left out comes from the account as it was, the user's oauth.json, the domain's autoconfig file, and the
// issuer's metadata (RFC 8414).
struct OAuthLogin {
  std::string issuer;                   // URL of the authorization server
  std::string client_id;                // under which this program is registered there
  std::optional<Secret> client_secret;  // if the provider gave one with it
  std::string scope;                    // words with a space between them
  OAuthFlow flow = OAuthFlow::browser;
};
BOOST_DESCRIBE_STRUCT(OAuthLogin, (), (issuer, client_id, client_secret, scope, flow))

struct Login {
  static constexpr std::string_view method = "login";
  using Result = Account;

  std::string addr;
  std::string name;                       // display name
  std::optional<std::string> imap, smtp;  // imaps://host:993, imap://host:143 …; absent: found
  std::string user;                       // login name; empty: the address
  std::string tls_ca;                     // file with additional root certificates
  std::optional<Secret> password;
  std::string token_command;            // prints an OAuth2 access token; run again on expiry
  std::optional<OAuthLogin> oauth;      // the user logs in on a page, which a login_step names
  std::optional<SecretsPlace> secrets;  // absent: the keyring where one answers, else a file
  static constexpr std::string_view required[] = {"addr"};
};
BOOST_DESCRIBE_STRUCT(Login, (), (addr, name, imap, smtp, user, tls_ca, password, token_command, oauth, secrets))

// While a login runs, to the connection that asked: what is being tried.
struct LoginStep {
  json::Value request;                   // id of the login
  std::string step;                      // "logging in to imap.example.org:993"
  std::optional<std::string> url = {};   // the user has to open it in a browser …
  std::optional<std::string> code = {};  // … and to type this there
  // Before the login is refused (not_allowed): servers that lie outside of the address's domain, and that nothing but
  // the DNS names, which can be forged. A user who agrees logs in again with these.
  std::optional<std::string> imap = {}, smtp = {};
};
BOOST_DESCRIBE_STRUCT(LoginStep, (), (request, step, url, code, imap, smtp))

struct RepairedAccount {
  std::string account;
  std::string addr;
  bool sound = false;                   // the database was not damaged, and nothing was changed
  std::string kept;                     // the damaged file as it was
  std::int64_t messages = 0;            // that could be read of it, …
  std::int64_t chats = 0;               // … like all of these
  std::int64_t contacts = 0;            // whom the user knows
  std::int64_t waiting = 0;             // messages that wait to be sent
  std::vector<std::string> incomplete;  // of what something could not be read: "messages", "contacts" …
};
BOOST_DESCRIBE_STRUCT(RepairedAccount, (), (account, addr, sound, kept, messages, chats, contacts, waiting, incomplete))

struct Logout {
  static constexpr std::string_view method = "logout";
  using Result = Done;

  std::string account;
  static constexpr std::string_view required[] = {"account"};
};
BOOST_DESCRIBE_STRUCT(Logout, (), (account))

struct RepairAccount {
  static constexpr std::string_view method = "repair";
  using Result = RepairedAccount;

  std::string account;
  static constexpr std::string_view required[] = {"account"};
};
BOOST_DESCRIBE_STRUCT(RepairAccount, (), (account))

struct AccountList {
  std::vector<Account> accounts;  // in the order in which they were added
};
BOOST_DESCRIBE_STRUCT(AccountList, (), (accounts))

struct ListAccounts {
  static constexpr std::string_view method = "accounts";
  using Result = AccountList;
};
BOOST_DESCRIBE_STRUCT(ListAccounts, (), ())

struct UseAccount {
  static constexpr std::string_view method = "use";
  using Result = Account;

  std::string account;
  static constexpr std::string_view required[] = {"account"};
};
BOOST_DESCRIBE_STRUCT(UseAccount, (), (account))

struct GetStatus {
  static constexpr std::string_view method = "status";
  using Result = Status;

  std::string account;
};
BOOST_DESCRIBE_STRUCT(GetStatus, (), (account))

struct Sync {
  static constexpr std::string_view method = "sync";
  using Result = Done;

  std::string account;
  bool wait = false;  // the reply comes when all that is new has been applied
};
BOOST_DESCRIBE_STRUCT(Sync, (), (account, wait))

struct AccountSettings {
  std::string account;
  std::string addr;
  std::string name;       // shown to others beside the address; may be empty
  std::string signature;  // below what we write, for all who show it; empty: none
  bool receipts = true;   // read receipts are sent, and asked for
  Filter filter = Filter::none;
  std::string sent_folder;      // the server's folder for sent mail, as it was named here; empty: as the server says
  std::uint64_t undo_send = 0;  // seconds in which each message can be taken back before it goes; 0: none
  // A message for later is handed to the submission server at once, where that keeps it so long (RFC 4865). It then
  // goes without this device, and cannot be taken back.
  bool hold_at_server = false;
  // Contacts, and what is decided about them and about chats, are written into the mailbox, for all devices; absent:
  // the user was not asked, and nothing is.
  std::optional<bool> contacts;
};
BOOST_DESCRIBE_STRUCT(AccountSettings, (),
                      (account, addr, name, signature, receipts, filter, sent_folder, undo_send, hold_at_server,
                       contacts))

struct GetSettings {
  static constexpr std::string_view method = "settings";
  using Result = AccountSettings;

  std::string account;
};
BOOST_DESCRIBE_STRUCT(GetSettings, (), (account))

struct ChangeSettings {
  static constexpr std::string_view method = "change_settings";
  using Result = AccountSettings;

  std::string account;
  std::optional<std::string> name;       // what is absent stays
  std::optional<std::string> signature;  // at most 500 octets
  std::optional<bool> receipts;
  std::optional<Filter> filter;
  std::optional<std::string> sent_folder;
  std::optional<std::uint64_t> undo_send;  // 60 at most
  std::optional<bool> hold_at_server;
  std::optional<bool> contacts;
};
BOOST_DESCRIBE_STRUCT(ChangeSettings, (),
                      (account, name, signature, receipts, filter, sent_folder, undo_send, hold_at_server, contacts))

struct SetFilter {
  static constexpr std::string_view method = "set_filter";
  using Result = Status;

  std::string account;
  Filter filter = Filter::none;
  static constexpr std::string_view required[] = {"filter"};
};
BOOST_DESCRIBE_STRUCT(SetFilter, (), (account, filter))

}  // namespace coi::proto

namespace coi::json {
extern template struct StructCodec<proto::Account>;
extern template struct StructCodec<proto::Quota>;
extern template struct StructCodec<proto::Connection>;
extern template struct StructCodec<proto::Progress>;
extern template struct StructCodec<proto::Queue>;
extern template struct StructCodec<proto::Status>;
}  // namespace coi::json

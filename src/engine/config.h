// What one account is, apart from its mail: who, which servers, how to log in. Kept as accounts/<id>/account.json
// (0600).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/endpoint.h"
#include "oauth/registration.h"
#include "secrets/secrets.h"

namespace coi::engine {

enum class AuthKind : std::uint8_t {
  password,       // kept by the secrets room under "<id>/password"
  token_command,  // a command that prints an OAuth2 access token; run again when the server rejects the old one
  oauth,          // a refresh token, kept under "<id>/refresh"
};

struct AccountConfig {
  std::string id;    // ULID; names the folder of the account, never changes
  std::string addr;  // canonical
  std::string name;  // display name; may be empty
  std::string user;  // login name, mostly the address
  net::Endpoint imap, smtp;
  std::string tls_ca;  // file with additional root certificates; empty: the system's alone
  AuthKind auth = AuthKind::password;
  std::string token_command;
  oauth::Registration oauth;  // its client_secret only during a login: the secrets room keeps it, under "<id>/client"
  secrets::Mode secrets = secrets::Mode::file;
  std::string signature;        // stands below what is written here; may be empty
  bool receipts = true;         // read receipts are sent
  std::string sent_folder;      // where own mail lies on the server, by the user's word; empty: as the server says
  std::uint32_t undo_send = 0;  // seconds in which each message can be taken back before it goes; 0: none
  bool hold_at_server = false;  // a message for later is handed over at once, to a server that keeps it (RFC 4865)
};

// Writes to a temporary name, syncs, renames. Errors: io, full.
Result<> save(const AccountConfig& config, const std::filesystem::path& directory);
// Errors, with the way to get rid of the account as their hint: not_found: there is neither this file nor anything else
// of an account; corrupt; io.
Result<AccountConfig> load(const std::filesystem::path& directory);

// What stands in a directory of accounts, in the order in which the accounts were added; an account that cannot be read
// with the reason. What a login left that did not come to its end is passed over. Errors: io.
struct FoundAccount {
  std::string id;
  Result<AccountConfig> config;
};
Result<std::vector<FoundAccount>> find_accounts(const std::filesystem::path& accounts);

std::string make_ulid(std::int64_t now_ms);

}  // namespace coi::engine

// What a login shows to the servers, and where it is kept.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.h"
#include "base/secret.h"
#include "engine/account.h"
#include "engine/config.h"
#include "engine/trust.h"
#include "net/waker.h"

namespace coi::engine {

struct Credential {
  Secret secret;
  bool is_token = false;  // an OAuth2 access token, not a password
};

// Gives one whenever a connection is made: the password from the secrets room, or a token, which is kept in memory and
// made anew when it expires. `rejected`: the token that the server has just refused, or empty; when another worker has
// replaced it meanwhile, that one's is given. Any thread; cancelling `waker` ends it at once.
// Errors: locked, not_found, io; auth when the token command fails, or when the provider wants the user to log in again
// (it is not asked again before that has happened); network, tls and protocol of the provider.
using CredentialSource = std::function<Result<Credential>(const Secret& rejected, const net::Waker& waker)>;

CredentialSource credential_source(const AccountConfig& config, const std::filesystem::path& directory,
                                   const TrustSource& trust, const Environment& environment);

// Runs the command with /bin/sh; its first line of output is the token. 30 seconds at most, or until
// `waker` is cancelled.
Result<Secret> run_token_command(const std::string& command, const net::Waker& waker);

// What an account keeps in the secrets room: `secret` is its password or its refresh token; the client's secret is in
// config.oauth. Replaces what was kept under the same names and leaves all else.
Result<> keep_secrets(const AccountConfig& config, const Secret& secret, const std::filesystem::path& directory);
// The password or the refresh token. Errors: not_found, those of the secrets room.
Result<Secret> kept_secret(const AccountConfig& config, const std::filesystem::path& directory);
// Takes away what another way to log in left.
Result<> erase_other_secrets(const AccountConfig& config, const std::filesystem::path& directory);
Result<> erase_secrets(const AccountConfig& config, const std::filesystem::path& directory);
// Empty when the client has none.
Result<Secret> client_secret(const AccountConfig& config, const std::filesystem::path& directory);

}  // namespace coi::engine

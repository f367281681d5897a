// What a login shows to the servers.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.h"
#include "base/secret.h"
#include "engine/config.h"

namespace coi::engine {

struct Credential {
  Secret secret;
  bool is_token = false;  // an OAuth2 access token, not a password
};

// Gets a fresh one whenever a connection is made: the password from the secrets room, or a token. `rejected`: the
// server refused the last token, so it has to be made anew. One per worker thread. Errors: locked, not_found, io; auth
// when the token command fails.
using CredentialSource = std::function<Result<Credential>(bool rejected)>;

CredentialSource credential_source(const AccountConfig& config, const std::filesystem::path& directory);

// Runs the command with /bin/sh; its first line of output is the token. 30 seconds at most.
Result<Secret> run_token_command(const std::string& command);

}  // namespace coi::engine

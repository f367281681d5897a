#include "engine/credential.h"

#include <array>
#include <chrono>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "base/ascii.h"
#include "engine/child.h"

namespace coi::engine {
namespace {

constexpr std::chrono::seconds token_patience{30};

Result<Credential> stored_password(const AccountConfig& config, const std::filesystem::path& directory) {
  auto store = COI_TRY(secrets::open(config.secrets, directory));
  auto password = store.get(config.id + "/password");
  if (!password && password.error().kind() == ErrorKind::not_found)
    return fail(ErrorKind::auth, fmt::format("the password of {} is not stored on this device", config.addr),
                fmt::format("log in again: coi login {}", config.addr));
  return Credential{COI_TRY(std::move(password)), false};
}

}  // namespace

Result<Secret> run_token_command(const std::string& command) {
  const auto output = COI_TRY(within(run_shell(command, token_patience), "the token command failed"));
  const auto token = ascii_trim(std::string_view(output).substr(0, output.find('\n')));
  if (token.empty())
    return fail(ErrorKind::auth, "the token command printed nothing", "run it in a terminal to see why");
  return Secret(std::string(token));
}

CredentialSource credential_source(const AccountConfig& config, const std::filesystem::path& directory) {
  if (config.auth != AuthKind::token_command)
    return [config, directory](bool) { return stored_password(config, directory); };
  // One source per worker thread: the token it got is its own.
  auto token = std::make_shared<Secret>();
  return [command = config.token_command, token](bool rejected) -> Result<Credential> {
    if (rejected || token->empty()) *token = COI_TRY(run_token_command(command));
    return Credential{*token, true};
  };
}

}  // namespace coi::engine

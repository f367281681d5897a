#include "engine/credential.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/guarded.h"
#include "engine/child.h"
#include "oauth/flow.h"

namespace coi::engine {
namespace {

constexpr std::chrono::seconds token_patience{30};
constexpr std::chrono::seconds refresh_patience{15};
constexpr UnixMs before_expiry = 60'000;  // a token this close to its end is not shown any more

std::string password_key(const AccountConfig& config) { return config.id + "/password"; }
std::string refresh_key(const AccountConfig& config) { return config.id + "/refresh"; }
std::string client_key(const AccountConfig& config) { return config.id + "/client"; }

std::string main_key(const AccountConfig& config) {
  return config.auth == AuthKind::oauth ? refresh_key(config) : password_key(config);
}
bool has_client_secret(const AccountConfig& config) {
  return config.auth == AuthKind::oauth && !config.oauth.client_secret.empty();
}

Result<Secret> stored(const AccountConfig& config, const std::filesystem::path& directory, const std::string& key) {
  auto store = COI_TRY(secrets::open(config.secrets, directory));
  return store.get(key);
}

Result<Credential> stored_password(const AccountConfig& config, const std::filesystem::path& directory) {
  auto password = stored(config, directory, password_key(config));
  if (!password && password.error().kind() == ErrorKind::not_found)
    return fail(ErrorKind::auth, fmt::format("the password of {} is not stored on this device", config.addr),
                fmt::format("log in again: coi login {}", config.addr));
  return Credential{COI_TRY(std::move(password)), false};
}

// What one worker at a time makes, while the others wait for what comes of it; a worker that is told to stop does not.
template <class T>
class OneAtATime {
 public:
  // `give` has the value for itself for as long as it takes. Error: cancelled, and its own.
  template <class Give>
  Result<Credential> use(const net::Waker& waker, Give give) {
    const auto taken = taken_.wait(
        waker.cancellation(), net::Deadline::max(), [](bool is) { return !is; }, [](bool& is) { return is = true; });
    if (!taken) return fail(ErrorKind::cancelled, "stopped");
    const std::unique_ptr<OneAtATime, GiveBack> hold(this);
    return give(value_);
  }

 private:
  struct GiveBack {
    void operator()(OneAtATime* held) const {
      held->taken_.change([](bool& is) { is = false; });
    }
  };

  Guarded<bool> taken_{false};
  T value_;  // of who has taken it
};

// The tokens of one account, for all its workers.
class OAuthTokens {
 public:
  OAuthTokens(AccountConfig config, std::filesystem::path directory, TrustSource trust, Environment environment)
      : config_(std::move(config)),
        directory_(std::move(directory)),
        trust_(std::move(trust)),
        environment_(std::move(environment)) {}

  // One at a time, while the provider is asked too: a refresh token may be good for one use, and the other workers have
  // nothing to do without its outcome.
  Result<Credential> give(const Secret& rejected, const net::Waker& waker) {
    return state_.use(waker, [&](State& state) -> Result<Credential> {
      if (state.refused) return std::unexpected(*state.refused);
      const auto& [access, unused, expires_ms] = state.tokens;
      const bool expired = expires_ms != 0 && environment_.clock() + before_expiry >= expires_ms;
      if (access.empty() || access == rejected || expired) COI_TRY(renew(state, waker));
      return Credential{state.tokens.access, true};
    });
  }

 private:
  struct State {
    oauth::Tokens tokens;
    std::optional<Error> refused;  // by the provider; only another login helps
  };

  Result<> keep(const Secret& refresh) const {
    auto store = COI_TRY(secrets::open(config_.secrets, directory_));
    return store.put(refresh_key(config_), refresh);
  }

  Result<> renew(State& state, const net::Waker& waker) {
    const auto again = fmt::format("log in again: coi login {} --oauth", config_.addr);
    if (state.tokens.refresh.empty()) {
      auto kept = stored(config_, directory_, refresh_key(config_));
      if (!kept && kept.error().kind() == ErrorKind::not_found)
        return fail(ErrorKind::auth, fmt::format("the refresh token of {} is not stored on this device", config_.addr),
                    again);
      state.tokens.refresh = COI_TRY(std::move(kept));
    }
    auto at = config_.oauth;
    at.client_secret = COI_TRY(client_secret(config_, directory_));
    auto fresh = oauth::refresh(
        at, state.tokens.refresh,
        {.stream = {.tls = COI_TRY(trust_()), .waker = waker, .log = environment_.log}, .timeout = refresh_patience},
        environment_.clock());
    if (!fresh && fresh.error().kind() == ErrorKind::auth) {
      state.refused = std::move(fresh).error().within("the provider gives no new token").with_hint(again);
      return std::unexpected(*state.refused);
    }
    auto tokens = COI_TRY(within(std::move(fresh), "no new token"));
    const bool rotated = !tokens.refresh.empty() && tokens.refresh != state.tokens.refresh;
    if (!rotated) tokens.refresh = state.tokens.refresh;
    state.tokens = std::move(tokens);
    // The connection that waits can be made all the same; the next start would have to ask the user.
    if (rotated)
      if (const auto kept = keep(state.tokens.refresh); !kept)
        environment_.log.error("the new refresh token of {} cannot be stored: {}", config_.addr, kept.error().text());
    environment_.log.info("a new token for {}", config_.addr);
    return {};
  }

  const AccountConfig config_;
  const std::filesystem::path directory_;
  const TrustSource trust_;
  const Environment environment_;
  OneAtATime<State> state_;
};

CredentialSource from_command(const std::string& command) {
  auto token = std::make_shared<OneAtATime<Secret>>();
  return [command, token](const Secret& rejected, const net::Waker& waker) {
    // Run once for all workers, which wait for it.
    return token->use(waker, [&](Secret& kept) -> Result<Credential> {
      if (kept.empty() || kept == rejected) kept = COI_TRY(run_token_command(command, waker));
      return Credential{kept, true};
    });
  };
}

}  // namespace

Result<Secret> run_token_command(const std::string& command, const net::Waker& waker) {
  const auto output = COI_TRY(within(run_shell(command, token_patience, waker), "the token command failed"));
  const auto token = ascii_trim(std::string_view(output).substr(0, output.find('\n')));
  if (token.empty())
    return fail(ErrorKind::auth, "the token command printed nothing", "run it in a terminal to see why");
  return Secret(std::string(token));
}

CredentialSource credential_source(const AccountConfig& config, const std::filesystem::path& directory,
                                   const TrustSource& trust, const Environment& environment) {
  switch (config.auth) {
    case AuthKind::token_command:
      return from_command(config.token_command);
    case AuthKind::oauth:
      return [tokens = std::make_shared<OAuthTokens>(config, directory, trust, environment)](
                 const Secret& rejected, const net::Waker& waker) { return tokens->give(rejected, waker); };
    case AuthKind::password:
      break;
  }
  return [config, directory](const Secret&, const net::Waker&) { return stored_password(config, directory); };
}

Result<> keep_secrets(const AccountConfig& config, const Secret& secret, const std::filesystem::path& directory) {
  if (config.auth == AuthKind::token_command) return {};
  auto store = secrets::open(config.secrets, directory);
  // What a damaged file held is what this login brings.
  if (!store && store.error().kind() == ErrorKind::corrupt) {
    COI_TRY(secrets::set_aside(directory));
    store = secrets::open(config.secrets, directory);
  }
  if (!store) return std::unexpected(std::move(store).error());
  if (has_client_secret(config)) COI_TRY(store->put(client_key(config), config.oauth.client_secret));
  return store->put(main_key(config), secret);
}

Result<Secret> kept_secret(const AccountConfig& config, const std::filesystem::path& directory) {
  return stored(config, directory, main_key(config));
}

Result<> erase_other_secrets(const AccountConfig& config, const std::filesystem::path& directory) {
  auto store = COI_TRY(secrets::open(config.secrets, directory));
  if (config.auth != AuthKind::password) COI_TRY(store.erase(password_key(config)));
  if (config.auth != AuthKind::oauth) COI_TRY(store.erase(refresh_key(config)));
  if (!has_client_secret(config)) COI_TRY(store.erase(client_key(config)));
  return {};
}

Result<> erase_secrets(const AccountConfig& config, const std::filesystem::path& directory) {
  if (config.auth == AuthKind::token_command) return {};
  auto store = COI_TRY(secrets::open(config.secrets, directory));
  for (const auto& key : {password_key(config), refresh_key(config), client_key(config)}) COI_TRY(store.erase(key));
  return {};
}

Result<Secret> client_secret(const AccountConfig& config, const std::filesystem::path& directory) {
  auto secret = stored(config, directory, client_key(config));
  if (!secret && secret.error().kind() == ErrorKind::not_found) return Secret();
  return secret;
}

}  // namespace coi::engine

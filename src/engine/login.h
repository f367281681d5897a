// A login before anything is stored: both servers have to accept it.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

#include "base/result.h"
#include "engine/discover.h"
#include "engine/engine.h"
#include "net/waker.h"

namespace coi::engine {

using LoginProgress = std::function<void(std::string_view step)>;

struct CheckedLogin {
  AccountConfig config;            // that works, with servers found where the request names none
  Secret refresh_token;            // of an OAuth2 login
  std::uint64_t largest_mail = 0;  // AccountFacts::largest_mail
};

// `sources`: where servers are looked for that the request does not name. What only the DNS names, outside of the
// address's domain, is a stranger's host until the user says otherwise (RFC 6186 6): no credential goes there.
// Errors as Engine::login(), and cancelled after waker.cancel().
Result<CheckedLogin> check_login(const LoginRequest& request, const Environment& environment, const net::Waker& waker,
                                 const LoginProgress& progress,
                                 const std::function<Sources(const DiscoverOptions&)>& sources = network_sources);

}  // namespace coi::engine

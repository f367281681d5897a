// The part of a login that the user carries out on the provider's page.
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/engine.h"

namespace coi::engine {

// Where to log in, and as which client: what the request says, then the user's list, then `hint` (autoconfig), then
// what the issuer publishes. Errors: invalid (no provider or client is known), those of oauth::fetch_metadata().
Result<oauth::Registration> find_registration(const OAuthRequest& request, std::string_view addr,
                                              const oauth::Registration& hint, const std::filesystem::path& clients,
                                              const net::HttpOptions& http);

// Shows the user where to go and waits. Errors: those of oauth/flow.h; protocol without a refresh token.
Result<oauth::Tokens> authorize(const OAuthRequest& request, const oauth::Registration& at, std::string_view addr,
                                const Environment& environment, const net::HttpOptions& http);

}  // namespace coi::engine

// Getting tokens: in the user's browser on this machine, on any other device, or for a refresh token.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "net/http.h"
#include "oauth/grant.h"

namespace coi::oauth {

// What the user has to do: open `url` and, if there is a `code`, type it there.
struct Prompt {
  std::string url;
  std::string code;
};

struct Conversation {
  net::HttpOptions http;
  Clock clock = system_now;
  std::function<void(const Prompt&)> show;
  std::function<void()> answered = [] {};  // the code or the tokens have come: the user has done their part
  std::function<bool()> wanted;  // asked about once a second: false when nobody waits for the outcome any more
};

// Authorization code with PKCE, brought to a port of 127.0.0.1 (RFC 8252 7.3). Waits ten minutes for the browser.
// Errors: auth (denied, refused), cancelled, network, tls, protocol, not_allowed (an endpoint without TLS), invalid (no
// such endpoint is known).
Result<Tokens> log_in_by_browser(const Registration& at, std::string_view login_hint, const Conversation& with);

// RFC 8628. Errors as above.
Result<Tokens> log_in_by_device(const Registration& at, const Conversation& with);

// RFC 6749 6. `auth`: the refresh token is good no more (invalid_grant), or the server refuses the client; asking again
// will not help. Else errors as above.
Result<Tokens> refresh(const Registration& at, const Secret& token, const net::HttpOptions& http, UnixMs now);

}  // namespace coi::oauth

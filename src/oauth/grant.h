// OAuth2 without sockets: what is asked, and what the answers mean (RFC 6749, 7636, 8252, 8628).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "base/secret.h"
#include "base/time.h"
#include "net/url.h"
#include "oauth/registration.h"

namespace coi::oauth {

struct Tokens {
  Secret access;
  Secret refresh;         // empty: the one that was used stays good
  UnixMs expires_ms = 0;  // of the access token; 0: the server did not say
};

// The server's "no" (RFC 6749 5.2), or one of the "not yet" of RFC 8628 3.5.
struct Refusal {
  std::string error;        // invalid_grant, access_denied, authorization_pending …
  std::string description;  // the server's words; may be empty
};

// ---- the browser's way ----
struct Authorization {
  std::string url;           // where the user logs in
  std::string redirect_uri;  // where the browser then comes back to
  std::string state;
  Secret verifier;
};

// RFC 7636 4.2, S256.
std::string code_challenge(const Secret& verifier);
// `verifier` and `state`: unpredictable, 43 to 128 unreserved characters. `login_hint`: the address; saves typing it.
Authorization begin_authorization(const Registration& at, std::string_view login_hint, std::string redirect_uri,
                                  Secret verifier, std::string state);
// The code in what the browser brought. nullopt: not the answer to our question (its state is another); wait on.
std::optional<Result<Secret>> read_redirect(std::string_view query, const Authorization& asked, const Registration& at);
net::FormFields code_form(const Registration& at, const Authorization& asked, const Secret& code);

// ---- the way over another device ----
struct Device {
  Secret code;
  std::string user_code;  // to be typed on the page
  std::string url;        // of that page
  std::chrono::seconds expires_in{};
  std::chrono::seconds interval{};  // between two questions
};
net::FormFields device_form(const Registration& at);
Result<Device> read_device(const net::HttpResponse& response);
net::FormFields device_token_form(const Registration& at, const Device& device);
// How long to wait after this refusal, or why there is no point in it.
Result<std::chrono::seconds> next_interval(std::chrono::seconds interval, const Refusal& refusal);

// ---- both ----
net::FormFields refresh_form(const Registration& at, const Secret& refresh);
// Errors: network when the server is out of order, protocol.
Result<std::variant<Tokens, Refusal>> read_tokens(const net::HttpResponse& response, UnixMs now);
// As an error: auth, with the server's words.
Error to_error(const Refusal& refusal);

}  // namespace coi::oauth

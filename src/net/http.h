// A small HTTP client (RFC 9110, RFC 9112): autoconfig files and OAuth2 tokens. One connection for each request.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/stream.h"
#include "net/url.h"

namespace coi::net {

struct HttpOptions {
  StreamOptions stream;                       // its connect_timeout counts inside `timeout`
  std::chrono::milliseconds timeout{20'000};  // for everything, redirects included
  std::size_t body_limit = 1024 * 1024;       // octets; a larger answer is ErrorKind::limit
};

struct HttpResponse {
  unsigned status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // as sent, in their order
  std::string body;

  // The first value under this name in any case, or "".
  std::string_view header(std::string_view name) const;
};

// Any answer is a value, a 404 too. Errors: invalid (URL), those of Stream, protocol, limit, and not_allowed for a
// redirect from https to http.
// Follows up to three redirects (RFC 9110 15.4), on the same scheme or from http to https.
Result<HttpResponse> http_get(std::string_view url, const HttpOptions& options);

// application/x-www-form-urlencoded; follows no redirect, since the fields are secrets meant for this URL alone.
Result<HttpResponse> http_post_form(std::string_view url, const FormFields& fields, const HttpOptions& options);

}  // namespace coi::net

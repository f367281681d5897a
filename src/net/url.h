// URLs (RFC 3986) and web forms, as far as mail set-up needs them. Boost.URL stays inside.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace coi::net {

struct Url {
  std::string scheme;  // lower case
  std::string host;    // percent-decoded, not yet in A-labels; an IPv6 address without brackets
  std::optional<std::uint16_t> port;
  std::string user;
  std::string password;
  std::string target;  // encoded path and query, "/" at least: what an HTTP request line says
  bool bare = false;   // no query, no fragment, and no path but "/"
};

// Host names may hold UTF-8, as people write them. Error: invalid.
Result<Url> split_url(std::string_view text);

// `reference`, relative or absolute, seen from `base` (RFC 3986 5). Error: invalid.
Result<std::string> resolve_url(std::string_view base, std::string_view reference);

// Names and values of application/x-www-form-urlencoded, in order: a form's body, or a query such as OAuth2's.
using FormFields = std::vector<std::pair<std::string, std::string>>;
std::string encode_form(const FormFields& fields);
// Error: invalid.
Result<FormFields> decode_form(std::string_view text);

}  // namespace coi::net

// Who gives out tokens, and what this program is called there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"
#include "json/describe.h"
#include "net/http.h"

namespace coi::oauth {

// An authorization server's endpoints, named as in its metadata (RFC 8414 2), and the client that is registered there.
// Whatever is empty is not known. The secret is left out of JSON: it belongs into the secrets room.
struct Registration {
  std::string issuer;
  std::string authorization_endpoint;
  std::string token_endpoint;
  std::string device_authorization_endpoint;
  std::string scope;  // what is asked for: words with a space between them
  std::string client_id;
  Secret client_secret{};  // of providers that give programs on people's own machines one; no proof of anything
  friend bool operator==(const Registration&, const Registration&) = default;
};
BOOST_DESCRIBE_STRUCT(Registration, (),
                      (issuer, authorization_endpoint, token_endpoint, device_authorization_endpoint, scope, client_id))

// Whether two texts name one issuer: a final slash, or https:// left out as in autoconfig files, makes no difference.
bool same_issuer(std::string_view a, std::string_view b);

// What `first` leaves open is taken from `second`.
Registration merge(Registration first, const Registration& second);

// Codes and tokens go over TLS, or not beyond this machine: https, or http to a loopback address. Error not_allowed.
Result<> check_endpoint(std::string_view url);

// Where an issuer publishes its metadata: RFC 8414 3.1, then OpenID Connect Discovery 4. An issuer without scheme, as
// autoconfig files have it, is taken for https. Errors: not_allowed, invalid.
Result<std::vector<std::string>> metadata_urls(std::string_view issuer);
// The endpoints, each of them checked. Errors: protocol, also when the document is another issuer's (RFC 8414 3.3);
// not_allowed.
Result<Registration> parse_metadata(std::string_view text, std::string_view issuer);
// Asks for it. Errors: as above, not_found when the issuer publishes none, those of http_get().
Result<Registration> fetch_metadata(std::string_view issuer, const net::HttpOptions& options);

// The user's own list of clients:
//
//   {"clients": [{"domains": ["example.org"], "issuer": "https://login.example.org", "client_id": "…",
//                 "client_secret": "…", "scope": "…", "authorization_endpoint": "…", "token_endpoint": "…",
//                 "device_authorization_endpoint": "…"}]}
//
// The first that names the mail domain or, if one is known, the issuer; an empty one when none does. Error: invalid.
Result<Registration> find_client(std::string_view list, std::string_view domain, std::string_view issuer);

}  // namespace coi::oauth

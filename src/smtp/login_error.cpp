#include "smtp/login_error.h"

#include <algorithm>

#include <fmt/format.h>

#include "sasl/sasl.h"

namespace coi::smtp {

Error refused_step(std::string_view step, const Reply& reply) {
  const auto kind = reply.transient()   ? ErrorKind::network
                    : reply.code >= 500 ? ErrorKind::not_allowed
                                        : ErrorKind::protocol;
  return {kind, fmt::format("the server answers {} with: {}", step, reply.describe())};
}

Error refused_login(const Reply& reply, const Capabilities& server, bool has_token) {
  const std::string words = fmt::format("the server rejects the login: {}", reply.describe());
  // 454 4.7.0 and the like: the server cannot check just now, or has seen too many tries.
  if (reply.transient()) return {ErrorKind::network, words};
  // 538 5.7.11: encryption required for this mechanism.
  if (reply.code == 538) return {ErrorKind::not_allowed, words, "use smtps:// or smtp:// (STARTTLS)"};
  if (has_token) return {ErrorKind::auth, words, "sign in at the provider again"};
  // 5.7.139 is Microsoft's "basic authentication is disabled".
  if (reply.enhanced == "5.7.139" && std::ranges::any_of(server.auth, sasl::is_for_token))
    return {ErrorKind::needs_oauth, words, "log in with --oauth"};
  // 534 5.7.9 application-specific password required, 535 5.7.8 credentials invalid.
  return {ErrorKind::auth, words,
          "check user name and password; some providers want an app password made on their web site"};
}

}  // namespace coi::smtp

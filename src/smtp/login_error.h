// Why a server did not let us in, as something a caller can act on. Inside smtp::Session only.
#pragma once

#include "base/error.h"
#include "smtp/capabilities.h"
#include "smtp/reply.h"

namespace coi::smtp {

// The first reply, or the one to EHLO or STARTTLS, was `reply` instead of what the step needs.
Error refused_step(std::string_view step, const Reply& reply);

// AUTH was answered by `reply` (RFC 4954 6); `has_token`: what was shown is no password.
Error refused_login(const Reply& reply, const Capabilities& server, bool has_token);

}  // namespace coi::smtp

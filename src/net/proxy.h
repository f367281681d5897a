// Reaching a host through a proxy: SOCKS 5 (RFC 1928, RFC 1929) and HTTP CONNECT (RFC 9110 9.3.6). For this room only.
#pragma once

#include <string_view>

#include "net/channel.h"
#include "net/endpoint.h"

namespace coi::net {

// A channel whose far end is `target`; the proxy looks up its name. Errors: invalid for the proxy's address, network,
// auth when the proxy rejects its password.
Result<Channel> connect_through(std::string_view proxy_url, const Endpoint& target, const StreamOptions& options,
                                Deadline deadline);

}  // namespace coi::net

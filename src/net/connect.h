// From a host name to a connected socket. For this room only.
#pragma once

#include <cstdint>
#include <string>

#include "net/wait.h"

namespace coi::net {

// Looks up `host` (A and AAAA) and tries its addresses, IPv6 and IPv4 in turn, the next one when the last has failed or
// has been silent for 250 ms (RFC 8305 4 and 5). The socket does not block, and has TCP_NODELAY.
// Error network: "cannot connect to host:port: Connection refused".
Result<Descriptor> connect_tcp(const std::string& host, std::uint16_t port, Deadline deadline, const Waker& waker);

}  // namespace coi::net

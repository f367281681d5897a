// Reading DNS answers (RFC 1035 4), pure: a packet in, records out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace coi::net {

struct SrvRecord {
  std::string target;  // a host name in lower case
  std::uint16_t port = 0;
  std::uint16_t priority = 0;  // lowest first
  std::uint16_t weight = 0;    // among equals, highest first: one client needs no lot to be drawn (RFC 2782)

  friend bool operator==(const SrvRecord&, const SrvRecord&) = default;
};

struct MxRecord {
  std::string host;
  std::uint16_t preference = 0;  // lowest first

  friend bool operator==(const MxRecord&, const MxRecord&) = default;
};

// The records of that type in the answer section, best first. Left out: the target "." ("not offered", RFC 2782,
// RFC 7505), and names that cannot be a host's. Error protocol: no whole DNS packet.
Result<std::vector<SrvRecord>> parse_srv_answer(std::string_view packet);
Result<std::vector<MxRecord>> parse_mx_answer(std::string_view packet);

}  // namespace coi::net

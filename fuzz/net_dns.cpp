// rooms: net
// Any octets as the answer of a name server.
#include <cstdint>
#include <cstdlib>

#include "net/dns_answer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string packet(reinterpret_cast<const char*>(data), size);
  if (const auto records = coi::net::parse_srv_answer(packet))
    for (const auto& record : *records)
      if (record.target.empty() || record.target.size() > 255) std::abort();
  if (const auto records = coi::net::parse_mx_answer(packet))
    for (const auto& record : *records)
      if (record.host.empty() || record.host.size() > 255) std::abort();
  return 0;
}

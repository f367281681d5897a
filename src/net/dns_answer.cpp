#include "net/dns_answer.h"

#include <arpa/nameser.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "net/endpoint.h"

namespace coi::net {
namespace {

const unsigned char* octets(std::string_view packet) { return reinterpret_cast<const unsigned char*>(packet.data()); }

// A possibly compressed name inside the packet; nullopt for the root, for damage, and for what is no host name.
std::optional<std::string> host_at(std::string_view packet, const unsigned char* at) {
  std::array<char, NS_MAXDNAME> name{};
  if (::dn_expand(octets(packet), octets(packet) + packet.size(), at, name.data(), name.size()) <= 0)
    return std::nullopt;
  auto host = to_a_label(name.data());
  if (!host) return std::nullopt;
  return std::move(*host);
}

// Calls `take` with the data of each record of `type` that has at least `least` octets and a name after them.
Result<> for_each_record(std::string_view packet, ns_type type, std::size_t least,
                         const std::function<void(const unsigned char* data, std::string host)>& take) {
  ns_msg message;
  if (::ns_initparse(octets(packet), static_cast<int>(packet.size()), &message) != 0)
    return fail(ErrorKind::protocol, "the name server's answer is damaged");
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record;
    if (::ns_parserr(&message, ns_s_an, i, &record) != 0)
      return fail(ErrorKind::protocol, "the name server's answer is damaged");
    if (ns_rr_type(record) != type || ns_rr_rdlen(record) <= least) continue;
    if (auto host = host_at(packet, ns_rr_rdata(record) + least)) take(ns_rr_rdata(record), std::move(*host));
  }
  return {};
}

std::uint16_t number_at(const unsigned char* data) { return static_cast<std::uint16_t>(ns_get16(data)); }

}  // namespace

//   SRV-rdata = priority(16) weight(16) port(16) target      (RFC 2782)
Result<std::vector<SrvRecord>> parse_srv_answer(std::string_view packet) {
  std::vector<SrvRecord> records;
  COI_TRY(for_each_record(packet, ns_t_srv, 6, [&](const unsigned char* data, std::string host) {
    records.push_back({std::move(host), number_at(data + 4), number_at(data), number_at(data + 2)});
  }));
  std::ranges::sort(records, {},
                    [](const SrvRecord& r) { return std::tuple(r.priority, -int{r.weight}, r.target, r.port); });
  return records;
}

//   MX-rdata = preference(16) exchange                       (RFC 1035 3.3.9)
Result<std::vector<MxRecord>> parse_mx_answer(std::string_view packet) {
  std::vector<MxRecord> records;
  COI_TRY(for_each_record(packet, ns_t_mx, 2, [&](const unsigned char* data, std::string host) {
    records.push_back({std::move(host), number_at(data)});
  }));
  std::ranges::sort(records, {}, [](const MxRecord& r) { return std::tuple(r.preference, r.host); });
  return records;
}

}  // namespace coi::net

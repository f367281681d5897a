#include "net/resolve.h"

#include <fmt/format.h>

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include "net/background.h"
#include "net/endpoint.h"

namespace coi::net {
namespace {

// The answer's packet, or an empty one: no such name, or no such record.
Result<std::string> query_now(const std::string& name, ns_type type) {
  struct ResolverState {
    struct __res_state state{};
    bool ready = ::res_ninit(&state) == 0;
    ~ResolverState() {
      if (ready) ::res_nclose(&state);
    }
  } resolver;
  if (!resolver.ready) return fail(ErrorKind::io, "the system's resolver does not start");
  std::string packet(NS_MAXMSG, '\0');
  const int size = ::res_nquery(&resolver.state, name.c_str(), ns_c_in, type,
                                reinterpret_cast<unsigned char*>(packet.data()), static_cast<int>(packet.size()));
  if (size >= 0) {
    packet.resize(std::min(packet.size(), static_cast<std::size_t>(size)));
    return packet;
  }
  const int reason = resolver.state.res_h_errno;
  if (reason == HOST_NOT_FOUND || reason == NO_DATA) return "";
  return fail(ErrorKind::network, fmt::format("cannot look up {}: {}", name, ::hstrerror(reason)));
}

Result<std::string> query(std::string name, ns_type type, Deadline deadline, const Waker& waker) {
  return in_background<std::string>([name, type] { return query_now(name, type); }, "look up " + name, deadline, waker);
}

}  // namespace

Result<std::vector<SrvRecord>> resolve_srv(std::string_view service, std::string_view domain, Deadline deadline,
                                           const Waker& waker) {
  const std::string name = fmt::format("{}.{}", service, COI_TRY(to_a_label(domain)));
  const std::string packet = COI_TRY(query(name, ns_t_srv, deadline, waker));
  if (packet.empty()) return std::vector<SrvRecord>{};
  return parse_srv_answer(packet);
}

Result<std::vector<MxRecord>> resolve_mx(std::string_view domain, Deadline deadline, const Waker& waker) {
  const std::string packet = COI_TRY(query(COI_TRY(to_a_label(domain)), ns_t_mx, deadline, waker));
  if (packet.empty()) return std::vector<MxRecord>{};
  return parse_mx_answer(packet);
}

}  // namespace coi::net

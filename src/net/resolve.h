// What the DNS says about a mail domain: SRV records of its services (RFC 2782, RFC 6186, RFC 8314) and its MX.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/dns_answer.h"
#include "net/waker.h"

namespace coi::net {

// The servers for `service` ("_imaps._tcp", "_imap._tcp", "_submissions._tcp", "_submission._tcp") of `domain`, best
// first. Empty when there is no such record, or when the domain says that it does not offer the service. The domain may
// be internationalised. The answer is as trustworthy as the DNS: RFC 6186 6 wants a certificate for the domain or the
// user's consent when a target lies outside of it. Errors: invalid, network, cancelled.
Result<std::vector<SrvRecord>> resolve_srv(std::string_view service, std::string_view domain, Deadline deadline,
                                           const Waker& waker = {});

// The domain's mail exchangers, best first; empty when it has none or takes no mail (RFC 7505).
Result<std::vector<MxRecord>> resolve_mx(std::string_view domain, Deadline deadline, const Waker& waker = {});

}  // namespace coi::net

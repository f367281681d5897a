#include "engine/worker_context.h"

#include <algorithm>

#include "hash/random.h"

namespace coi::engine {

std::chrono::milliseconds Backoff::next() {
  constexpr int longest = 7;  // 2^7 s
  const auto whole = std::chrono::seconds(std::min(1 << std::min(attempts_++, longest), 120));
  const auto octet = static_cast<unsigned char>(hash::random_bytes(1).front());
  return std::chrono::duration_cast<std::chrono::milliseconds>(whole) * (256 + octet) / 512;
}

Result<ImapLink> open_link(const WorkerContext& context, const net::Waker& waker, bool compress) {
  LinkOptions options{.config = context.config,
                      .credential = {},
                      .tls = context.tls,
                      .waker = waker,
                      .compress = compress,
                      .limits = context.environment.limits,
                      .log = context.environment.log,
                      .alert = [&context](std::string_view text) {
                        context.change_status([text = std::string(text)](Status& status) { status.alert = text; });
                      }};
  options.credential = COI_TRY(context.credentials(false));
  auto link = ImapLink::open(options);
  if (!link && link.error().kind() == ErrorKind::auth && options.credential.is_token) {
    options.credential = COI_TRY(context.credentials(true));
    link = ImapLink::open(options);
  }
  return link;
}

}  // namespace coi::engine

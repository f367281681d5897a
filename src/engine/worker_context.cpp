#include "engine/worker_context.h"

namespace coi::engine {
namespace {

Result<LinkOptions> link_options(const WorkerContext& context, const net::Waker& waker, ImapWishes wishes) {
  return LinkOptions{.config = context.config,
                     .tls = COI_TRY(context.trust()),
                     .waker = waker,
                     .compress = wishes.compress,
                     .limits = context.environment.limits,
                     .times = context.environment.times,
                     .log = context.environment.log,
                     .alert =
                         [&context](std::string_view text) {
                           context.change_status([text = std::string(text)](Status& status) { status.alert = text; });
                         },
                     .doubted = std::move(wishes.doubted),
                     .silent = std::move(wishes.silent)};
}

// A token that the server rejects is made anew once.
template <class Link>
Result<Link> open(const WorkerContext& context, LinkOptions options) {
  options.credential = COI_TRY(context.credentials({}, options.waker));
  auto link = Link::open(options);
  if (link || link.error().kind() != ErrorKind::auth || !options.credential.is_token) return link;
  options.credential = COI_TRY(context.credentials(options.credential.secret, options.waker));
  return Link::open(options);
}

}  // namespace

Result<ImapLink> open_imap(const WorkerContext& context, const net::Waker& waker, ImapWishes wishes) {
  return open<ImapLink>(context, COI_TRY(link_options(context, waker, std::move(wishes))));
}

Result<SmtpLink> open_smtp(const WorkerContext& context, const net::Waker& waker) {
  return open<SmtpLink>(context, COI_TRY(link_options(context, waker, {})));
}

}  // namespace coi::engine

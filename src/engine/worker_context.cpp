#include "engine/worker_context.h"

#include <utility>

#include "base/utf8.h"

namespace coi::engine {
namespace {

void show_alert(const WorkerContext& context, std::string_view text) {
  auto words = printable(text, longest_words);
  const bool is_under_way =
      context.alert->with([&](auto& alert) { return std::exchange(alert, std::move(words)).has_value(); });
  if (is_under_way) return;
  context.change_status([alert = context.alert](Status& status) {
    status.alert = alert->with([](auto& last) { return std::exchange(last, std::nullopt); }).value_or("");
  });
}

Result<LinkOptions> link_options(const WorkerContext& context, const net::Waker& waker, ImapWishes wishes) {
  return LinkOptions{.config = context.config,
                     .tls = COI_TRY(context.trust()),
                     .waker = waker,
                     .compress = wishes.compress,
                     .limits = context.environment.limits,
                     .times = context.environment.times,
                     .log = context.environment.log,
                     .alert = [&context](std::string_view text) { show_alert(context, text); },
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

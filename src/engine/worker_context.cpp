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
                     .names = context.names,
                     .dispensable = context.dispensable,
                     .alert = [&context](std::string_view text) { show_alert(context, text); },
                     .doubted = std::move(wishes.doubted),
                     .silent = std::move(wishes.silent),
                     .long_answer = std::move(wishes.long_answer)};
}

bool is_rejection(const Error& error) {
  return error.kind() == ErrorKind::auth || error.kind() == ErrorKind::needs_oauth;
}

// A token that the server rejects is made anew once.
template <class Link>
Result<Link> open(const WorkerContext& context, net::Service service, LinkOptions options) {
  auto& logins = context.logins;
  // Held until a rejection is counted, or the next worker would begin in between.
  LoginKeeper::Turn turn;
  options.begin_login = [&]() -> Result<LoginKeeper::Turn> {
    turn = COI_TRY(logins.begin(service, options.waker));
    return turn;
  };
  if (auto refused = logins.refusal(service)) return std::unexpected(*std::move(refused));
  for (bool again = false;; again = true) {
    options.credential = COI_TRY(context.credentials(logins.rejected_token(), options.waker));
    turn.reset();
    auto link = Link::open(options);
    if (link) logins.accepted(service);
    if (link || !turn || !is_rejection(link.error())) return link;
    auto why = logins.rejected(service, options.credential.secret, std::move(link).error());
    if (again || !options.credential.is_token) return std::unexpected(std::move(why));
  }
}

}  // namespace

Result<ImapLink> open_imap(const WorkerContext& context, const net::Waker& waker, ImapWishes wishes) {
  return open<ImapLink>(context, net::Service::imap, COI_TRY(link_options(context, waker, std::move(wishes))));
}

Result<SmtpLink> open_smtp(const WorkerContext& context, const net::Waker& waker, std::function<void(bool)> silent) {
  return open<SmtpLink>(context, net::Service::smtp,
                        COI_TRY(link_options(context, waker, {.silent = std::move(silent)})));
}

Hindrance hindrance_of(const WorkerContext& context, net::Service service, const Error& error) {
  return is_rejection(error) && context.logins.refusal(service) ? Hindrance::shut_out : hindrance_of(error);
}

}  // namespace coi::engine

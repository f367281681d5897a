#include "engine/watcher.h"

#include <fmt/format.h>

#include "engine/keep_alive.h"

namespace coi::engine {
namespace {

// A greeting that keeps the connection alive (Dovecot: "Still here") is no news.
bool is_news(const imap::Event& event) {
  return std::holds_alternative<imap::Exists>(event) || std::holds_alternative<imap::Fetch>(event) ||
         std::holds_alternative<imap::Expunge>(event) || std::holds_alternative<imap::Vanished>(event);
}

}  // namespace

Watcher::Watcher(const WorkerContext& context, std::string folder, std::function<void(imap::MailboxStatus)> news,
                 std::function<void()> refused)
    : context_(context), folder_(std::move(folder)), news_(std::move(news)), refused_(std::move(refused)) {
  if (auto waker = net::Waker::create()) waker_ = *waker;
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Watcher::~Watcher() {
  waker_.cancel();
  thread_.request_stop();
}

void Watcher::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto watched = watch(stop);
    if (watched || watched.error().kind() == ErrorKind::cancelled) return;
    context_.environment.log.info("watch {}: {}", folder_, watched.error().text());
    // Refused at the door, or three times in a row: more connections than the provider allows.
    if (watched.error().kind() == ErrorKind::auth || ++failures_ > 2) return refused_();
    if (!waker_.sleep_until(net::after(backoff_.next()))) return;
  }
}

Result<> Watcher::watch(const std::stop_token& stop) {
  auto link = COI_TRY(open_imap(context_, waker_, false));
  COI_TRY(link.demand(imap::select({.mailbox = folder_, .read_only = true}), fmt::format("cannot open {}", folder_)));
  failures_ = 0;
  backoff_.reset();
  // What happened before, while nobody watched, shows in these.
  if (const auto& mailbox = link.session().mailbox())
    news_({.mailbox = folder_,
           .uidnext = mailbox->uidnext,
           .uidvalidity = mailbox->uidvalidity,
           .highestmodseq = mailbox->highestmodseq});
  while (!stop.stop_requested()) {
    bool told = false;
    COI_TRY(link.idle(net::after(idle_renewal), [&told](imap::Event&& event) -> Result<> {
      told = told || is_news(event);
      return {};
    }));
    if (told) news_({.mailbox = folder_});
  }
  return {};
}

}  // namespace coi::engine

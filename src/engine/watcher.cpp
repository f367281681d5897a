#include "engine/watcher.h"

#include <fmt/format.h>

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
    : context_(context),
      folder_(std::move(folder)),
      news_(std::move(news)),
      refused_(std::move(refused)),
      pause_(waker_, context.environment.times.long_life) {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Watcher::~Watcher() {
  waker_.cancel();
  thread_.request_stop();
}

void Watcher::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pause_.begin_attempt();
    const auto watched = watch(stop);
    if (watched || watched.error().kind() == ErrorKind::cancelled) return;
    const auto& problem = watched.error();
    context_.environment.log.info("watch {}: {}", folder_, problem.text());
    if (pause_.lived_long())
      failures_ = 0;
    else if (pause_.was_connected() || problem.kind() == ErrorKind::network)
      ++failures_;
    if (problem.kind() == ErrorKind::auth || failures_ == too_many_short_lives) return refused_();
    if (!pause_.wait(Hindrance::passing)) return;
  }
}

Result<> Watcher::watch(const std::stop_token& stop) {
  auto link = COI_TRY(open_imap(context_, waker_, false));
  pause_.connected();
  const auto opened = COI_TRY(link.run(imap::select({.mailbox = folder_, .read_only = true})));
  if (!opened.ok()) {
    context_.environment.log.info("watch {}: the server does not open it: {}", folder_, opened.text);
    return {};
  }
  // What happened before, while nobody watched, shows in these.
  if (const auto& mailbox = link.session().mailbox())
    news_({.mailbox = folder_,
           .uidnext = mailbox->uidnext,
           .uidvalidity = mailbox->uidvalidity,
           .highestmodseq = mailbox->highestmodseq});
  while (!stop.stop_requested() && link.can_idle()) {
    bool told = false;
    COI_TRY(link.idle(net::after(context_.environment.times.idle_renewal), [&told](imap::Event&& event) -> Result<> {
      told = told || is_news(event);
      return {};
    }));
    if (told) news_({.mailbox = folder_});
  }
  return {};
}

}  // namespace coi::engine

#include "engine/watcher.h"

#include <map>

#include <fmt/format.h>

#include "base/thrown.h"

namespace coi::engine {
namespace {

// What the server says of the open folder: whether that is anything new. It is not when the server says it at the
// beginning of each IDLE.
class Ear {
 public:
  explicit Ear(std::uint32_t messages) : messages_(messages) {}

  void take(const imap::Event& event) {
    if (const auto* exists = std::get_if<imap::Exists>(&event)) {
      told_ = told_ || std::exchange(messages_, exists->messages) != exists->messages;
    } else if (const auto* fetch = std::get_if<imap::Fetch>(&event)) {
      if (flags_.size() > most_remembered) flags_.clear();
      const auto flags = fetch->flags.value_or(std::vector<std::string>());
      const auto [known, added] = flags_.try_emplace(fetch->message, flags);
      told_ = told_ || added || std::exchange(known->second, flags) != flags;
    } else if (std::holds_alternative<imap::Expunge>(event)) {
      if (messages_ > 0) --messages_;
      renumbered();
    } else if (const auto* vanished = std::get_if<imap::Vanished>(&event); vanished != nullptr && !vanished->earlier) {
      messages_ -= static_cast<std::uint32_t>(std::min<std::uint64_t>(messages_, vanished->uids.size()));
      renumbered();
    }
  }
  bool told() const { return told_; }
  bool take_told() { return std::exchange(told_, false); }

 private:
  static constexpr std::size_t most_remembered = 10'000;

  void renumbered() {
    flags_.clear();
    told_ = true;
  }

  std::uint32_t messages_;
  std::map<std::uint32_t, std::vector<std::string>> flags_;  // by message number
  bool told_ = false;
};

}  // namespace

Watcher::Watcher(const WorkerContext& context, net::Waker waker, std::string folder,
                 std::function<void(imap::MailboxStatus)> news, std::function<void()> refused)
    : context_(context),
      folder_(std::move(folder)),
      news_(std::move(news)),
      refused_(std::move(refused)),
      waker_(std::move(waker)),
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
    const auto watched = caught("cannot watch", [&] { return watch(stop); });
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
  auto link = COI_TRY(open_imap(context_, waker_, {.doubted = [this] { return pause_.take_doubt(); }}));
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
  return watch_open(link, stop);
}

Result<> Watcher::watch_open(ImapLink& link, const std::stop_token& stop) {
  const auto& mailbox = link.session().mailbox();
  Ear ear(mailbox ? mailbox->messages.value_or(0) : 0);
  const auto listen = [&ear](imap::Event&& event) -> Result<> { return ear.take(event), Result<>(); };
  Pacer pacer;
  while (!stop.stop_requested() && link.can_idle()) {
    pacer.begin();
    COI_TRY(link.idle(net::after(context_.environment.times.idle_renewal), listen,
                      [&]() -> Result<bool> { return ear.told(); }));
    if (ear.take_told()) news_({.mailbox = folder_});
    while (COI_TRY(link.wait(pacer.next(), listen, []() -> Result<bool> { return false; })) == ImapLink::Wait::woken) {
    }
  }
  return {};
}

}  // namespace coi::engine

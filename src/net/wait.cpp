#include "net/wait.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace coi::net {
namespace {

void ring(const Descriptor& fd) noexcept {
  const std::uint64_t one = 1;
  // Cannot fail but by overflow, and then the descriptor is readable already.
  [[maybe_unused]] const auto written = ::write(fd.number(), &one, sizeof one);
}

int milliseconds_until(Deadline deadline) {
  if (deadline == Deadline::max()) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace

Result<Waker> Waker::create() {
  auto signals = std::make_shared<Signals>();
  signals->wake = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  signals->cancel = Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!signals->wake || !signals->cancel)
    return fail(ErrorKind::io, "cannot make an eventfd: " + std::generic_category().message(errno));
  Waker waker;
  waker.signals_ = std::move(signals);
  return waker;
}

void Waker::wake() const noexcept {
  if (!signals_) return;
  signals_->woken = true;
  ring(signals_->wake);
}

void Waker::cancel() const noexcept {
  if (!signals_) return;
  signals_->cancellation.request_stop();
  ring(signals_->cancel);
}

bool Waker::cancelled() const noexcept { return signals_ && signals_->cancellation.stop_requested(); }

std::stop_token Waker::cancellation() const noexcept {
  return signals_ ? signals_->cancellation.get_token() : std::stop_token();
}

Result<bool> Waker::sleep_until(Deadline deadline) const {
  return COI_TRY(wait(std::span<pollfd>(), deadline, *this, Attention::may_wake)) == Waited::woken;
}

Result<bool> Waker::wait_readable(int descriptor, Deadline deadline) const {
  return COI_TRY(wait(descriptor, POLLIN, deadline, *this, Attention::busy)) == Waited::ready;
}

bool Waker::Signals::take_wake() noexcept {
  const bool taken = woken.exchange(false);
  // A wake() that comes in between has set the flag again, and the flag is looked at before every poll().
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake.number(), &count, sizeof count);
  return taken;
}

Result<bool> was_woken(const Waker& waker) {
  if (waker.cancelled()) return fail(ErrorKind::cancelled, "stopped");
  return waker.signals() != nullptr && waker.signals()->woken && waker.signals()->take_wake();
}

Result<Waited> wait(std::span<pollfd> fds, Deadline deadline, const Waker& waker, Attention attention) {
  Waker::Signals* const signals = waker.signals();
  const bool wakeable = signals != nullptr && attention == Attention::may_wake;
  std::vector<pollfd> polled(fds.begin(), fds.end());
  polled.push_back({signals != nullptr ? signals->cancel.number() : -1, POLLIN, 0});
  polled.push_back({wakeable ? signals->wake.number() : -1, POLLIN, 0});
  for (;;) {
    if (wakeable && COI_TRY(was_woken(waker))) return Waited::woken;
    if (waker.cancelled()) return fail(ErrorKind::cancelled, "stopped");
    const int ready = ::poll(polled.data(), polled.size(), milliseconds_until(deadline));
    if (ready < 0 && errno != EINTR)
      return fail(ErrorKind::io, "cannot wait for the network: " + std::generic_category().message(errno));
    if (waker.cancelled()) return fail(ErrorKind::cancelled, "stopped");
    if (ready > 0) {
      if (polled.back().revents != 0 && signals->take_wake()) return Waited::woken;
      const auto answered =
          std::ranges::count_if(polled.begin(), polled.end() - 2, [](const pollfd& fd) { return fd.revents != 0; });
      std::ranges::copy(polled.begin(), polled.end() - 2, fds.begin());
      if (answered > 0) return Waited::ready;
    } else if (ready == 0 && std::chrono::steady_clock::now() >= deadline) {
      return Waited::timed_out;
    }
  }
}

Result<Waited> wait(int fd, short events, Deadline deadline, const Waker& waker, Attention attention) {
  pollfd one{fd, events, 0};
  return wait(std::span(&one, 1), deadline, waker, attention);
}

}  // namespace coi::net

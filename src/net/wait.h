// Waiting for sockets, for the Waker and for the clock at once. For this room only.
#pragma once

#include <poll.h>

#include <atomic>
#include <cstdint>
#include <span>
#include <stop_token>

#include "base/descriptor.h"
#include "net/waker.h"

namespace coi::net {

// The flag and the stop source say what happened, the descriptors end a poll(), and are written last.
struct Waker::Signals {
  Descriptor wake;    // eventfd, drained when the wake is reported
  Descriptor cancel;  // eventfd, never drained
  std::atomic<bool> woken = false;
  std::stop_source cancellation;

  bool take_wake() noexcept;
};

enum class Waited : std::uint8_t { ready, timed_out, woken };
enum class Attention : std::uint8_t { may_wake, busy };  // busy: a wake() stays remembered

// What another thread asked for before anything is waited for: true for a wake(), which is reported by that.
Result<bool> was_woken(const Waker& waker);

// Until one of `fds` has revents, the deadline, a wake() if `attention` allows it, or cancel() (an error).
// A wake that is already there comes before sockets that are ready.
Result<Waited> wait(std::span<pollfd> fds, Deadline deadline, const Waker& waker, Attention attention);
Result<Waited> wait(int fd, short events, Deadline deadline, const Waker& waker, Attention attention);

}  // namespace coi::net

// How other threads reach a thread that waits for the network.
#pragma once

#include <chrono>
#include <memory>
#include <stop_token>

#include "base/result.h"

namespace coi::net {

// When an operation gives up. Deadline::max() means never.
using Deadline = std::chrono::steady_clock::time_point;

inline Deadline after(std::chrono::steady_clock::duration time) { return std::chrono::steady_clock::now() + time; }

// One for each worker thread, older than its connections: it is handed to every one of them through StreamOptions.
// Copies share the same bell, so another thread keeps a copy and never touches the Stream itself.
// wake() interrupts waiting for something to read and nothing else; cancel() ends everything for good.
class Waker {
 public:
  Waker() = default;  // nobody can wake or cancel
  static Result<Waker> create();

  // Any thread. Remembered until one read() or sleep_until() has reported it; several before that count once.
  void wake() const noexcept;
  // Any thread. From now on connecting, reading, writing and sleeping fail with ErrorKind::cancelled.
  void cancel() const noexcept;
  bool cancelled() const noexcept;
  // Requested by cancel(): for waiting for another thread (base/guarded.h) instead of for the network.
  std::stop_token cancellation() const noexcept;

  // For the owner between two connections. True when woken, false at the deadline. Error: cancelled.
  Result<bool> sleep_until(Deadline deadline) const;
  // For what is no Stream. True when `descriptor` can be read or has come to its end, false at the deadline; a wake()
  // stays remembered. Error: cancelled.
  Result<bool> wait_readable(int descriptor, Deadline deadline) const;

  struct Signals;  // net/wait.h
  Signals* signals() const { return signals_.get(); }

 private:
  std::shared_ptr<Signals> signals_;
};

}  // namespace coi::net

// A value that several threads share, reachable only while its lock is held. For the rare thing that no thread owns
// (the list of accounts); work between threads goes through Queue.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace coi::inline base {

template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  // Calls `use` with the value and hands on what it returns. `use` must be short and must not block.
  template <class Use>
  auto with(Use use) {
    std::lock_guard lock(mutex_);
    return use(value_);
  }
  template <class Use>
  auto with(Use use) const {
    std::lock_guard lock(mutex_);
    return use(static_cast<const T&>(value_));
  }
  // As with(), for a change that somebody in wait() may be waiting for.
  template <class Use>
  auto change(Use use) {
    const Notice notice{changed_};  // after the lock is given back
    std::lock_guard lock(mutex_);
    return use(value_);
  }
  // Waits until `ready` says so of the value, which it is asked at once and after every change(), and then calls `use`
  // under the same lock. nullopt, and `use` not called, at the deadline or once `stop` is requested.
  template <class Ready, class Use>
  auto wait(std::stop_token stop, std::chrono::steady_clock::time_point deadline, Ready ready, Use use)
      -> std::optional<decltype(use(std::declval<T&>()))> {
    std::unique_lock lock(mutex_);
    const bool is = changed_.wait_until(lock, stop, deadline, [&] { return ready(static_cast<const T&>(value_)); });
    if (!is || stop.stop_requested()) return std::nullopt;
    return use(value_);
  }

 private:
  struct Notice {
    std::condition_variable_any& changed;
    ~Notice() { changed.notify_all(); }
  };

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  T value_;
};

}  // namespace coi::inline base

// A value that several threads share, reachable only while its lock is held. For the rare thing that no thread owns
// (the list of accounts); work between threads goes through Queue.
#pragma once

#include <mutex>
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

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace coi::inline base

// A value that several threads share, reachable only while its lock is held. For the rare thing that no thread owns
// (the list of accounts); work between threads goes through Queue.
#pragma once

#include <mutex>
#include <optional>
#include <utility>

namespace coi::inline base {

template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  // Calls `use` with the value and hands on what it returns. `use` must be short and must not block, unless everybody
  // else comes through try_with().
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
  // nullopt, and nothing called, while somebody else has it.
  template <class Use>
  auto try_with(Use use) -> std::optional<decltype(use(std::declval<T&>()))> {
    std::unique_lock lock(mutex_, std::try_to_lock);
    if (!lock) return std::nullopt;
    return use(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_;
};

}  // namespace coi::inline base

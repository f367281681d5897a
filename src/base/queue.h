// The only way from one thread to another: values in, values out, in order. Its mutex and that of guarded.h are
// the house's only ones.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace coi::inline base {

// Unbounded unless told otherwise; every member may be called from any thread.
template <class T>
class Queue {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  Queue() = default;
  // `capacity`: push() waits while so many values are queued; push_urgent() never waits.
  explicit Queue(std::size_t capacity) : capacity_(capacity) {}

  // False, with the value dropped, once the queue is closed or `stop` was requested while waiting for room.
  bool push(T value, std::stop_token stop = {}) {
    std::unique_lock lock(mutex_);
    if (!room_.wait(lock, stop, [&] { return closed_ || capacity_ == 0 || values_.size() < capacity_; })) return false;
    if (closed_) return false;
    values_.push_back(std::move(value));
    lock.unlock();
    filled_.notify_one();
    return true;
  }

  // The next pop() returns it before everything pushed by push(), after other urgent ones.
  bool push_urgent(T value) {
    {
      std::lock_guard lock(mutex_);
      if (closed_) return false;
      values_.insert(values_.begin() + static_cast<std::ptrdiff_t>(urgent_), std::move(value));
      ++urgent_;
    }
    filled_.notify_one();
    return true;
  }

  std::optional<T> try_pop() {
    std::unique_lock lock(mutex_);
    return take(lock);
  }

  // Waits for a value; nullopt when `stop` is requested, or the queue is closed and empty.
  std::optional<T> pop(std::stop_token stop) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, stop, [&] { return closed_ || !values_.empty(); });
    return take(lock);
  }

  // The same, with nullopt at the deadline too.
  std::optional<T> pop_until(Deadline deadline, std::stop_token stop) {
    std::unique_lock lock(mutex_);
    filled_.wait_until(lock, stop, deadline, [&] { return closed_ || !values_.empty(); });
    return take(lock);
  }

  // Nothing goes in any more; what is queued still comes out.
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
    room_.notify_all();
  }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return values_.size();
  }

 private:
  std::optional<T> take(std::unique_lock<std::mutex>& lock) {
    if (values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    if (urgent_ > 0) --urgent_;
    lock.unlock();
    room_.notify_one();
    return value;
  }

  mutable std::mutex mutex_;
  std::condition_variable_any filled_;
  std::condition_variable_any room_;
  std::deque<T> values_;
  std::size_t urgent_ = 0;
  std::size_t capacity_ = 0;  // 0: unbounded
  bool closed_ = false;
};

}  // namespace coi::inline base

// Threads for what takes long and waits for the network: logging in and out. A login that hangs holds up no other one;
// the engine sees to it that two logins to one address never meet.
#pragma once

#include <functional>
#include <thread>
#include <vector>

#include "base/queue.h"

namespace coi::api {

class Errands {
 public:
  using Errand = std::function<void()>;

  Errands() {
    for (int i = 0; i < at_once; ++i) threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
  }
  ~Errands() { stop(); }

  // Dropped without being called after stop().
  void post(Errand errand) { queue_.push(std::move(errand)); }
  // Waits for the errands at hand; drops those that wait.
  void stop() {
    queue_.close();
    for (auto& thread : threads_) thread.request_stop();
    threads_.clear();
    while (queue_.try_pop()) continue;
  }

 private:
  static constexpr int at_once = 4;

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      auto errand = queue_.pop(stop);
      if (!errand) return;
      if (!stop.stop_requested()) (*errand)();
    }
  }

  Queue<Errand> queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace coi::api

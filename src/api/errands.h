// The thread for what takes long and waits for the network: logging in and out. One errand at a time, so that two
// logins to one address never meet.
#pragma once

#include <functional>
#include <thread>

#include "base/queue.h"

namespace coi::api {

class Errands {
 public:
  using Errand = std::function<void()>;

  Errands() : thread_([this](const std::stop_token& stop) { run(stop); }) {}
  ~Errands() { stop(); }

  // Dropped without being called after stop().
  void post(Errand errand) { queue_.push(std::move(errand)); }
  // Waits for the errand at hand; drops those that wait.
  void stop() {
    queue_.close();
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    while (queue_.try_pop()) continue;
  }

 private:
  void run(const std::stop_token& stop) {
    while (!stop.stop_requested())
      if (auto errand = queue_.pop(stop); errand && !stop.stop_requested()) (*errand)();
  }

  Queue<Errand> queue_;
  std::jthread thread_;
};

}  // namespace coi::api

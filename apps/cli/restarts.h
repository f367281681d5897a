// How often a daemon that ended is started again by one command.
#pragma once

#include <chrono>
#include <vector>

#include "base/result.h"

namespace coi::cli {

// A daemon that ends again and again is left alone.
class Restarts {
 public:
  Result<> allow() {
    constexpr std::chrono::minutes span(1);
    constexpr std::size_t most = 5;
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(times_, [&](const auto& time) { return now - time > span; });
    if (times_.size() >= most)
      return fail(ErrorKind::io, "the daemon ended again and again", "its log is coid.log in the data directory");
    times_.push_back(now);
    return {};
  }

 private:
  std::vector<std::chrono::steady_clock::time_point> times_;
};

}  // namespace coi::cli

// What is going on, on standard error: shown to a person who has waited for a second, and wiped when it is over.
#pragma once

#include <chrono>
#include <string>

#include "proto/account.h"

namespace coi::cli {

class Progress {
 public:
  // `what`: "Logging in". Shows nothing unless standard error is a terminal and `wanted`.
  Progress(std::string what, bool wanted);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void say(std::string what);
  void count(const proto::Progress& progress);
  // To be called several times a second.
  void tick();
  void clear();

 private:
  void draw();

  std::string what_;
  std::string bar_;
  bool wanted_;
  bool drawn_ = false;
  std::size_t turn_ = 0;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace coi::cli

// A second connection that only waits: IDLE on one more folder, for servers without NOTIFY.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "engine/imap_link.h"
#include "engine/worker_context.h"

namespace coi::engine {

class Watcher {
 public:
  // `changed` is called on the watcher's thread whenever the server says something about the folder. `refused`: the
  // server allows no further connection; the watcher has ended.
  Watcher(const WorkerContext& context, std::string folder, std::function<void()> changed,
          std::function<void()> refused);
  ~Watcher();

  const std::string& folder() const { return folder_; }

 private:
  void run(const std::stop_token& stop);
  Result<> watch(const std::stop_token& stop);

  const WorkerContext& context_;
  std::string folder_;
  std::function<void()> changed_, refused_;
  net::Waker waker_;
  std::jthread thread_;
};

}  // namespace coi::engine

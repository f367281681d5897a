// The daemon's reading threads. Each keeps a read-only connection to every account it has read from, so that a read
// never waits for a writer nor opens a file.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/queue.h"
#include "engine/account.h"

namespace coi::api {

// One thread's connections.
class Readers {
 public:
  // The connection to the account, good until the end of the work at hand. When the stop was requested that came with
  // the work, what it reads ends with ErrorKind::cancelled.
  Result<store::Reader*> of(const std::shared_ptr<engine::Account>& account);

 private:
  friend class ReadPool;

  struct Entry {
    std::weak_ptr<engine::Account> account;  // expired: logged out, or logged in anew; the connection is stale
    store::Reader reader;
  };

  void begin(std::stop_token stop);
  void end();

  std::map<std::string, Entry> entries_;  // by account id
  std::stop_token stop_;
  std::optional<std::stop_callback<std::function<void()>>> interrupt_;
};

class ReadPool {
 public:
  using Work = std::function<void(Readers&)>;

  explicit ReadPool(Log log = {}, std::size_t threads = 2);
  ~ReadPool() { stop(); }

  // Dropped without being called when `stop` is requested before its turn, or after stop().
  void post(Work work, std::stop_token stop);
  // Waits for the work at hand; drops what waits.
  void stop();

 private:
  struct Task {
    Work work;
    std::stop_token stop;
  };

  void run(const std::stop_token& stop);

  const Log log_;
  Queue<Task> queue_;
  std::vector<std::jthread> threads_;
};

}  // namespace coi::api

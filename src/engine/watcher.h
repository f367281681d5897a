// A second connection that only waits: IDLE on one more folder, for servers without NOTIFY. Where it cannot, because
// the server does not open the folder or lets nobody idle there, it ends, and the folder is looked at now and then.
#pragma once

#include <functional>
#include <string>
#include <thread>

#include "engine/imap_link.h"
#include "engine/pause.h"
#include "engine/worker_context.h"

namespace coi::engine {

// Connections in a row that are refused or end soon, until that counts as the provider's limit.
inline constexpr int too_many_short_lives = 3;

class Watcher {
 public:
  // `news` is called on the watcher's thread: with how the folder stands when the watch begins, and whenever the server
  // says something about it, then with no more than its name. `refused`: the server allows no further connection; the
  // watcher has ended. `waker` is the watcher's own.
  Watcher(const WorkerContext& context, net::Waker waker, std::string folder,
          std::function<void(imap::MailboxStatus)> news, std::function<void()> refused);
  ~Watcher();

  const std::string& folder() const { return folder_; }
  // Any thread. A connection that does not live any more is replaced at once.
  void network_changed() { pause_.network_changed(); }

 private:
  void run(const std::stop_token& stop);
  Result<> watch(const std::stop_token& stop);
  Result<> watch_open(ImapLink& link, const std::stop_token& stop);

  const WorkerContext& context_;
  std::string folder_;
  std::function<void(imap::MailboxStatus)> news_;
  std::function<void()> refused_;
  net::Waker waker_;
  Pause pause_;
  int failures_ = 0;  // in a row
  std::jthread thread_;
};

}  // namespace coi::engine

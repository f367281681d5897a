// The daemon's one loop: waits for clients, requests, answers and signals.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "api/server.h"
#include "base/log.h"
#include "client.h"
#include "listener.h"

namespace coi::daemon {

// An event counter that any thread, and a signal handler, may raise.
class Bell {
 public:
  static Result<std::shared_ptr<Bell>> create();
  explicit Bell(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  int descriptor() const { return descriptor_.number(); }
  void ring() const;
  void silence() const;

 private:
  Descriptor descriptor_;
};

// Sets, from any thread or signal handler, that the loop is to end.
void request_end();

class Loop {
 public:
  // SIGTERM and SIGINT end the loop from now on; SIGPIPE is ignored.
  Loop(api::Server& server, std::shared_ptr<Bell> bell, Log log);

  // `listener` has to outlive the loop.
  void serve(Listener& listener) { listener_ = &listener; }
  void serve_stdio();
  // Until request_end(), the end of the client on standard input, or `idle_exit` without any client.
  void run(std::optional<std::chrono::seconds> idle_exit);
  // Ends the sessions. The clients' sockets are handed back, so that they hang up when all else is over.
  std::vector<Descriptor> finish();

 private:
  using Time = std::chrono::steady_clock::time_point;

  std::function<void()> wake() const;
  bool wait(std::optional<Time> until);
  void accept();
  void make_room();

  api::Server& server_;
  std::shared_ptr<Bell> bell_;
  const Log log_;
  Listener* listener_ = nullptr;
  std::optional<Time> deaf_until_;  // too few descriptors: nobody is let in before
  std::list<Client> clients_;
};

}  // namespace coi::daemon

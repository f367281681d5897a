// The daemon's Unix socket: for programs of the same user alone.
#pragma once

#include <filesystem>

#include "base/descriptor.h"
#include "base/result.h"

namespace coi::daemon {

class Listener {
 public:
  // Makes the directory (0700) if it is missing, takes the place of a socket that nobody listens on, and listens with
  // mode 0600. Errors: locked when somebody listens there; invalid when the path is too long for a socket; io.
  static Result<Listener> open(const std::filesystem::path& path);
  Listener(Listener&&) noexcept = default;
  Listener& operator=(Listener&&) = delete;
  ~Listener();  // removes the socket

  int descriptor() const { return socket_.number(); }
  struct Arrival {
    Descriptor client;      // of the same user; empty: none waits, or it was another user's and has been turned away
    bool crowded = false;   // it took the last descriptor of the process and cannot stay
    bool hopeless = false;  // not even that: to be tried again later
  };
  Arrival accept();
  // After a crowded arrival was let go.
  void take_spare();

 private:
  Listener(Descriptor socket, std::filesystem::path path);

  Descriptor socket_;
  Descriptor spare_;  // given up for a moment to tell a client that there are too few
  std::filesystem::path path_;
};

}  // namespace coi::daemon

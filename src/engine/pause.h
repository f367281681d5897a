// The time between two attempts to connect, and what ends it early.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/error.h"
#include "base/result.h"
#include "net/waker.h"

namespace coi::engine {

// Pauses of 1, 2, 4 … 120 s, each shortened at random by up to a half, so that the clients of a server that was down do
// not come back in step.
class Backoff {
 public:
  std::chrono::milliseconds next();
  void reset() { attempts_ = 0; }

 private:
  int attempts_ = 0;
};

// What keeps a worker from its connection.
enum class Hindrance : std::uint8_t {
  passing,        // Backoff; a network that changes ends it
  closed_door,    // a certificate, a locked keyring: 5 minutes, or until the network changes
  rejected,       // the login: 5 minutes, for providers lock accounts that try again and again
  beyond_limits,  // the server says more than we take, and would do so again: 30 minutes
};

// Of an error that a connection began with, and of one that ended it later.
Hindrance hindrance_of(const Error& error);
Hindrance hindrance_amid(const Error& error);

class Pause {
 public:
  // `waker`: the bell of the worker's connections, which wake() and cancel() ring for other reasons too.
  explicit Pause(net::Waker waker) : waker_(std::move(waker)) {}

  // Any thread.
  void network_changed();
  // Any thread. The user wants to know now, which ends every pause.
  void asked();

  // ---- for the worker ----
  // An attempt begins: what was said before is heeded by it.
  void begin_attempt();
  // Error: cancelled.
  Result<> wait(Hindrance hindrance);
  // A connection works: the next pause is a short one.
  void reset() { backoff_.reset(); }

 private:
  bool ends(Hindrance hindrance);

  net::Waker waker_;
  Backoff backoff_;
  std::atomic<bool> network_changed_ = false;
  std::atomic<bool> asked_ = false;
};

}  // namespace coi::engine

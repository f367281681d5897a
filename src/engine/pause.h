// The time between two attempts to connect, and what ends it early.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "base/error.h"
#include "base/result.h"
#include "engine/times.h"
#include "net/waker.h"

namespace coi::engine {

// Pauses of 1, 2, 4 … 120 s, each shortened at random by up to a half, so that the clients of a server that was down do
// not come back in step. Connections that end soon lengthen them as failed attempts do: a server that takes one only to
// end it is not to be asked every second.
class Backoff {
 public:
  std::chrono::milliseconds after_failure();
  std::chrono::milliseconds after_connection(bool lived_long);
  void reset() { failures_ = short_lives_ = 0; }

 private:
  int failures_ = 0;     // to connect, since the last connection
  int short_lives_ = 0;  // in a row
};

// What keeps a worker from its connection.
enum class Hindrance : std::uint8_t {
  passing,        // Backoff; a network that changes ends it
  closed_door,    // a certificate, a locked keyring: 5 minutes, or until the network changes
  rejected,       // the login: 5 minutes, for providers lock accounts that try again and again
  shut_out,       // no login is tried any more (engine/login_keeper.h): until the user asks
  own_trouble,    // this machine's disk or database: Backoff, whatever the network does
  beyond_limits,  // the server says more than we take, and would do so again: 30 minutes
};

// Of an error that a connection began with, and of one that ended it later.
Hindrance hindrance_of(const Error& error);
Hindrance hindrance_amid(const Error& error);

class Pause {
 public:
  // `waker`: the bell of the worker's connections, which wake() and cancel() ring for other reasons too.
  explicit Pause(net::Waker waker, std::chrono::milliseconds long_life = Times().long_life)
      : waker_(std::move(waker)), long_life_(long_life) {}

  // Any thread.
  void network_changed();
  // Any thread. The user wants to know now, which ends every pause.
  void asked();

  // ---- for the worker ----
  // An attempt begins: what was said before is heeded by it.
  void begin_attempt();
  // The attempt has led to a connection.
  void connected() { connected_at_ = std::chrono::steady_clock::now(); }
  bool was_connected() const { return connected_at_.has_value(); }
  // Of a connection that has just ended: it has lived for two minutes, so that it was a good one.
  bool lived_long() const { return connected_at_ && std::chrono::steady_clock::now() - *connected_at_ >= long_life_; }
  // What was said during the attempt ends it at once, and one pause only. Error: cancelled.
  Result<> wait(Hindrance hindrance);
  // After the attempt, or the connection it led to, ended with this error.
  Result<> wait(const Error& error) { return wait(was_connected() ? hindrance_amid(error) : hindrance_of(error)); }
  // The server has done what it is there for: the next pause is a short one.
  void reset() { backoff_.reset(); }

 private:
  bool ends(Hindrance hindrance);
  net::Deadline end_of(Hindrance hindrance);
  std::chrono::milliseconds length(Hindrance hindrance);

  net::Waker waker_;
  const std::chrono::milliseconds long_life_;
  std::optional<std::chrono::steady_clock::time_point> connected_at_;
  Backoff backoff_;
  std::atomic<bool> network_changed_ = false;
  std::atomic<bool> asked_ = false;
};

}  // namespace coi::engine

// The time between two attempts, and what ends it early. One rule for every loop of every worker: an attempt that
// changed nothing is followed by a pause, and every pause can be cancelled.
//
// A loop that makes its connection anew waits with Pause. A loop over a connection that lives, or over what waits in a
// table, asks Pacer when its next turn may begin, and spends the time until then where it can be cancelled: in
// Pause::wait(), Waker::sleep_until(), ImapLink::wait() or Queue::pop_until(). No loop relies on a peer, a disk or
// another thread to slow it down.
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
  beyond_limits,  // the server says more than we take, and would do so again: 30 minutes
};

// Of an error that a connection began with, and of one that ended it later.
Hindrance hindrance_of(const Error& error);
Hindrance hindrance_amid(const Error& error);

// When the next turn of a loop may begin:
//
//   while (…) {
//     pacer.begin();
//     … one turn, with pacer.changed() for each thing that it got done …
//     wait until pacer.next(), or until something is asked for by another thread that keeps to this rule itself
//   }
//
// Owned by one thread.
class Pacer {
 public:
  // The pause after a turn that changed nothing, counted from the beginning of that turn: `shortest`, and twice as long
  // after each further one, up to `longest`.
  explicit Pacer(std::chrono::milliseconds shortest = std::chrono::seconds(1),
                 std::chrono::milliseconds longest = std::chrono::seconds(1))
      : shortest_(shortest), longest_(longest) {}

  void begin();
  // Something is done that does not come again: a mail came, a chunk is fetched, an outcome is stored. What a peer can
  // repeat for ever (it spoke, it told flags, it hung up) is no change.
  void changed() { changed_ = true; }
  // Not later than now when the turn changed something.
  net::Deadline next() const;

 private:
  std::chrono::milliseconds shortest_, longest_;
  net::Deadline begun_ = net::Deadline::min();
  int idle_turns_ = 0;  // in a row, before this one
  bool changed_ = true;
};

class Pause {
 public:
  // `waker`: the bell of the worker's connections, which wake() and cancel() ring for other reasons too.
  explicit Pause(net::Waker waker, std::chrono::milliseconds long_life = Times().long_life)
      : waker_(std::move(waker)), long_life_(long_life) {}

  // Any thread. Both are doubts about a connection that seems to live, too.
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
  // What ends a pause early ends one: the next one is a whole one again. Error: cancelled, however short the pause.
  Result<> wait(Hindrance hindrance);
  // After the attempt, or the connection it led to, ended with this error.
  Result<> wait(const Error& error) { return wait(was_connected() ? hindrance_amid(error) : hindrance_of(error)); }
  // Whether the connection has been doubted since the last call: it is to show soon whether it lives (ImapLink).
  bool take_doubt() { return doubted_.exchange(false); }
  // The server has done what it is there for: the next pause is a short one.
  void reset() { backoff_.reset(); }

 private:
  bool ends(Hindrance hindrance);
  std::chrono::milliseconds length(Hindrance hindrance);

  net::Waker waker_;
  const std::chrono::milliseconds long_life_;
  std::optional<std::chrono::steady_clock::time_point> connected_at_;
  Backoff backoff_;
  std::atomic<bool> network_changed_ = false;
  std::atomic<bool> asked_ = false;
  std::atomic<bool> doubted_ = false;
};

}  // namespace coi::engine

// One client: the session behind it, and the octets on their way.
#pragma once

#include <poll.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/server.h"
#include "base/descriptor.h"

namespace coi::daemon {

class Client {
 public:
  // A connected socket that does not block.
  Client(api::Server& server, Descriptor socket, std::function<void()> wake);
  // Standard input and output.
  Client(api::Server& server, std::function<void()> wake);

  // Adds what to wait for: one entry of a socket, since poll() takes no more entries than a process may have
  // descriptors, and two of standard input and output. is_to_read() takes its own from the front of what came of it.
  void add_waits(std::vector<pollfd>& waits) const;
  bool is_to_read(std::span<const pollfd>& waits) const;

  // Reads what is there, at most a bounded piece of it. Only when is_to_read() says so.
  void read();
  // Writes as much as the other side takes.
  void write();
  // All is said and answered, or the connection is broken: to be destroyed.
  bool over() const { return broken_ || (ended_ && !wants_output() && session_->settled()); }
  // It takes nothing although something waits for it, since when; and how much.
  std::optional<std::chrono::steady_clock::time_point> stalled_since() const;
  std::size_t unread() const { return taken_.size() - written_ + session_->unread(); }
  void hang_up() { broken_ = true; }
  // Its socket, left open; the client does nothing any more.
  Descriptor release() { return std::move(socket_); }

 private:
  bool wants_input() const;
  // A socket that says no more is watched on: that its other end is gone altogether comes unasked (POLLHUP), and then
  // nobody is left to take the answers.
  bool wants_end() const { return ended_ && socket_; }
  bool wants_output() const { return written_ < taken_.size(); }
  void take_lines();
  ssize_t write_some() const;

  Descriptor socket_;  // empty for standard input and output
  int input_, output_;
  std::unique_ptr<api::Session> session_;
  std::string unread_;                           // an incomplete line
  std::string taken_;                            // from the session …
  std::size_t written_ = 0;                      // … and so much of it is out
  std::chrono::steady_clock::time_point moved_;  // when it last took something, or something was there to be taken
  bool ended_ = false;                           // the client sends no more
  bool broken_ = false;
};

}  // namespace coi::daemon

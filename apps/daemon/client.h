// One client: the session behind it, and the octets on their way.
#pragma once

#include <memory>
#include <string>

#include "api/server.h"
#include "descriptor.h"

namespace coi::daemon {

class Client {
 public:
  // A connected socket that does not block.
  Client(api::Server& server, Descriptor socket, std::function<void()> wake);
  // Standard input and output.
  Client(api::Server& server, std::function<void()> wake);

  // What to wait for.
  int input() const { return input_; }
  int output() const { return output_; }
  bool wants_input() const;
  // A socket that says no more is watched on: that its other end is gone altogether comes unasked (POLLHUP), and then
  // nobody is left to take the answers.
  bool wants_end() const { return ended_ && socket_; }
  bool wants_output() const { return written_ < taken_.size(); }

  // Reads what is there, at most a bounded piece of it. Only when poll() has reported on input().
  void read();
  // Writes as much as the other side takes.
  void write();
  // All is said and answered, or the connection is broken: to be destroyed.
  bool over() const { return broken_ || (ended_ && !wants_output() && session_->settled()); }
  // Its socket, left open; the client does nothing any more.
  Descriptor release() { return std::move(socket_); }

 private:
  void take_lines();
  ssize_t write_some() const;

  Descriptor socket_;  // empty for standard input and output
  int input_, output_;
  std::unique_ptr<api::Session> session_;
  std::string unread_;       // an incomplete line
  std::string taken_;        // from the session …
  std::size_t written_ = 0;  // … and so much of it is out
  bool ended_ = false;       // the client sends no more
  bool broken_ = false;
};

}  // namespace coi::daemon

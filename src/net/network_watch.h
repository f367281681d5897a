// Notices that this computer may reach the network again: a way out has come, or it has woken from sleep.
#pragma once

#include <string_view>

#include "base/descriptor.h"
#include "base/result.h"
#include "net/waker.h"

namespace coi::net {

// For one thread. By the kernel's own word (rtnetlink(7), timerfd_create(2)): no service has to run.
class NetworkWatch {
 public:
  // Error: io, where the system allows no such thing.
  static Result<NetworkWatch> open();

  // Until a default route was added, the computer slept, or its clock was set. What comes within a second counts once:
  // a network comes up in many steps. Error: cancelled.
  Result<> wait(const Waker& waker);

 private:
  NetworkWatch(Descriptor routes, Descriptor clock, Descriptor both)
      : routes_(std::move(routes)), clock_(std::move(clock)), both_(std::move(both)) {}

  bool take_routes();
  bool take_clock();
  bool take();

  Descriptor routes_, clock_;
  Descriptor both_;  // epoll
};

// Whether one of the messages of a datagram says that a default route was added, or one of the halves by which VPNs
// replace it. A route that is gone changes nothing that would not be noticed.
bool adds_default_route(std::string_view datagram);

}  // namespace coi::net

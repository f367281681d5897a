// How long a waiting connection is left alone, and how long it has to live. RFC 2177 asks for less than 29 minutes;
// home routers forget a silent connection much sooner, and every renewal shows within two minutes whether the peer
// still lives.
#pragma once

#include <chrono>

namespace coi::engine {

// Tests make them short.
struct Times {
  std::chrono::milliseconds idle_renewal = std::chrono::minutes(9);
  std::chrono::milliseconds poll = std::chrono::minutes(5);       // what IDLE does not tell of
  std::chrono::milliseconds noop = std::chrono::seconds(10);      // without IDLE, for all folders: a chat waits for it
  std::chrono::milliseconds long_life = std::chrono::minutes(2);  // a connection that ends sooner was no good one
};

}  // namespace coi::engine

// How long a waiting connection is left alone. RFC 2177 asks for less than 29 minutes; home routers forget a silent
// connection much sooner, and every renewal shows within two minutes whether the peer still lives.
#pragma once

#include <chrono>

namespace coi::engine {

inline constexpr std::chrono::minutes idle_renewal{9};
inline constexpr std::chrono::minutes poll_interval{5};                // folders that nothing tells of
inline constexpr std::chrono::seconds poll_interval_without_idle{10};  // a NOOP is cheap, and a chat waits for it

}  // namespace coi::engine

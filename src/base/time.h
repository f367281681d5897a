// Time as the house counts it: whole milliseconds since 1970-01-01T00:00:00Z, and a clock that is handed in so that
// tests can shift it. Durations inside one process (timeouts) use std::chrono::steady_clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace coi::inline base {

using UnixMs = std::int64_t;
using Clock = std::function<UnixMs()>;

UnixMs system_now();

// The last whole second that is not after it: what a mail's Date can say.
constexpr UnixMs whole_seconds(UnixMs time) { return (time >= 0 ? time : time - 999) / 1000 * 1000; }

// RFC 3339 in UTC with milliseconds: "2026-11-24T05:42:45.000Z".
std::string to_rfc3339(UnixMs time);
// Accepts any RFC 3339 date-time with offset; nullopt for anything else.
std::optional<UnixMs> from_rfc3339(std::string_view text);

}  // namespace coi::inline base

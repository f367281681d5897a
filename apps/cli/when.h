// A time to come, as people write it.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace coi::cli {

// What a day without a time means.
enum class Day : std::uint8_t {
  none,  // that no time was given
  end,   // its last second
};

// "2026-11-30T18:30:00+01:00" (RFC 3339); without its zone, or with a blank for the T, in that of this machine;
// "2026-11-30 18:30"; "2026-11-30", as `day` says; "18:30", today or else tomorrow; "tomorrow 9:00"; each with seconds
// too; "+10m" and "10m", as parse_seconds(); "now". Error: invalid, also for a day or an hour that does not exist, and
// for a time that is past.
inline constexpr auto when_help = "18:30, \"tomorrow 9:00\", +10m, \"2026-11-30 18:30\"";
inline constexpr auto until_help = "until when: 8h, 2d, 18:30, 2026-11-30, \"2026-11-30 18:30\"";
Result<UnixMs> parse_when(std::string_view text, UnixMs now, Day day = Day::none);

// What a poll offers: a day, "2026-12-05", as it is, and a moment as parse_when() reads it, as RFC 3339 in UTC.
Result<std::string> parse_date(std::string_view text, UnixMs now);

// How long a message is held back so that it can be taken back: "5s", "5", "1m"; "off" and "0" are 0 seconds. Error:
// invalid, for more than a minute, too.
Result<std::uint64_t> parse_delay(std::string_view text);

}  // namespace coi::cli

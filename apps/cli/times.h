// Times as people say them, in the zone of this machine.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace coi::cli {

// "now", "5 min", "3 h", "yesterday", "Tuesday", "12 May", "12 May 2024"
std::string ago(UnixMs time, UnixMs now);
// "14:32"
std::string clock_text(UnixMs time);
// "Tuesday, 24 November", with the year when it is another one than now
std::string day_text(UnixMs time, UnixMs now);
// "Tue, 24 Nov", with the year when it is another one than now
std::string short_day_text(UnixMs time, UnixMs now);
// Today "14:32", else "Tuesday, 24 November, 14:32": for a time to come.
std::string moment_text(UnixMs time, UnixMs now);

// A birthday as profiles have it, "1998-12-24" or "--12-24", as people write it: "1998-12-24" or "12-24".
std::string birthday_text(const std::string& birthday);

// "30s", "30m", "8h", "2d", "1w", "1h30m", "90 minutes": at least a second, a hundred years at most. Error: invalid.
Result<std::chrono::seconds> parse_seconds(std::string_view text);
// "30m", "8h", "2d", "1w", "1h30m", "90 minutes": at least a minute, a hundred years at most. Error: invalid.
Result<std::chrono::minutes> parse_duration(std::string_view text);

}  // namespace coi::cli

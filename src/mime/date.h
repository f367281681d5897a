// The date of a mail (RFC 5322, section 3.3 and 4.3).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace coi::mime {

// All the forms of the RFC, the obsolete ones too (two-digit years, named zones, comments anywhere), and what is met
// besides: asctime(), "24-Nov-2026", full month names, no comma, "GMT+0200", RFC 3339. No zone and unknown zones count
// as UTC. nullopt: no date, or a day that does not exist.
std::optional<UnixMs> parse_date(std::string_view value);

// "Tue, 24 Nov 2026 04:06:42 +0100". The offset from UTC is shown; the machine's own zone plays no part.
std::string format_date(UnixMs time, std::chrono::minutes offset);

}  // namespace coi::mime

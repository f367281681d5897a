// What of an object is read at all. The inside of invitation.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"

namespace coi::calendar {

struct SelectedLines {
  // One VCALENDAR with its VTIMEZONEs and one VEVENT, each with its end; content lines (RFC 5545, 3.1) in valid UTF-8
  // without control characters, folded at 70 octets, LF behind each. It holds the properties that this room reads and
  // no others.
  std::string object;
  std::size_t events = 0;  // VEVENTs that were there
};

// Which VEVENT, and the errors, are those of read_invitation().
Result<SelectedLines> select_lines(std::string_view octets, const Limits& limits);

}  // namespace coi::calendar

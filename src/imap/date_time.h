// date-time of RFC 3501 section 9, as in INTERNALDATE and APPEND: " 5-Jun-2026 18:00:00 +0200".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace coi::imap {

// nullopt for what is no such date. The day may have one digit with or without the leading space.
std::optional<UnixMs> parse_date_time(std::string_view text);
// In UTC, whole seconds.
std::string print_date_time(UnixMs time);

}  // namespace coi::imap

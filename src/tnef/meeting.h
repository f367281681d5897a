// A mail about a meeting -> iCalendar (MS-OXCICAL 2.1.3; RFC 5545, 5546). For this room only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "tnef/property.h"
#include "tnef/text.h"

namespace coi::tnef {

// One VEVENT with the METHOD that `message_class` says: REQUEST, CANCEL, or REPLY with the sender's answer. Times are
// UTC; a whole day is a date, right where the offset from UTC is below 12 hours. Empty for what is about no meeting,
// for a series (its rule is not read, and a single date of it would be wrong), and where time, id, or of an answer the
// address of who answers, are missing. `page`: of strings that are not Unicode.
Text read_meeting(std::string_view message_class, const Piece& subject, const Properties& properties, CodePage page);

// The address that SMTP has for somebody: from the property that says just that, else from the other one if its type
// is SMTP. "" where there is none.
std::string smtp_address(const Properties& properties, std::uint32_t smtp, std::uint32_t type, std::uint32_t address);

// 100 ns since 1601 -> milliseconds since 1970; nothing beyond the years 1970 to 9999.
std::optional<UnixMs> unix_time(std::optional<std::uint64_t> file_time);

}  // namespace coi::tnef

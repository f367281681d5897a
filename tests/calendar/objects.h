// Calendar objects as programs write them, and short ways to read them.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "base/ascii.h"
#include "base/time.h"
#include "calendar/invitation.h"

namespace coi::calendar {

// Lines as they are sent.
inline std::string crlf(std::string_view lines) {
  std::string out;
  for (const auto line : ascii_split(lines, '\n')) out.append(out.empty() ? "" : "\r\n").append(line);
  return out;
}

inline std::string object(std::string_view event, std::string_view before = "METHOD:REQUEST\n") {
  return crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Test//EN\n" + std::string(before) +
              "BEGIN:VEVENT\nUID:42@example.org\nDTSTAMP:20261130T080000Z\n" + std::string(event) +
              "END:VEVENT\nEND:VCALENDAR\n");
}

inline Invitation read(std::string_view octets) {
  auto invitation = read_invitation(octets, Limits{});
  EXPECT_TRUE(invitation.has_value()) << (invitation ? "" : invitation.error().text());
  return invitation ? *invitation : Invitation{};
}

inline ErrorKind error_of(std::string_view octets, const Limits& limits = {}) {
  const auto invitation = read_invitation(octets, limits);
  EXPECT_FALSE(invitation.has_value());
  return invitation ? ErrorKind::internal : invitation.error().kind();
}

// "2026-12-01T09:00:00.000Z"; "-" where the time is not known.
inline std::string utc(const std::optional<Moment>& moment) {
  return moment && moment->time ? to_rfc3339(*moment->time) : "-";
}
// What the clock shows: "2026-12-01T10:00:00", or "2026-12-01" of a whole day.
inline std::string shown(const std::optional<Moment>& moment) {
  if (!moment) return "-";
  const auto text = to_rfc3339(moment->local.time_since_epoch().count() * 1000);
  return text.substr(0, moment->all_day ? 10 : 19);
}

// The zone Outlook writes for Berlin.
inline constexpr std::string_view w_europe =
    "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\n"
    "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
    "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

}  // namespace coi::calendar

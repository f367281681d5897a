// When an event begins and ends, in whatever zone.
#include <chrono>

#include "calendar/windows_zones.h"
#include "objects.h"

namespace coi::calendar {
namespace {

Invitation at(std::string_view lines, std::string_view zone = "") {
  return read(object(lines, "METHOD:REQUEST\n" + std::string(zone)));
}

TEST(Moments, WholeDaysHaveNoZone) {
  const auto days = at("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227\n");
  EXPECT_TRUE(days.start->all_day);
  EXPECT_EQ(shown(days.start), "2026-12-24");
  EXPECT_EQ(utc(days.start), "-");
  EXPECT_EQ(shown(days.end), "2026-12-27");
  EXPECT_EQ(shown(at("DTSTART;VALUE=DATE:20261224\n").end), "2026-12-25");
  EXPECT_EQ(shown(at("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261224\n").end), "2026-12-25");
  EXPECT_EQ(shown(at("DTSTART;VALUE=DATE:20261224\nDURATION:P1W\n").end), "2026-12-31");
  EXPECT_TRUE(at("DTSTART:20261224\n").start->all_day);  // without VALUE
}

TEST(Moments, FloatingTimesAreThoseOfAnyClock) {
  const auto floating = at("DTSTART:20261224T180000\nDTEND:20261224T200000\n");
  EXPECT_FALSE(floating.start->all_day);
  EXPECT_EQ(floating.start->zone, "");
  EXPECT_EQ(shown(floating.start), "2026-12-24T18:00:00");
  EXPECT_EQ(utc(floating.start), "-");
  EXPECT_EQ(shown(floating.end), "2026-12-24T20:00:00");
}

TEST(Moments, DurationsGoByDaysOfTheCalendarAndHoursOfTheClock) {
  EXPECT_EQ(utc(at("DTSTART:20261201T090000Z\nDURATION:PT1H30M\n").end), "2026-12-01T10:30:00.000Z");
  // The night in which the clocks of Berlin are put back.
  const auto day = at("DTSTART;TZID=Europe/Berlin:20261024T120000\nDURATION:P1D\n");
  EXPECT_EQ(shown(day.end), "2026-10-25T12:00:00");
  EXPECT_EQ(utc(day.end), "2026-10-25T11:00:00.000Z");
  const auto hours = at("DTSTART;TZID=Europe/Berlin:20261024T120000\nDURATION:PT24H\n");
  EXPECT_EQ(shown(hours.end), "2026-10-25T11:00:00");
  EXPECT_EQ(utc(hours.end), "2026-10-25T10:00:00.000Z");
  EXPECT_EQ(shown(at("DTSTART:20261201T090000\nDURATION:PT15M\n").end), "2026-12-01T09:15:00");
}

TEST(Moments, AnEndThatMakesNoSenseIsNone) {
  EXPECT_EQ(at("DTSTART:20261201T090000Z\n").end, std::nullopt);
  EXPECT_EQ(at("DTSTART:20261201T090000Z\nDTEND:20261201T080000Z\n").end, std::nullopt);
  EXPECT_EQ(at("DTSTART:20261201T090000Z\nDTEND;VALUE=DATE:20261202\n").end, std::nullopt);
  EXPECT_EQ(at("DTSTART:20261201T090000Z\nDURATION:-PT1H\n").end, std::nullopt);
  EXPECT_EQ(at("DTSTART:20261201T090000Z\nDURATION:P4000000000W\n").end, std::nullopt);
  EXPECT_EQ(at("DTEND:20261201T080000Z\n").end, std::nullopt);
  EXPECT_EQ(utc(at("DTSTART:20261201T090000Z\nDTEND:20261201T090000Z\n").end), "2026-12-01T09:00:00.000Z");
}

TEST(Moments, TheZoneOfTheObjectCounts) {
  const auto start = [](std::string_view local) {
    return utc(at("DTSTART;TZID=W. Europe Standard Time:" + std::string(local) + "\n", w_europe).start);
  };
  EXPECT_EQ(start("20260701T090000"), "2026-07-01T07:00:00.000Z");
  EXPECT_EQ(start("20261201T090000"), "2026-12-01T08:00:00.000Z");
  EXPECT_EQ(start("20261025T015959"), "2026-10-24T23:59:59.000Z");
  EXPECT_EQ(start("20261025T030000"), "2026-10-25T02:00:00.000Z");
  EXPECT_EQ(start("20500701T090000"), "2050-07-01T07:00:00.000Z");
  // A name of one's own, with what has to be quoted; also one that the system knows otherwise.
  const std::string rules =
      "BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD\n";
  EXPECT_EQ(utc(at("DTSTART;TZID=\"(UTC+05:30) Chennai, Delhi\":20261201T090000\n",
                   "BEGIN:VTIMEZONE\nTZID:(UTC+05:30) Chennai\\, Delhi\n" + rules + "END:VTIMEZONE\n")
                    .start),
            "2026-12-01T03:30:00.000Z");
  EXPECT_EQ(utc(at("DTSTART;TZID=Europe/Berlin:20261201T090000\n",
                   "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n" + rules + "END:VTIMEZONE\n")
                    .start),
            "2026-12-01T03:30:00.000Z");
}

TEST(Moments, AZoneThatTheObjectLacksIsTheSystems) {
  const auto start = [](std::string_view tzid) {
    return utc(at("DTSTART;TZID=" + std::string(tzid) + ":20260701T090000\n").start);
  };
  EXPECT_EQ(start("Europe/Berlin"), "2026-07-01T07:00:00.000Z");
  EXPECT_EQ(start("America/New_York"), "2026-07-01T13:00:00.000Z");
  EXPECT_EQ(start("Asia/Kolkata"), "2026-07-01T03:30:00.000Z");
  EXPECT_EQ(start("Australia/Sydney"), "2026-06-30T23:00:00.000Z");
  EXPECT_EQ(start("Etc/GMT-3"), "2026-07-01T06:00:00.000Z");
  EXPECT_EQ(start("W. Europe Standard Time"), "2026-07-01T07:00:00.000Z");
  EXPECT_EQ(start("pacific standard time"), "2026-07-01T16:00:00.000Z");
  EXPECT_EQ(start("UTC"), "2026-07-01T09:00:00.000Z");
  EXPECT_EQ(start("tzone://Microsoft/Utc"), "2026-07-01T09:00:00.000Z");
  EXPECT_EQ(start("/freeassociation.sourceforge.net/Europe/Berlin"), "2026-07-01T07:00:00.000Z");
  EXPECT_EQ(start("/citadel.org/20210210_1/America/New_York"), "2026-07-01T13:00:00.000Z");
  EXPECT_EQ(utc(at("DTSTART;TZID=Europe/Berlin:20500701T090000\n").start), "2050-07-01T07:00:00.000Z");
}

TEST(Moments, InAZoneThatNobodyKnowsAreToldAsTheyStand) {
  for (const std::string tzid : {"Customized Time Zone", "Nowhere/Atlantis", "../../../etc/passwd",
                                 "Europe/../Europe/Berlin", "/", "//", "Europe", "posix/Europe/Berlin"}) {
    const auto start = at("DTSTART;TZID=" + tzid + ":20260701T090000\n").start;
    EXPECT_EQ(utc(start), "-") << tzid;
    EXPECT_EQ(shown(start), "2026-07-01T09:00:00");
    EXPECT_EQ(start->zone, tzid);
  }
  EXPECT_EQ(utc(at("DTSTART;TZID=Europe/Berlin:99990101T000000\n").start), "-");
}

// Rules that would fill the memory are no zone's; the system's zone of that name is asked.
TEST(Moments, RulesThatNoZoneHasAreNotFollowed) {
  const auto start = [](std::string_view rule, std::string_view offset = "+0100") {
    const auto zone =
        "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0000\n"
        "TZOFFSETTO:" +
        std::string(offset) + "\n" + std::string(rule) + "END:STANDARD\nEND:VTIMEZONE\n";
    return utc(at("DTSTART;TZID=Europe/Berlin:20260701T090000\n", zone).start);
  };
  EXPECT_EQ(start(""), "2026-07-01T08:00:00.000Z");
  constexpr std::string_view of_the_system = "2026-07-01T07:00:00.000Z";
  EXPECT_EQ(start("RRULE:FREQ=SECONDLY\n"), of_the_system);
  EXPECT_EQ(start("RRULE:FREQ=YEARLY;BYMONTH=1;BYHOUR=1,2,3;BYMINUTE=1,2,3\n"), of_the_system);
  EXPECT_EQ(start("RRULE:FREQ=YEARLY;BYDAY=MO\n"), of_the_system);
  EXPECT_EQ(start("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"), "2026-07-01T08:00:00.000Z");
  EXPECT_EQ(start("", "+9999"), of_the_system);
  EXPECT_EQ(start("", "-99999999999"), of_the_system);
}

TEST(Moments, ManyRulesAreReadInLittleTime) {
  std::string zone = "BEGIN:VTIMEZONE\nTZID:Z\n";
  for (int i = 0; i < 16; ++i)
    zone +=
        "BEGIN:STANDARD\nDTSTART:00010101T000000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14,15\nEND:STANDARD\n";
  zone += "END:VTIMEZONE\n";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(utc(at("DTSTART;TZID=Z:22000701T090000\n", zone).start), "2200-07-01T08:00:00.000Z");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
}

TEST(Moments, WindowsZonesHaveNamesOfTheSystem) {
  EXPECT_EQ(iana_zone("W. Europe Standard Time"), "Europe/Berlin");
  EXPECT_EQ(iana_zone("AUS CENTRAL STANDARD TIME"), "Australia/Darwin");
  EXPECT_EQ(iana_zone("Yukon Standard Time"), "America/Whitehorse");
  EXPECT_EQ(iana_zone("W. Europe"), "");
  EXPECT_EQ(iana_zone(""), "");
}

}  // namespace
}  // namespace coi::calendar

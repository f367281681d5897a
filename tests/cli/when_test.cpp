// Times to come, as people write them.
#include "when.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace coi::cli {
namespace {

class When : public testing::Test {
 protected:
  When() {
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    ::tzset();
  }
  const UnixMs now_ = from_rfc3339("2026-11-24T15:30:00+01:00").value();
  std::string when(std::string_view text, Day day = Day::none) {
    const auto found = parse_when(text, now_, day);
    return found ? to_rfc3339(*found) : "none";
  }
  static std::string at(const char* text) { return to_rfc3339(from_rfc3339(text).value()); }
};

TEST_F(When, IsADayAndAnHourWithAZoneOrInThatOfThisMachine) {
  EXPECT_EQ(when("2026-11-30T18:30:00+03:00"), at("2026-11-30T18:30:00+03:00"));
  EXPECT_EQ(when("2026-11-30T18:30:00Z"), at("2026-11-30T18:30:00Z"));
  for (const auto* same : {"2026-11-30T18:30:00", "2026-11-30T18:30", "2026-11-30 18:30", "2026-11-30 18:30:00"})
    EXPECT_EQ(when(same), at("2026-11-30T18:30:00+01:00")) << same;
  EXPECT_EQ(when("2027-07-01 18:30"), at("2027-07-01T18:30:00+02:00")) << "in summer";
}

TEST_F(When, IsTheNextTimeAtWhichTheClockShowsIt) {
  EXPECT_EQ(when("18:30"), at("2026-11-24T18:30:00+01:00"));
  EXPECT_EQ(when("9:00"), at("2026-11-25T09:00:00+01:00")) << "past today";
  EXPECT_EQ(when("tomorrow 9:00"), at("2026-11-25T09:00:00+01:00"));
  EXPECT_EQ(when("tomorrow 18:30"), at("2026-11-25T18:30:00+01:00"));
}

TEST_F(When, IsToTheSecondWhereThatIsSaid) {
  EXPECT_EQ(when("18:30:15"), at("2026-11-24T18:30:15+01:00"));
  EXPECT_EQ(when("tomorrow 9:00:59"), at("2026-11-25T09:00:59+01:00"));
  EXPECT_EQ(when("2026-11-30 18:30:15"), at("2026-11-30T18:30:15+01:00"));
}

TEST_F(When, ADayAloneIsItsEndOrNoTime) {
  EXPECT_EQ(when("2026-11-30", Day::end), at("2026-11-30T23:59:59+01:00"));
  EXPECT_EQ(when("2026-11-24", Day::end), at("2026-11-24T23:59:59+01:00")) << "today";
  EXPECT_EQ(when("2026-11-23", Day::end), "none") << "past";
  EXPECT_EQ(when("2026-02-31", Day::end), "none");
  EXPECT_EQ(when("2026-11-30"), "none");
}

TEST_F(When, IsALengthOfTimeFromNowOn) {
  EXPECT_EQ(when("+10m"), at("2026-11-24T15:40:00+01:00"));
  EXPECT_EQ(when("2h"), at("2026-11-24T17:30:00+01:00"));
  EXPECT_EQ(when("30s"), at("2026-11-24T15:30:30+01:00")) << "to the second";
  EXPECT_EQ(when("+1m5s"), at("2026-11-24T15:31:05+01:00"));
  EXPECT_EQ(when("now"), at("2026-11-24T15:30:00+01:00"));
}

TEST_F(When, IsNothingThatIsPastOrDoesNotExist) {
  for (const auto* wrong :
       {"", "+", "soon", "25:00", "9", "2026-02-30 10:00", "2027-02-30 10:00", "2027-02-31T10:00:00Z",
        "2027-04-31 10:00", "18:30:61", "2027-03-28 02:30", "2026-11-24 15:29", "2020-01-01T00:00:00Z", "tomorrow",
        "tomorrow soon", "18:30 x", "2026-11-30", "+0m", "++1m"})
    EXPECT_EQ(when(wrong), "none") << wrong;
}

TEST_F(When, WhatAPollOffersIsADayOrAMomentThatTellsNoZone) {
  const auto date = [](std::string_view text) { return parse_date(text, *from_rfc3339("2026-11-24T15:30:00+01:00")); };
  EXPECT_EQ(date("2026-12-05").value(), "2026-12-05");
  EXPECT_EQ(date("2026-12-05 18:00").value(), "2026-12-05T17:00:00Z");
  EXPECT_EQ(date("2027-07-05T18:00").value(), "2027-07-05T16:00:00Z") << "as the clock is then";
  EXPECT_EQ(date("tomorrow 9:00").value(), "2026-11-25T08:00:00Z");
  EXPECT_EQ(date("2026-12-05T18:00:00-05:00").value(), "2026-12-05T18:00:00-05:00") << "another zone stays";
  EXPECT_FALSE(date("2026-02-30"));
  EXPECT_FALSE(date("today"));
}

}  // namespace
}  // namespace coi::cli

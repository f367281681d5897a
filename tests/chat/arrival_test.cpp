#include "chat/arrival.h"

#include <gtest/gtest.h>

namespace coi::chat {
namespace {

constexpr UnixMs now = 1'795'493'202'000;
constexpr UnixMs minute = 60'000;
constexpr UnixMs hour = 60 * minute;
constexpr UnixMs day = 24 * 60 * minute;
constexpr UnixMs year = 365 * day;

TEST(Arrival, ReceivedCountsBeforeAllElse) {
  for (const auto date : {now - 2 * day, now + 2 * day, now - 10 * year, now + 30 * year, UnixMs{0}})
    for (const auto internaldate : {now, now + 4 * year, now - 30 * minute, UnixMs{0}, UnixMs{-2'208'988'800'000}})
      EXPECT_EQ(arrival({.received = now - minute, .internaldate = internaldate, .date = date}, now), now - minute);
}

TEST(Arrival, AnImportKeepsItsOrder) {
  EXPECT_EQ(arrival({.received = now - 3 * year, .internaldate = now, .date = now - 3 * year - minute}, now),
            now - 3 * year);
  EXPECT_EQ(arrival({.internaldate = now, .date = now - 3 * day, .own = true}, now), now - 3 * day);
  EXPECT_EQ(arrival({.internaldate = now, .date = now - 3 * year}, now), now - 3 * year);
  // By a program that takes INTERNALDATE from Date.
  const auto date = now - 5 * day;
  EXPECT_EQ(arrival({.received = now - 3 * day, .internaldate = date, .date = date}, now), now - 3 * day);
}

TEST(Arrival, ReceivedBehindInternaldateIsTheSendersClock) {
  for (const auto fast : {2 * hour, 2 * day, 10 * day, year})
    for (const auto read_at : {now, now + 11 * day})
      EXPECT_EQ(arrival({.received = now + fast, .internaldate = now, .date = now + fast}, read_at), now);
  EXPECT_EQ(arrival({.received = now + 30 * minute, .internaldate = now, .date = now}, now), now + 30 * minute);
}

TEST(Arrival, AServersTimeInTheFutureIsNone) {
  for (const auto internaldate : {now + 10 * day, now + 73 * year}) {
    EXPECT_EQ(arrival({.internaldate = internaldate, .date = now - minute}, now), now - minute);
    EXPECT_EQ(arrival({.internaldate = internaldate, .date = now - minute, .own = true}, now), now - minute);
    EXPECT_EQ(arrival({.received = now - minute, .internaldate = internaldate, .date = now}, now), now - minute);
    EXPECT_EQ(arrival({.received = now + 5 * day, .internaldate = internaldate, .date = now}, now), now);
    EXPECT_EQ(arrival({.internaldate = internaldate}, now), now);
  }
  EXPECT_EQ(arrival({.received = now + 5 * day, .date = now}, now), now);
}

// The servers agree with each other, and so do devices whose clock is right.
TEST(Arrival, ADeviceWithASlowClockOrdersAsOthersDo) {
  for (const auto slow : {hour, 2 * day, 20 * day}) {
    const auto device = now - slow;
    EXPECT_EQ(arrival({.received = now - minute, .internaldate = now, .date = now - minute}, device), now - minute);
  }
  EXPECT_EQ(arrival({.internaldate = now, .date = now - minute, .own = true}, now - 3 * hour), now - minute);
}

TEST(Arrival, WithoutReceivedTheServersClockBoundsTheAuthors) {
  EXPECT_EQ(arrival({.internaldate = now, .date = now - 2 * day}, now), now);
  EXPECT_EQ(arrival({.internaldate = now, .date = now + 2 * day}, now), now);
  EXPECT_EQ(arrival({.internaldate = now, .date = now + 2 * day, .own = true}, now), now);
  EXPECT_EQ(arrival({.internaldate = now, .date = 0}, now), now);
  EXPECT_EQ(arrival({.internaldate = now}, now), now);
}

TEST(Arrival, AnAbsurdTimeIsNone) {
  EXPECT_EQ(arrival({.received = 5 * year, .internaldate = 0, .date = now - day}, now), now - day);
  EXPECT_EQ(arrival({.received = now + year, .internaldate = now - minute}, now), now - minute);
  EXPECT_EQ(arrival({.date = now + 30 * year}, now), now);
  EXPECT_EQ(arrival({}, now), now);
}

TEST(Arrival, TheAuthorsTimeIsShownWhereItCanBe) {
  EXPECT_EQ(shown_time(now - minute, now), now - minute);
  EXPECT_EQ(shown_time(now + minute, now), now);
  EXPECT_EQ(odd_date(now - minute, now), std::nullopt);
  for (const auto odd : {now - 2 * day, now + 2 * day, now + 30 * year, UnixMs{86'400'000}}) {
    EXPECT_EQ(shown_time(odd, now), now);
    EXPECT_EQ(odd_date(odd, now), odd);
  }
  EXPECT_EQ(shown_time(0, now), now);
  EXPECT_EQ(odd_date(0, now), std::nullopt);
}

}  // namespace
}  // namespace coi::chat

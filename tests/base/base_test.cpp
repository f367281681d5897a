#include <gtest/gtest.h>

#include <thread>

#include "base/ascii.h"
#include "base/guarded.h"
#include "base/queue.h"
#include "base/result.h"
#include "base/secret.h"
#include "base/size_text.h"
#include "base/strong_id.h"
#include "base/time.h"

namespace coi {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorKind::invalid, "odd number", "give an even one");
  return n / 2;
}

Result<int> quarter(int n) { return COI_TRY(half(COI_TRY(half(n)))); }

TEST(Ascii, TwoHexadecimalDigitsAreAnOctet) {
  EXPECT_EQ(ascii_hex_octet("4A"), 'J');
  EXPECT_EQ(ascii_hex_octet("fFx"), '\xFF');
  for (const auto* none : {"", "4", "4g", "G4", " 4"}) EXPECT_EQ(ascii_hex_octet(none), std::nullopt) << none;
}

TEST(Ascii, PercentEscapesAreUndoneAndOthersStay) {
  EXPECT_EQ(ascii_undo_percent("a%20b%2Bc%2b"), "a b+c+");
  EXPECT_EQ(ascii_undo_percent("100%"), "100%");
  EXPECT_EQ(ascii_undo_percent("%%41%4g%"), "%A%4g%");
  EXPECT_EQ(ascii_undo_percent("%2541"), "%41");
}

TEST(SizeText, HasThreeDigitsAtMost) {
  EXPECT_EQ(size_text(999), "999 bytes");
  EXPECT_EQ(size_text(1000), "1.0 kB");
  EXPECT_EQ(size_text(23'400), "23.4 kB");
  EXPECT_EQ(size_text(123'456), "123 kB");
  EXPECT_EQ(size_text(999'600), "1.0 MB");
  EXPECT_EQ(size_text(26'214'400), "26.2 MB");
}

TEST(Result, TryHandsOnValueAndError) {
  EXPECT_EQ(quarter(12).value(), 3);
  const auto odd = within(quarter(6), "cannot quarter");
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().kind(), ErrorKind::invalid);
  EXPECT_EQ(odd.error().text(), "cannot quarter: odd number");
  EXPECT_EQ(odd.error().hint(), "give an even one");
}

TEST(Error, EveryKindHasItsOwnWord) {
  EXPECT_EQ(name(ErrorKind::invalid), "invalid");
  EXPECT_EQ(name(ErrorKind::needs_oauth), "needs_oauth");
  EXPECT_EQ(name(ErrorKind::internal), "internal");
}

TEST(Time, Rfc3339RoundTrip) {
  EXPECT_EQ(to_rfc3339(0), "1970-01-01T00:00:00.000Z");
  for (const UnixMs time : {0L, 1'795'498'965'123L, -1L}) EXPECT_EQ(from_rfc3339(to_rfc3339(time)), time);
  EXPECT_EQ(from_rfc3339("2026-06-05T18:00:00+02:00"), from_rfc3339("2026-06-05T16:00:00Z"));
  for (const auto* bad : {"", "2026", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z",
                          "2026-01-01T00:00:00+2:00", "2026-01-01T00:00:00Zx"})
    EXPECT_EQ(from_rfc3339(bad), std::nullopt) << bad;
}

TEST(Ascii, ComparesWithoutCaseAndOnlyAscii) {
  EXPECT_TRUE(ascii_iequal("Chat-Version", "cHAT-vERSION"));
  EXPECT_FALSE(ascii_iequal("\xc3\x84", "\xc3\xa4"));
  EXPECT_EQ(ascii_trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(ascii_split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_TRUE(AsciiLess{}("ABC", "abd"));
}

TEST(Ascii, ReadsWholeNumbersOnly) {
  EXPECT_EQ(ascii_number("0"), 0U);
  EXPECT_EQ(ascii_number("4294967295"), 4294967295U);
  EXPECT_EQ(ascii_number<std::uint64_t>("4294967296"), 4294967296U);
  for (const auto* bad : {"", "-1", "+1", " 1", "1 ", "1x", "0x1", "4294967296"})
    EXPECT_EQ(ascii_number(bad), std::nullopt) << bad;
  EXPECT_TRUE(is_ascii(std::string_view("a\0\x7f", 3)));
  EXPECT_FALSE(is_ascii("a\x80"));
}

TEST(Queue, UrgentOvertakesAndKeepsItsOwnOrder) {
  Queue<int> queue;
  queue.push(1);
  queue.push(2);
  queue.push_urgent(10);
  queue.push_urgent(11);
  std::vector<int> out;
  while (auto value = queue.try_pop()) out.push_back(*value);
  EXPECT_EQ(out, (std::vector{10, 11, 1, 2}));
}

TEST(Queue, ClosedQueueStillGivesWhatItHolds) {
  Queue<int> queue;
  queue.push(1);
  queue.close();
  EXPECT_FALSE(queue.push(2));
  EXPECT_EQ(queue.pop({}), 1);
  EXPECT_EQ(queue.pop({}), std::nullopt);
}

TEST(Queue, FullQueueHoldsThePusherBackUntilThereIsRoom) {
  Queue<int> queue(1);
  queue.push(1);
  std::jthread pusher([&] { queue.push(2); });
  EXPECT_EQ(queue.pop({}), 1);
  EXPECT_EQ(queue.pop({}), 2);
}

TEST(Queue, StopEndsTheWait) {
  Queue<int> queue;
  std::jthread waiter([&](std::stop_token stop) { EXPECT_EQ(queue.pop(stop), std::nullopt); });
  waiter.request_stop();
}

TEST(Guarded, AChangeEndsTheWaitOfWhoeverItSuits) {
  Guarded<int> number(0);
  std::jthread changer([&] {
    for (int i = 1; i <= 3; ++i) number.change([&](int& value) { value = i; });
  });
  const auto never = std::chrono::steady_clock::time_point::max();
  EXPECT_EQ(number.wait({}, never, [](int value) { return value == 3; }, [](int& value) { return value++; }), 3);
  EXPECT_EQ(number.with([](int value) { return value; }), 4);
}

TEST(Guarded, AWaitEndsWithItsDeadlineAndWhenItIsStopped) {
  Guarded<int> number(0);
  const auto is_one = [](int value) { return value == 1; };
  const auto use = [](int& value) { return ++value; };
  EXPECT_EQ(number.wait({}, std::chrono::steady_clock::now(), is_one, use), std::nullopt);
  std::jthread waiter([&](std::stop_token stop) {
    EXPECT_EQ(number.wait(stop, std::chrono::steady_clock::time_point::max(), is_one, use), std::nullopt);
  });
  waiter.request_stop();
  waiter.join();
  EXPECT_EQ(number.with([](int value) { return value; }), 0);
}

TEST(StrongId, ZeroIsNone) {
  using Id = StrongId<struct Tag>;
  EXPECT_FALSE(Id{});
  EXPECT_LT(Id{1}, Id{2});
}

TEST(Secret, MovedFromHoldsNothing) {
  Secret secret(std::string("short"));
  const Secret moved(std::move(secret));
  EXPECT_EQ(moved.reveal(), "short");
  EXPECT_TRUE(secret.empty());  // NOLINT: that is what is tested
}

}  // namespace
}  // namespace coi

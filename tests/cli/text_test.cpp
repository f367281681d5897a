#include "text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <clocale>
#include <cstdlib>
#include <ctime>

#include "nearest.h"
#include "times.h"

namespace coi::cli {
namespace {

using testing::ElementsAre;

class Text : public testing::Test {
 protected:
  Text() { std::setlocale(LC_CTYPE, "C.UTF-8"); }
};

TEST_F(Text, OfOthersCannotSteerTheTerminal) {
  EXPECT_EQ(printable("a\033[2Jb"), "a�[2Jb");
  EXPECT_EQ(printable("a\xc2\x9b"
                      "31mb"),
            "a�31mb")
      << "C1";
  EXPECT_EQ(printable("a\u202eb\u2066c"), "a�b�c") << "direction";
  EXPECT_EQ(printable("a\xff\xc3"), "a��");
  EXPECT_EQ(printable("a\r\nb\tc"), "a\nb c");
  EXPECT_EQ(printable("é 漢 😀"), "é 漢 😀");
}

TEST_F(Text, HasNoMoreMarksInARowThanAnyWritingNeeds) {
  const auto repeated = [](std::string_view text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  const auto zalgo = "e" + repeated("\u0301", 30);
  EXPECT_EQ(printable(zalgo), zalgo);
  for (const auto* mark : {"\u0301", "\u200d", "\U000e0067", "\r\u0301", "\u200b"}) {
    const auto text = printable("e" + repeated(mark, 1000) + "x");
    EXPECT_LE(text.size(), 140U) << mark;
    EXPECT_TRUE(text.ends_with("�x")) << text;
  }
  EXPECT_EQ(printable(repeated("a\u0301", 1000)), repeated("a\u0301", 1000));
}

TEST_F(Text, OnOneLine) { EXPECT_EQ(one_line("  a \n\n b\tc\n"), "a b c"); }

TEST_F(Text, IsMeasuredInColumns) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("é漢"), 3U);
  EXPECT_EQ(columns("e\u0301"), 1U);
}

TEST_F(Text, IsMeasuredInGraphemes) {
  for (const auto* wide : {"👨‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️", "1️⃣", "😀", "漢", "각"})
    EXPECT_EQ(columns(wide), 2U) << wide;
  for (const auto* narrow : {"e\u0301\u0323", "❤", "ñ", "🇩"}) EXPECT_EQ(columns(narrow), 1U) << narrow;
  EXPECT_EQ(columns("🇩🇪🇫🇷"), 4U);
  EXPECT_EQ(cut("🇩🇪🇫🇷x", 4), "🇩🇪…") << "no flag is halved";
  EXPECT_THAT(wrap("👍🏽👍🏽👍🏽", 5), ElementsAre("👍🏽👍🏽", "👍🏽"));
}

// Every octet of a line is in one place of what is shown, and the lines fit.
TEST_F(Text, IsWrappedWithoutLoss) {
  const std::string text =
      "a 漢漢 é\u0301 \u0301 🇩🇪🇫🇷🇮🇹 longer-than-all   x 👨‍👩‍👧‍👦👍🏽 ";
  for (std::size_t width = 2; width < 30; ++width) {
    std::string joined;
    for (const auto& line : wrap(text, width)) {
      EXPECT_LE(columns(line), width) << line;
      joined += line;
    }
    const auto without_spaces = [](std::string all) {
      std::erase(all, ' ');
      return all;
    };
    EXPECT_EQ(without_spaces(joined), without_spaces(text)) << width;
  }
}

// A long line costs as much as it is long: ten times the text, about ten times the time, whatever it is made of. The
// bound is far from both: a hundred times would be quadratic.
TEST_F(Text, CostsNoMoreThanItIsLong) {
  const auto cost = [](const std::string& text) {
    auto least = std::chrono::nanoseconds::max();
    for (int run = 0; run < 3; ++run) {
      timespec before = {}, after = {};
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &before);
      EXPECT_FALSE(wrap(printable(text), 40).empty());
      EXPECT_LE(columns(cut(one_line(text), 40)), 40U);
      ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &after);
      least = std::min(least, std::chrono::nanoseconds(std::chrono::seconds(after.tv_sec - before.tv_sec)) +
                                  std::chrono::nanoseconds(after.tv_nsec - before.tv_nsec));
    }
    return static_cast<double>(least.count());
  };
  for (const std::string piece : {"x", "words ", "\u0301", "🇩🇪", "👍\u200d", " ", "\t", "\xff", "漢"}) {
    std::string small, large;
    while (small.size() < 20'000) small += piece;
    while (large.size() < 200'000) large += piece;
    EXPECT_LT(cost(large), 40 * cost(small)) << piece;
  }
}

TEST_F(Text, IsCutToItsPlace) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 4), "abc…");
  EXPECT_EQ(cut("漢漢漢", 4), "漢…");
  EXPECT_EQ(cut("abc", 0), "");
  EXPECT_EQ(fit("漢漢漢", 4), "漢… ");
  EXPECT_EQ(fit("ab", 4), "ab  ");
}

TEST_F(Text, IsWrappedAtSpaces) {
  EXPECT_THAT(wrap("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrap("abcdefgh ij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(wrap("漢漢漢", 3), ElementsAre("漢", "漢", "漢"));
  EXPECT_THAT(wrap("漢", 1), ElementsAre("漢")) << "what never fits stands alone";
  EXPECT_THAT(wrap("a\n\nb", 5), ElementsAre("a", "", "b"));
  EXPECT_THAT(wrap("a long line", 0), ElementsAre("a long line"));
}

TEST(Nearest, IsTheWordThatWasMeant) {
  const std::vector<std::string> words = {"chat", "chats", "send", "search", "unarchive", "archive", "status"};
  for (const auto& [written, meant] : {std::pair("caht", "chat"),
                                       {"sned", "send"},
                                       {"unarch", "unarchive"},
                                       {"serach", "search"},
                                       {"stauts", "status"},
                                       {"chatss", "chats"}})
    EXPECT_EQ(nearest(written, words), meant) << written;
  for (const auto* other : {"", "x", "frobnicate", "\xff\xff\xff"})
    EXPECT_EQ(nearest(other, words), std::nullopt) << other;
}

class Times : public testing::Test {
 protected:
  Times() {
    ::setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    ::tzset();
  }

  static UnixMs at(std::string_view text) { return from_rfc3339(text).value(); }

  const UnixMs now_ = at("2026-11-24T15:30:00+01:00");  // a Tuesday
};

TEST_F(Times, Ago) {
  EXPECT_EQ(ago(now_ - 59'000, now_), "now");
  EXPECT_EQ(ago(now_ + 59'000, now_), "now") << "clocks differ";
  EXPECT_EQ(ago(at("2026-11-24T15:00:00+01:00"), now_), "30 min");
  EXPECT_EQ(ago(at("2026-11-24T01:00:00+01:00"), now_), "14 h");
  EXPECT_EQ(ago(at("2026-11-23T23:59:00+01:00"), now_), "yesterday");
  EXPECT_EQ(ago(at("2026-11-20T12:00:00+01:00"), now_), "Friday");
  EXPECT_EQ(ago(at("2026-11-17T12:00:00+01:00"), now_), "17 Nov");
  EXPECT_EQ(ago(at("2025-11-24T12:00:00+01:00"), now_), "24 Nov 2025");
  EXPECT_EQ(ago(at("2026-11-25T12:00:00+01:00"), now_), "25 Nov") << "a forged date";
}

TEST_F(Times, DaysGoByTheCalendarAcrossTheChangeOfClocks) {
  EXPECT_EQ(ago(at("2026-10-24T23:30:00+02:00"), at("2026-10-26T00:30:00+01:00")), "Saturday");
  EXPECT_EQ(ago(at("2026-10-25T00:30:00+02:00"), at("2026-10-25T23:30:00+01:00")), "24 h");
}

TEST_F(Times, DayAndMoment) {
  EXPECT_EQ(day_text(now_, now_), "Tuesday, 24 November");
  EXPECT_EQ(day_text(at("2025-01-02T12:00:00Z"), now_), "Thursday, 2 January 2025");
  EXPECT_EQ(moment_text(now_ + 3'600'000, now_), "16:30");
  EXPECT_EQ(moment_text(now_ + 24 * 3'600'000, now_), "tomorrow, 15:30");
}

TEST(Length, IsSaidInTheLargestUnitThatFits) {
  EXPECT_EQ(parse_seconds("2s")->count(), 2);
  EXPECT_EQ(parse_seconds("1m30s")->count(), 90);
}

TEST(Duration, HasANumberAndAUnit) {
  EXPECT_EQ(parse_duration("30m")->count(), 30);
  EXPECT_EQ(parse_duration("8h")->count(), 480);
  EXPECT_EQ(parse_duration("2d")->count(), 2880);
  EXPECT_EQ(parse_duration("1w")->count(), 10080);
  for (const auto* same :
       {"90m", "1h30m", "1h 30m", "1 hour 30 minutes", "90min", "90 Mins", "5400s", " 1hr 30m ", "89m1s"}) {
    ASSERT_TRUE(parse_duration(same)) << same;
    EXPECT_EQ(parse_duration(same)->count(), 90) << same;
  }
  for (const auto* wrong : {"", "8", "h", "-1h", "0h", "1y", "1hh", "999999999999h", "1h2", "m30", "1 fortnight",
                            "soon", "  ", "1.5h", "0h0m", "99999w"})
    EXPECT_FALSE(parse_duration(wrong)) << wrong;
}

}  // namespace
}  // namespace coi::cli

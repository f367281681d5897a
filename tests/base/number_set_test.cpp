#include "base/number_set.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace coi {
namespace {

NumberSet set(std::string_view text) { return NumberSet::parse(text).value(); }

TEST(NumberSet, ParsesAndPrints) {
  EXPECT_EQ(set("").text(), "");
  EXPECT_EQ(set("7,1:5,5:6").text(), "1:7");
  EXPECT_EQ(set("9:7").text(), "7:9");
  EXPECT_EQ(set("4294967295").text(), "4294967295");
  for (const auto* bad : {"*", "1:*", "0", "a", "1,", ":", "4294967296", "1:2:3", " 1"})
    EXPECT_FALSE(NumberSet::parse(bad)) << bad;
}

TEST(NumberSet, NewestTakesTheGreatest) {
  EXPECT_EQ(set("1:10,20:25").newest(8).text(), "9:10,20:25");
  EXPECT_EQ(set("1:3").newest(8).text(), "1:3");
  EXPECT_EQ(set("1:3").newest(0).text(), "");
}

TEST(NumberSet, EndsOfTheRange) {
  EXPECT_EQ(set("1:4294967295").without(set("1,4294967295")).text(), "2:4294967294");
  NumberSet all(1, 0xffffffff);
  all.add(5);
  EXPECT_EQ(all.size(), 0xffffffffU);
}

// Against std::set, over random histories of adding and removing.
TEST(NumberSet, BehavesLikeAPlainSet) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    NumberSet ours;
    std::set<std::uint32_t> plain;
    for (int step = 0; step < 20; ++step) {
      const auto first = static_cast<std::uint32_t>(random() % 40 + 1);
      const auto last = static_cast<std::uint32_t>(first + random() % 6);
      const bool add = random() % 3 != 0;
      add ? ours.add(first, last) : ours.remove(first, last);
      for (auto n = first; n <= last; ++n) add ? (void)plain.insert(n) : (void)plain.erase(n);
    }
    EXPECT_EQ(ours.numbers(), std::vector(plain.begin(), plain.end()));
    EXPECT_EQ(ours.size(), plain.size());
    EXPECT_EQ(set(ours.text()), ours);
    for (std::uint32_t n = 1; n < 50; ++n) EXPECT_EQ(ours.contains(n), plain.contains(n));
    NumberSet holes = set("3:7,20:30");
    auto rest = ours.without(holes);
    auto both = ours.common(holes);
    for (std::uint32_t n = 1; n < 50; ++n) {
      EXPECT_EQ(rest.contains(n), plain.contains(n) && !holes.contains(n));
      EXPECT_EQ(both.contains(n), plain.contains(n) && holes.contains(n));
    }
  }
}

}  // namespace
}  // namespace coi

// The own profile as several devices say it.
#include <gtest/gtest.h>

#include <random>

#include <fmt/format.h>

#include "chat/profile.h"

namespace coi::chat {
namespace {

constexpr UnixMs now = 1'795'493'200'000;

std::string changed(std::string_view text, const SetProfile& wish, UnixMs at) {
  return changed_profile(profile_of(text), wish, at).value();
}

std::string words(std::string_view text) {
  std::string all;
  for (const auto& part : without_removed(profile_of(text)))
    all +=
        (part.categories.empty() ? "all" : part.categories.front()) + ": " + part.status + " " + part.birthday + "; ";
  return all;
}

TEST(JoinedProfile, HasWhatIsNewestInEach) {
  const auto before = changed("", {.status = "Here"}, now);
  const auto one = changed(before, {.birthday = "--12-24"}, now + 1);
  const auto other = changed(before, {.status = "Away"}, now + 2);
  EXPECT_EQ(words(joined_profile(one, other)), "all: Away --12-24; ");
  const auto later = changed(one, {.birthday = ""}, now + 3);
  EXPECT_EQ(words(joined_profile(one, later)), "all: Here ; ") << "what was taken away does not come back";
}

TEST(JoinedProfile, APartThatWasRemovedComesBackOnlyIfItWasChangedLater) {
  const auto before = changed("", {.categories = {"friend"}, .status = "Party"}, now);
  const auto removed = changed(before, {.categories = {"friend"}, .removed = true}, now + 2);
  EXPECT_EQ(words(joined_profile(before, removed)), "");
  EXPECT_EQ(words(joined_profile(changed(before, {.categories = {"friend"}, .status = "Tea"}, now + 1), removed)), "");
  EXPECT_EQ(words(joined_profile(changed(before, {.categories = {"friend"}, .status = "Tea"}, now + 3), removed)),
            "friend: Tea ; ");
  EXPECT_FALSE(changed_profile(profile_of(removed), {.categories = {"friend"}, .removed = true}, now + 4));
}

TEST(JoinedProfile, IsTheSameInAnyOrderAndAsOftenAsOneLikes) {
  std::mt19937 random(8);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> texts(3);
    for (auto& text : texts)
      for (unsigned i = 0; i < 1 + below(4); ++i) {
        SetProfile wish{.categories = below(2) == 0 ? std::vector<std::string>{} : std::vector<std::string>{"friend"}};
        const auto what = below(4);
        if (what == 0) wish.status = std::to_string(below(3));
        if (what == 1) wish.birthday = below(2) == 0 ? "" : "--12-24";
        if (what == 2) wish.photo = below(2) == 0 ? "" : "/9j/";
        wish.removed = what == 3;
        if (auto next = changed_profile(profile_of(text), wish, now + below(3))) text = *next;
      }
    const auto &a = texts[0], &b = texts[1], &c = texts[2];
    const auto all = joined_profile(joined_profile(a, b), c);
    EXPECT_EQ(joined_profile(a, joined_profile(b, c)), all);
    EXPECT_EQ(joined_profile(c, joined_profile(b, a)), all);
    EXPECT_EQ(joined_profile(all, b), all);
    for (const auto& text : texts) EXPECT_TRUE(is_as_new(all, text));
  }
}

TEST(JoinedProfile, WhatANewPartHasFromThatForAllOutvotesNothing) {
  const auto before = changed("", {.status = "Here"}, now);
  const auto one = changed(before, {.categories = {"friend"}, .status = "Party"}, now + 1);
  const auto other = changed(before, {.categories = {"friend"}, .birthday = "--12-24"}, now + 2);
  EXPECT_EQ(words(joined_profile(one, other)), "all: Here ; friend: Party --12-24; ");
  EXPECT_EQ(joined_profile(one, other), joined_profile(other, one));
  const auto again = changed(changed(one, {.categories = {"friend"}, .removed = true}, now + 5),
                             {.categories = {"friend"}, .birthday = "--12-24"}, now + 6);
  EXPECT_EQ(words(joined_profile(one, again)), "all: Here ; friend: Here --12-24; ");
}

TEST(JoinedProfile, KeepsAllThatTwoDevicesMadeAtOnce) {
  std::string one, other;
  for (std::size_t i = 0; i < most_audiences; ++i) {
    one = changed(one, {.categories = {fmt::format("a{}", i)}, .status = "One"}, now + 1);
    other = changed(other, {.categories = {fmt::format("b{}", i)}, .status = "Other"}, now + 1);
  }
  const auto both = joined_profile(one, other);
  EXPECT_EQ(without_removed(profile_of(both)).size(), 2 * most_audiences);
  EXPECT_EQ(joined_profile(joined_profile(both, one), other), both);
}

TEST(JoinedProfile, OneWithoutTimesWasSaidWhenItWasChosen) {
  const auto cards = [](const std::string& status) {
    auto text = changed("", {.status = status}, now);
    return text.substr(text.find('<'));
  };
  const Choice older{ChoiceKind::profile, cards("Zebra"), now}, newer{ChoiceKind::profile, cards("Ape"), now + 1};
  EXPECT_EQ(words(joined(older, newer).value), "all: Ape ; ");
  EXPECT_EQ(joined(newer, older), joined(older, newer));
}

TEST(ProfileText, OfAnotherProgramIsTakenAsSaidAtOneTime) {
  const auto ours = changed("", {.categories = {"friend"}, .status = "Party"}, now);
  const auto theirs = said_at(ours, now + 5);
  EXPECT_TRUE(is_as_new(theirs, ours));
  EXPECT_FALSE(is_as_new(ours, theirs));
  EXPECT_TRUE(is_as_new(said_at(ours, now), said_by(theirs, now)));
  EXPECT_EQ(profile_text(with_times({}, times_text(profile_of(ours)))), "") << "a part that could not be read";
}

TEST(ProfileText, TimesThatAreNoneAreNotTaken) {
  const std::vector<Audience> parts = {{.categories = {}, .status = "Here"}};
  for (const auto* times : {"|1|2|3", "|x|-1|99999999999999999999||", "friend;|1|1|1|1|0", "nonsense"})
    EXPECT_EQ(words(profile_text(with_times(parts, times))), "all: Here ; ") << times;
}

}  // namespace
}  // namespace coi::chat

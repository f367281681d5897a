// What a poll came to, whatever was said and in whichever order.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "chat/settle_poll.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const UnixMs noon = whole_seconds(now);

Poll film_poll(bool multiple = true, bool revote = true) {
  return {.id = "Film-poll-000001",
          .question = "Which film?",
          .multiple = multiple,
          .revote = revote,
          .options = {{.label = "Alien"}, {.label = "Dune"}}};
}

Remark vote(const std::string& author, const std::string& value, UnixMs date = noon, const std::string& rfc_id = "v") {
  return {.kind = RemarkKind::vote,
          .author = author,
          .value = value,
          .date_ms = date,
          .rfc_id = rfc_id,
          .at_ms = std::max(date, noon),
          .by_us = author == "alice"};
}

Remark closing(const std::string& author, const std::string& value, UnixMs date) {
  auto remark = vote(author, value, date, "c");
  remark.kind = RemarkKind::poll_closed;
  return remark;
}

// "bob2" is Bob's, too; whoever is "eve" has no part in the chat.
std::string person_of(const Remark& remark) {
  if (remark.by_us) return "we";
  return remark.author == "eve" ? "" : remark.author == "bob2" ? "bob" : remark.author;
}

PollState settled(const Poll& poll, std::vector<Remark> said) {
  const auto state = settle_poll(poll, said, "bob", person_of);
  std::ranges::reverse(said);
  EXPECT_EQ(settle_poll(poll, said, "bob", person_of), state) << "in the other order";
  return state;
}

std::vector<std::uint32_t> votes(const PollState& state) {
  std::vector<std::uint32_t> counts;
  for (const auto& option : state.options) counts.push_back(option.votes);
  return counts;
}

TEST(SettledPolls, P22TheNewestBallotOfAPersonCounts) {
  const auto state = settled(film_poll(), {vote("bob", "1"), vote("bob2", "2", noon + 1000), vote("carol", "1,2"),
                                           vote("alice", "1", noon - 1000), vote("alice", "2")});
  EXPECT_THAT(votes(state), ElementsAre(1, 3));
  EXPECT_EQ(state.voters, 3);
  EXPECT_THAT(state.own, ElementsAre(2));
  EXPECT_THAT(state.options[0].voters, ElementsAre("carol"));
}

TEST(SettledPolls, P22OfTwoAtOnceTheGreaterMessageIdCounts) {
  EXPECT_THAT(votes(settled(film_poll(), {vote("bob", "1", noon, "b"), vote("bob", "2", noon, "a")})),
              ElementsAre(1, 0));
}

TEST(SettledPolls, P22ADateInTheFutureIsNoLaterThanItsArrival) {
  auto future = vote("bob", "1", noon + day);
  future.at_ms = noon;
  EXPECT_THAT(votes(settled(film_poll(), {future, vote("bob", "2", noon + 1000)})), ElementsAre(0, 1));
}

TEST(SettledPolls, P22WithoutRevoteTheOldestCounts) {
  const auto once = film_poll(true, false);
  EXPECT_THAT(votes(settled(once, {vote("bob", "1"), vote("bob", "2", noon + 1000)})), ElementsAre(1, 0));
  EXPECT_THAT(votes(settled(once, {vote("bob", "1"), vote("bob", "", noon + 1000)})), ElementsAre(1, 0));
}

TEST(SettledPolls, P22WithoutRevoteAWithdrawalIsNoBallot) {
  EXPECT_THAT(votes(settled(film_poll(true, false), {vote("bob", ""), vote("bob", "2", noon + 1000)})),
              ElementsAre(0, 1));
}

TEST(SettledPolls, P20AVoteCanBeTakenBack) {
  const auto state = settled(film_poll(), {vote("bob", "1"), vote("bob", "", noon + 1000)});
  EXPECT_THAT(votes(state), ElementsAre(0, 0));
  EXPECT_EQ(state.voters, 0);
}

TEST(SettledPolls, P22WhatIsInvalidChangesNothing) {
  const std::vector<Remark> good = {vote("bob", "1")};
  const auto with = [&](Remark bad, const Poll& poll) {
    auto said = good;
    said.push_back(std::move(bad));
    return settled(poll, said) == settled(poll, good);
  };
  EXPECT_TRUE(with(vote("eve", "2"), film_poll())) << "a stranger";
  EXPECT_TRUE(with(vote("bob", "3", noon + 1000), film_poll())) << "there is no third option";
  EXPECT_TRUE(with(vote("bob", "0", noon + 1000), film_poll()));
  EXPECT_TRUE(with(vote("bob", "1,2", noon + 1000), film_poll(false))) << "one may be chosen";
  EXPECT_TRUE(with(closing("carol", "9,9;9", noon), film_poll())) << "not her poll";
  EXPECT_TRUE(with(closing("eve", "9,9;9", noon), film_poll()));
}

TEST(SettledPolls, P24TheAuthorsNumbersAreFinal) {
  const auto state = settled(film_poll(), {vote("carol", "1"), closing("bob2", "0,2;2", noon + 1000),
                                           vote("carol", "2", noon + 2000), closing("bob", "7,7", noon + 3000)});
  EXPECT_THAT(votes(state), ElementsAre(0, 2));
  EXPECT_EQ(state.voters, 2);
  EXPECT_EQ(state.closed_ms, noon + 1000);
  EXPECT_THAT(state.options[0].voters, ElementsAre("carol")) << "what was said before";
}

TEST(SettledPolls, NumbersOfAnotherPollAreNotShownButItIsClosed) {
  const auto state = settled(film_poll(), {vote("carol", "1"), closing("bob", "5,5,5", noon + 1000)});
  EXPECT_THAT(votes(state), ElementsAre(1, 0));
  EXPECT_TRUE(state.closed_ms);
}

TEST(SettledPolls, P24WhatIsSaidAfterTheEndDoesNotCount) {
  auto poll = film_poll();
  poll.closes = noon;
  EXPECT_THAT(votes(settled(poll, {vote("bob", "1"), vote("carol", "2", noon + 1000)})), ElementsAre(1, 0));
}

}  // namespace
}  // namespace coi::chat

// Who is in a group, by all that is said about it.
#include <gtest/gtest.h>

#include "chat/settle_group.h"

namespace coi::chat {
namespace {

const std::string alice = "alice@x", bob = "bob@x", carol = "carol@x", mallory = "mallory@x";

MembershipClaim joined(const std::string& author, const std::string& member, UnixMs at, UnixMs said = 0) {
  return {.author = author, .member = member, .at_ms = at, .said_ms = said == 0 ? at : said};
}

MembershipClaim parted(const std::string& author, const std::string& member, UnixMs at, UnixMs said = 0) {
  return {.author = author, .member = member, .parted = true, .at_ms = at, .said_ms = said == 0 ? at : said};
}

Remark named(const std::string& author, const std::string& name, UnixMs since, UnixMs said = 0) {
  return {.kind = RemarkKind::group_name,
          .author = author,
          .value = name,
          .date_ms = since,
          .at_ms = said == 0 ? since : said};
}

std::vector<std::string> members(GroupClaims claims) {
  claims.founder = alice;
  std::vector<std::string> in;
  for (const auto& member : settle_group(claims).members)
    if (member.is_in()) in.push_back(member.addr);
  return in;
}

using Names = std::vector<std::string>;

TEST(SettleGroup, D18AMemberIsWhoJoinedNotBeforeTheyLeft) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), parted(alice, bob, 20'000)}}), (Names{alice}));
  EXPECT_EQ(members({.members = {joined(alice, bob, 20'000), parted(alice, bob, 20'000)}}), (Names{alice, bob}));
  EXPECT_EQ(members({.members = {joined(alice, bob, 30'000), parted(alice, bob, 20'000)}}), (Names{alice, bob}));
}

TEST(SettleGroup, P06OnlyWhoIsAMemberAtThatTimeHasASay) {
  EXPECT_EQ(members({.members = {joined(mallory, mallory, 10'000), parted(mallory, alice, 20'000)}}), (Names{alice}));
  // Bob was added, added Carol, and was removed; what he says then is void.
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), joined(bob, carol, 20'000), parted(alice, bob, 30'000),
                                 joined(bob, mallory, 40'000)}}),
            (Names{alice, carol}));
}

// They may tell of earlier times, as long as they say it while they are members.
TEST(SettleGroup, D18ALateMailMayTellOfEarlierTimes) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), joined(bob, carol, 5'000, 20'000)}}),
            (Names{alice, bob, carol}));
}

TEST(SettleGroup, WhoIsAddedMayAddWithinTheSameSecond) {
  EXPECT_EQ(members({.members = {joined(bob, carol, 10'000), joined(alice, bob, 10'000)}}), (Names{alice, bob, carol}));
}

TEST(SettleGroup, TwoWhoRemoveEachOtherAtOnceAreBothGone) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), joined(alice, carol, 10'000), parted(alice, bob, 20'000),
                                 parted(bob, alice, 20'000)}}),
            (Names{carol}));
}

TEST(SettleGroup, P06WhatWasSaidByWhoHadLeftIsNotHeededHoweverLateThatIsHeard) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), joined(bob, carol, 30'000),
                                 parted(alice, bob, 20'000, 40'000)}}),
            (Names{alice}));
}

// Alice was removed at 15 and did not know it when she added Dora. All that Dora heard of the group is from her, until
// Carol adds her again. She passed Alice's name on meanwhile.
TEST(SettleGroup, P06WhoCameLastSeesTheNameThatTheOthersSee) {
  const std::string dora = "dora@x";
  const auto state = settle_group(
      {.founder = alice,
       .members = {joined(alice, bob, 5'000, 18'000), joined(alice, carol, 5'000, 18'000), joined(alice, dora, 18'000),
                   joined(dora, bob, 5'000, 26'000), parted(carol, alice, 15'000, 29'000), joined(carol, dora, 29'000)},
       .names = {named(alice, "By Alice", 19'000), named(dora, "By Alice", 19'000, 26'000),
                 named(carol, "By Bob", 17'000, 29'000)}});
  EXPECT_EQ(state.name, "By Bob");
  std::vector<std::string> in;
  for (const auto& member : state.members)
    if (member.is_in()) in.push_back(member.addr);
  EXPECT_EQ(in, (Names{bob, carol, dora}));
}

// Bob is there only by Alice's word: that she had left before she said it would make him a stranger, who says nothing.
TEST(SettleGroup, P06NobodyEndsAGroupByABackdatedLeaving) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 100'000), joined(alice, carol, 100'000),
                                 parted(bob, alice, 50'000, 200'000)}}),
            (Names{bob, carol}));
}

// Bob was removed at 11 and is back since 26. To Erik, who came meanwhile by Bob's word, Carol tells both.
TEST(SettleGroup, P06WhatWhoIsBackSaidWhileTheyWereAwayIsNotHeeded) {
  const std::string dora = "dora@x", erik = "erik@x";
  GroupClaims claims{.founder = alice,
                     .members = {joined(alice, bob, 5'000), joined(alice, carol, 5'000), joined(alice, dora, 5'000),
                                 joined(bob, erik, 20'000), parted(bob, dora, 21'000), joined(carol, bob, 26'000),
                                 joined(carol, erik, 28'000)},
                     .names = {named(alice, "A", 5'000), named(bob, "B", 22'000)}};
  EXPECT_EQ(members(claims), (Names{alice, bob, carol, erik}));
  claims.members.push_back(parted(carol, bob, 11'000, 28'000));
  EXPECT_EQ(members(claims), (Names{alice, bob, carol, dora, erik}));
  EXPECT_EQ(settle_group(claims).name, "A");
  claims.names.push_back(named(bob, "C", 27'000));
  EXPECT_EQ(settle_group(claims).name, "C") << "said when he was back";
}

// Dora is back by Bob, who had been removed, and removed Alice. That she was not there then she hears from Carol, who
// adds her; so Alice never left.
TEST(SettleGroup, P06WhoWasRemovedByWhatDoesNotCountIsStillThere) {
  const std::string dora = "dora@x";
  EXPECT_EQ(members({.members = {joined(alice, bob, 5'000), joined(alice, carol, 5'000), joined(alice, dora, 5'000),
                                 parted(bob, dora, 11'000), joined(bob, dora, 18'000), parted(dora, alice, 20'000),
                                 parted(carol, bob, 15'000, 22'000), joined(carol, dora, 22'000)}}),
            (Names{alice, carol, dora}));
}

// By what they did to each other, whenever that is heard.
TEST(SettleGroup, P06WhoWasRemovedCannotVoidThatBySayingThatTheOtherWasAway) {
  const std::vector<MembershipClaim> removed = {joined(alice, bob, 5000), joined(alice, mallory, 5000),
                                                joined(bob, alice, 5000, 6000), parted(alice, mallory, 20'000)};
  auto voided = removed;
  voided.push_back(joined(mallory, alice, 25'000, 19'000));
  voided.push_back(parted(mallory, alice, 10'000, 19'000));
  EXPECT_EQ(members({.members = removed}), (Names{alice, bob}));
  EXPECT_EQ(members({.members = voided}), (Names{alice, bob}));
  voided.push_back(joined(bob, alice, 25'000, 26'000));
  EXPECT_EQ(members({.members = voided}), (Names{alice, bob, mallory})) << "Bob knows it, too";
}

TEST(SettleGroup, P06OfTwoRemovalsTheEarlierCounts) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), joined(alice, carol, 10'000),
                                 parted(bob, carol, 12'000, 40'000), parted(carol, bob, 11'000, 40'000)}}),
            (Names{alice, carol}));
}

TEST(SettleGroup, C67WhoLeavesNeedsNobodysWord) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), parted(bob, bob, 20'000)}}), (Names{alice}));
}

// Their own word is the newer one, though they were out by then.
TEST(SettleGroup, C67WhoLeavesAfterTheirRemovalIsGoneSinceThen) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), joined(alice, carol, 10'000), parted(alice, bob, 20'000),
                                 parted(bob, bob, 30'000), joined(carol, bob, 25'000, 40'000)}}),
            (Names{alice, carol}));
}

TEST(SettleGroup, AStrangersFarewellMakesNobodyOfThem) {
  const auto state = settle_group({.founder = alice, .members = {parted(mallory, mallory, 20'000)}});
  EXPECT_EQ(state.members.size(), 1U);
}

// What somebody said while a member holds, whatever they say of the same person when they are none any more.
TEST(SettleGroup, P06AWordOfWhoIsGoneUndoesNoneOfTheirs) {
  EXPECT_EQ(members({.members = {joined(alice, bob, 10'000), joined(alice, carol, 10'000), parted(bob, carol, 15'000),
                                 parted(alice, bob, 20'000), parted(bob, carol, 25'000)}}),
            (Names{alice}));
}

TEST(SettleGroup, D20TheNewestNameCountsAndOfTwoAtOnceTheSmaller) {
  GroupClaims claims{.founder = alice, .members = {joined(alice, bob, 1'000)}};
  claims.names = {named(alice, "B", 20'000), named(bob, "A", 20'000), named(bob, "Z", 10'000),
                  named(mallory, "Mine", 30'000)};
  EXPECT_EQ(settle_group(claims).name, "A");
  claims.names.push_back(named(bob, "C", 21'000));
  EXPECT_EQ(settle_group(claims).name, "C");
}

// Whoever came later hears of that from others, after the name.
TEST(SettleGroup, P06ANameByWhomOthersTellToHaveLeftBeforeItIsNone) {
  GroupClaims claims{.founder = alice, .members = {joined(alice, bob, 1'000)}};
  claims.names = {named(bob, "A", 18'000), named(alice, "B", 19'000)};
  EXPECT_EQ(settle_group(claims).name, "B");
  claims.members.push_back({.author = bob, .member = alice, .parted = true, .at_ms = 15'000, .said_ms = 29'000});
  EXPECT_EQ(settle_group(claims).name, "A");
}

TEST(SettleGroup, D20OfTwoDescriptionsAtOnceTheLargerCounts) {
  GroupClaims claims{.founder = alice};
  for (const auto* text : {"A", "C", "B"}) {
    auto remark = named(alice, text, 10'000);
    remark.kind = RemarkKind::group_description;
    claims.descriptions.push_back(remark);
  }
  EXPECT_EQ(settle_group(claims).description, "C");
}

}  // namespace
}  // namespace coi::chat

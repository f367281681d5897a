// What the user changes in a group.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace coi::chat {
namespace {

using testing::AllOf;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::SizeIs;

PeerFacts carol_facts() {
  auto peer = bob();
  peer.addr = "carol@example.com";
  return peer;
}

Known in_a_group() {
  auto known = facts();
  known.chat = ChatFacts{.id = ChatId{3}, .ref = InGroup{"AAAAbbbbCCCCddddEEEEffff"}, .peers = {bob(), carol_facts()}};
  known.chat->group = GroupFacts{.id = "AAAAbbbbCCCCddddEEEEffff",
                                 .self = "alice@example.org",
                                 .name = "Film Club",
                                 .description = {},
                                 .name_ms = now - day,
                                 .members = {{.addr = "alice@example.org", .joined_ms = now - day},
                                             {.addr = "bob@example.net", .joined_ms = now - day},
                                             {.addr = "carol@example.com", .joined_ms = now - day}}};
  return known;
}

Plan change(ChangeGroup wished) {
  wished.chat = ChatId{3};
  for (int i = 0; i < 5; ++i) wished.rfc_ids.push_back("chat$" + std::to_string(i) + "@example.org");
  return decide(wished, in_a_group(), now);
}

// Of many the last would join minutes from now, and what is said meanwhile stand above it.
TEST(DecideGroup, WhoIsAddedTogetherJoinsInOneSecond) {
  const auto plan = change({.add = {"dora@example.com", "eve@example.com", "frank@example.com"}});
  EXPECT_THAT(all<PutMessage>(plan), AllOf(SizeIs(3), Each(Field(&PutMessage::arrived_ms, whole_seconds(now)))));
  const auto groups = all<PutGroup>(plan);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[2].said_ms, whole_seconds(now));
  EXPECT_EQ(groups[2].joined.size(), 5U);
  EXPECT_EQ(groups[2].joined.back().at_ms, whole_seconds(now));
}

TEST(DecideGroup, WhatFollowsTheAdditionsIsLater) {
  const auto plan = change({.add = {"dora@example.com", "eve@example.com"}, .remove = {"dora@example.com"}});
  const auto notices = all<PutMessage>(plan);
  ASSERT_EQ(notices.size(), 3U);
  EXPECT_EQ(notices[1].follows, notices[0].key.rfc_id);
  EXPECT_EQ(notices[2].arrived_ms, notices[1].arrived_ms + 1000);
}

TEST(DecideGroup, D19WhoIsRemovedIsNotToldWhatIsSetWithThat) {
  const auto mails =
      all<PutOutgoing>(change({.remove = {"carol@example.com"}, .name = {}, .description = "Without Carol"}));
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_THAT(mails[0].recipients, ElementsAre("bob@example.net", "carol@example.com"));
  EXPECT_THAT(mails[1].recipients, ElementsAre("bob@example.net"));
}

}  // namespace
}  // namespace coi::chat

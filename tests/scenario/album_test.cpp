// P-12: files that are too large for one mail, from the one who sends them to those who get them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "friends.h"

namespace coi::scenario {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct Album : Friends {
  // A server that takes two of the files in a mail.
  Result<store::Changes> send(const std::string& addr, std::optional<UnixMs> at = {}) {
    alice.account.largest_mail = 100'000;
    chat::SendMessage wish{.text = "The lake", .not_before_ms = at, .rfc_id = "chat$album@example.org"};
    if (const auto group = alice.group(addr))
      wish.chat = group->id;
    else
      wish.addr = addr;
    for (const auto* name : {"a", "b", "c", "d", "e"}) {
      wish.files.push_back(
          {.name = std::string(name) + ".jpg", .type = "image/jpeg", .bytes = std::string(30'000, *name)});
      wish.further_ids.push_back(std::string("chat$album-") + name + "@example.org");
    }
    return alice.act(wish);
  }
  static std::vector<std::string> files(Device& device, const std::string& addr) {
    std::vector<std::string> all;
    for (const auto& message : device.messages(addr)) {
      std::string names = message.attachments.empty() ? "" : message.text + ":";
      for (const auto& one : message.attachments) names += one.file.name.substr(0, 1);
      if (!names.empty()) all.push_back(names);
    }
    return all;
  }
};

TEST(Album, P12ComesInItsOrderWithTheWordsOnTheFirst) {
  Album people;
  const auto sent = people.send(bob_addr);
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_THAT(sent->added, SizeIs(3));
  people.office.carry();
  EXPECT_THAT(people.files(people.alice, bob_addr), ElementsAre("The lake:ab", ":cd", ":e"));
  EXPECT_THAT(people.files(people.bob, alice_addr), ElementsAre("The lake:ab", ":cd", ":e"));
  for (const auto id : sent->added) EXPECT_EQ(people.alice.state(id), State::sent);
  EXPECT_EQ(people.alice.reader().album(sent->added[1]).value(), sent->added);
}

TEST(Album, P12GoesToAGroupAsWell) {
  Album people;
  people.alice.create_group("Friends", {bob_addr, carol_addr});
  people.alice.say("Friends", "Welcome");
  people.office.carry();
  ASSERT_TRUE(people.send("Friends"));
  people.office.carry();
  EXPECT_THAT(people.files(people.bob, "Friends"), ElementsAre("The lake:ab", ":cd", ":e"));
}

TEST(Album, P12IsStoredAsAWholeOrNotAtAll) {
  Album people;
  people.alice.account.largest_mail = 100'000;
  chat::SendMessage wish{.addr = bob_addr, .text = "x", .rfc_id = "chat$album@example.org"};
  wish.files = {{.name = "a.jpg", .type = "image/jpeg", .bytes = std::string(60'000, 'a')},
                {.name = "b.jpg", .type = "image/jpeg", .bytes = std::string(90'000, 'b')}};
  wish.further_ids = {"chat$album-b@example.org"};
  const auto before = people.alice.messages(bob_addr).size();
  const auto sent = people.alice.act(wish);
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().kind(), ErrorKind::limit);
  people.office.carry();
  EXPECT_THAT(people.alice.messages(bob_addr), SizeIs(before));
  EXPECT_THAT(people.files(people.bob, alice_addr), IsEmpty());
}

TEST(Album, P12IsTakenBackAsAWhole) {
  Album people;
  const auto sent = people.send(bob_addr, people.office.now + hour);
  ASSERT_TRUE(sent);
  ASSERT_THAT(sent->added, SizeIs(3));
  ASSERT_TRUE(people.alice.act(chat::TakeBack{sent->added[1]}));
  people.office.now += 2 * hour;
  people.office.carry();
  EXPECT_THAT(people.files(people.alice, bob_addr), IsEmpty());
  EXPECT_THAT(people.files(people.bob, alice_addr), IsEmpty());
}

TEST(Album, P12AskedForTwiceUnderOneTokenIsSentOnce) {
  Album people;
  people.alice.account.largest_mail = 100'000;
  chat::SendMessage wish{.addr = bob_addr, .text = "x", .token = "t", .rfc_id = "chat$album@example.org"};
  for (const auto* name : {"a.jpg", "b.jpg"}) {
    wish.files.push_back({.name = name, .type = "image/jpeg", .bytes = std::string(60'000, 'a')});
    wish.further_ids = {"chat$album-b@example.org"};
  }
  EXPECT_THAT(people.alice.act(wish).value().added, SizeIs(2));
  EXPECT_THAT(people.alice.act(wish).value().added, IsEmpty());
}

}  // namespace
}  // namespace coi::scenario

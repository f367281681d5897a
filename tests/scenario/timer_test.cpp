// Disappearing messages between people and their devices; the mail is carried by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "friends.h"

namespace coi::scenario {
namespace {

using chat::FolderRole;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

bool lies(Mailbox& mailbox, std::string_view words) {
  for (const auto role : {FolderRole::inbox, FolderRole::chats, FolderRole::sent})
    for (const auto& mail : mailbox.folder(role).mails)
      if (mail.bytes.find(words) != std::string::npos) return true;
  return false;
}

TEST(Timer, D27P13MessagesGoFromBothSidesAndOurCopiesFromTheServer) {
  Friends two;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.office.carry();
  EXPECT_EQ(two.bob.chat(alice_addr)->timer, 60U);
  EXPECT_EQ(two.bob.last(alice_addr).notice.code, "timer_changed");
  EXPECT_EQ(two.bob.chat(alice_addr)->unread, 0) << "no news";
  two.alice.say(bob_addr, "burn after reading");
  two.office.carry();
  EXPECT_TRUE(lies(two.alice.mailbox(), "burn after reading"));
  two.office.now += 2 * minute;
  two.office.carry();
  EXPECT_THAT(two.alice.texts(bob_addr), Not(Contains("burn after reading"))) << "from the sending";
  EXPECT_FALSE(lies(two.alice.mailbox(), "burn after reading"));
  EXPECT_THAT(two.bob.texts(alice_addr), Contains("burn after reading")) << "he has not seen it";
  two.bob.look_at(alice_addr);
  two.office.carry();
  EXPECT_THAT(two.bob.texts(alice_addr), Contains("burn after reading"));
  two.office.now += 2 * minute;
  two.office.carry();
  EXPECT_THAT(two.bob.texts(alice_addr), Not(Contains("burn after reading")));
  EXPECT_TRUE(lies(two.bob.mailbox(), "burn after reading")) << "Bob has not agreed to that";
  EXPECT_THAT(two.bob.search("burn"), IsEmpty());
  EXPECT_THAT(two.bob.texts(alice_addr), Contains("Hello Bob")) << "it had no timer";
  for (auto* device : {&two.alice, &two.bob})
    EXPECT_EQ(device->last(device == &two.alice ? bob_addr : alice_addr).notice.code, "timer_changed")
        << "the notice stays";
}

TEST(Timer, APeersTimerRemovesServerCopiesOnlyAfterTheUserAgreed) {
  Friends two;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.office.carry();
  ASSERT_TRUE(two.bob.set_timer(alice_addr, {}, true));
  two.alice.say(bob_addr, "burn after reading");
  two.office.carry();
  two.bob.look_at(alice_addr);
  two.office.carry();
  two.office.now += 2 * minute;
  two.office.carry();
  EXPECT_FALSE(lies(two.bob.mailbox(), "burn after reading"));
  EXPECT_TRUE(lies(two.bob.mailbox(), "Hello Bob")) << "it carried no timer";
}

TEST(Timer, AnotherDeviceOfTheReaderFollowsTheReceipt) {
  Friends two;
  Device laptop(two.office, bob_addr, "Bob-laptop");
  two.office.carry();
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 3600));
  two.office.carry();
  two.alice.say(bob_addr, "for an hour");
  two.office.carry();
  two.bob.look_at(alice_addr);
  two.office.carry();
  const auto here = two.bob.last(alice_addr).expires_ms;
  ASSERT_NE(here, 0);
  EXPECT_NEAR(static_cast<double>(laptop.last(alice_addr).expires_ms - here), 0, 10.0 * second);
  two.office.now += 60 * minute;
  two.office.carry();
  for (const auto* device : {&two.bob, &laptop}) EXPECT_THAT(device->texts(alice_addr), Not(Contains("for an hour")));
}

TEST(Timer, AnAnswerCarriesTheTimerThatAPeerSet) {
  Friends two;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.office.carry();
  two.bob.say(alice_addr, "Fine");
  two.office.carry();
  EXPECT_THAT(two.office.taken().back().bytes, HasSubstr("Ephemeral-Timer: 60"));
  EXPECT_EQ(two.alice.last(bob_addr).timer, 60U);
  ASSERT_TRUE(two.bob.set_timer(alice_addr, 0));
  two.office.carry();
  EXPECT_EQ(two.alice.chat(bob_addr)->timer, 0U);
  two.alice.say(bob_addr, "This one stays");
  two.office.carry();
  two.bob.look_at(alice_addr);
  two.office.now += 9 * day;
  two.office.carry();
  EXPECT_THAT(two.bob.texts(alice_addr), Contains("This one stays"));
}

TEST(Timer, D27WhoHadNotHeardOfAChangeDoesNotTakeItBack) {
  Friends two;
  two.bob.online = false;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.office.carry();
  two.bob.say(alice_addr, "I am in the woods");
  two.bob.online = true;
  two.office.carry();
  EXPECT_EQ(two.alice.chat(bob_addr)->timer, 60U);
  EXPECT_EQ(two.bob.chat(alice_addr)->timer, 60U);
}

TEST(Timer, TheUserCanChangeItRightBehindAMailOfSomebodyWhoHadNotHeardOfIt) {
  Friends two;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.bob.say(alice_addr, "Have you seen it?");
  two.office.carry();
  ASSERT_EQ(two.alice.chat(bob_addr)->timer, 60U);
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 0));
  two.office.carry();
  EXPECT_EQ(two.alice.chat(bob_addr)->timer, 0U);
  EXPECT_EQ(two.bob.chat(alice_addr)->timer, 0U);
}

TEST(Timer, AnEditedMessageGoesWithAllItsWords) {
  Friends two;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.office.carry();
  const auto sent = two.alice.say(bob_addr, "burn tihs");
  two.office.carry();
  two.alice.edit(sent, "burn this");
  two.office.carry();
  two.bob.look_at(alice_addr);
  two.office.carry();
  two.office.now += 2 * minute;
  two.office.carry();
  for (const auto* words : {"burn tihs", "burn this"}) {
    EXPECT_THAT(two.alice.texts(bob_addr), Not(Contains(words)));
    EXPECT_THAT(two.bob.texts(alice_addr), Not(Contains(words)));
    EXPECT_FALSE(lies(two.alice.mailbox(), words)) << words;
    EXPECT_EQ(two.bob.dump().find(words), std::string::npos) << words;
  }
}

TEST(Timer, AMessageThatCouldNotBeSentYetStays) {
  Friends two;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.office.carry();
  two.alice.online = false;
  two.alice.say(bob_addr, "from the train");
  two.office.now += 5 * minute;
  two.office.carry();
  EXPECT_FALSE(two.alice.tick());
  two.alice.online = true;
  two.office.carry();
  EXPECT_THAT(two.bob.texts(alice_addr), Contains("from the train"));
}

TEST(Timer, AllMembersOfAGroupHaveOneTimerAndStrangersNone) {
  PostOffice office;
  Device alice{office, alice_addr, "Alice"}, bob{office, bob_addr, "Bob"}, carol{office, carol_addr, "Carol"};
  alice.create_group("Film Club", {bob_addr, carol_addr});
  alice.say("Film Club", "Alien?");
  office.carry();
  bob.say("Film Club", "Yes");
  office.carry();
  ASSERT_TRUE(bob.set_timer("Film Club", 60));
  office.carry();
  for (const auto* device : {&alice, &bob, &carol}) EXPECT_EQ(device->group("Film Club")->timer, 60U);
  carol.say("Film Club", "on Friday");
  office.carry();
  EXPECT_EQ(alice.last("Film Club").timer, 60U);
  for (auto* device : {&alice, &bob}) device->look_at("Film Club");
  office.carry();
  office.now += 2 * minute;
  office.carry();
  for (const auto* device : {&alice, &bob, &carol}) EXPECT_THAT(device->texts("Film Club"), Not(Contains("on Friday")));
  ASSERT_TRUE(alice.change_group("Film Club", {.remove = {carol_addr}}));
  office.carry();
  EXPECT_FALSE(carol.set_timer("Film Club", 5)) << "she is no member any more";
}

TEST(Timer, ANewDeviceFindsTheTimerAndWhatIsOverDoesNotShow) {
  Friends two;
  ASSERT_TRUE(two.alice.set_timer(bob_addr, 60));
  two.office.carry();
  two.alice.say(bob_addr, "burn after reading");
  two.office.carry();
  two.alice.online = false;
  two.office.now += 5 * minute;
  Device phone(two.office, alice_addr, "Alice-phone");
  two.office.carry();
  EXPECT_EQ(phone.chat(bob_addr)->timer, 60U);
  EXPECT_THAT(phone.texts(bob_addr), Not(Contains("burn after reading")));
}

}  // namespace
}  // namespace coi::scenario

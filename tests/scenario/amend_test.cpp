// Two people change what they have sent; the mail is carried by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "friends.h"

namespace coi::scenario {
namespace {

using chat::FolderRole;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::size_t mails_of(Mailbox& mailbox) {
  std::size_t count = 0;
  for (const auto role : {FolderRole::inbox, FolderRole::chats, FolderRole::sent})
    count += mailbox.folder(role).mails.size();
  return count;
}

TEST(Edits, C27C30ShowOnBothSidesAndOnAllDevices) {
  Friends two;
  const auto sent = two.alice.say(bob_addr, "At eihgt");
  two.office.carry();
  two.bob.look_at(alice_addr);
  const auto notified = two.bob.notified().size();
  two.alice.edit(sent, "At eight");
  EXPECT_EQ(two.alice.last(bob_addr).text, "At eight") << "at once";
  two.alice.edit(sent, "At nine");  // within the same second
  two.office.carry();
  Device laptop(two.office, bob_addr, "Bob-laptop");
  Device phone(two.office, alice_addr, "Alice-phone");
  two.office.carry();
  for (const auto* device : {&two.bob, &laptop}) {
    EXPECT_THAT(device->texts(alice_addr), ElementsAre("Hello Bob", "Hello Alice", "At nine"));
    EXPECT_TRUE(device->last(alice_addr).edited);
    EXPECT_EQ(device->chat(alice_addr)->unread, 0);
  }
  for (const auto* device : {&two.alice, &phone})
    EXPECT_THAT(device->texts(bob_addr), ElementsAre("Hello Bob", "Hello Alice", "At nine"));
  EXPECT_EQ(two.bob.notified().size(), notified) << "an edit makes no sound";
  EXPECT_THAT(two.bob.search("nine"), ElementsAre("At nine"));
  EXPECT_THAT(two.bob.search("eihgt"), IsEmpty());
}

TEST(Pins, WhatIsNotPinnedAnyMoreOrWithdrawnIsNotToldTwice) {
  Friends two;
  const auto sent = two.alice.say(bob_addr, "At eight");
  two.office.carry();
  two.alice.pin(sent);
  two.alice.pin(sent, false);
  EXPECT_FALSE(two.alice.act(chat::PinMessage{.message = sent, .pinned = false, .rfc_id = "chat$x@example.org"}));
  const auto answered = two.alice.messages(bob_addr).at(1).id;
  two.alice.react(answered, "👍");
  two.alice.react(answered, "");
  EXPECT_FALSE(two.alice.act(chat::React{.message = answered, .emoji = "", .rfc_id = "chat$y@example.org"}));
}

TEST(Edits, AnAnswerToAnEditedMessageQuotesWhatIsShown) {
  Friends two;
  const auto sent = two.alice.say(bob_addr, "At eihgt");
  two.office.carry();
  two.alice.edit(sent, "At eight");
  two.office.carry();
  const auto question = two.bob.last(alice_addr);
  two.bob.react(question.id, "👍");
  two.bob.answer(alice_addr, "Fine", question.id);
  two.office.carry();
  EXPECT_EQ(two.alice.last(bob_addr).quote, "At eight");
  EXPECT_EQ(two.alice.last(bob_addr).reply_to, sent);
  const auto rows = two.alice.messages(bob_addr);
  EXPECT_THAT(rows.at(rows.size() - 2).reactions, SizeIs(1));
}

TEST(Edits, P04PlainPeopleGetNoneAndTheOwnDevicesKnow) {
  Friends two;
  const auto sent = two.alice.say("carol@example.com", "Dear Carl");
  two.office.carry();
  const auto before = two.office.taken().size();
  two.alice.edit(sent, "Dear Carol");
  two.office.carry();
  EXPECT_EQ(two.office.taken().size(), before);
  Device phone(two.office, alice_addr, "Alice-phone");
  two.office.carry();
  EXPECT_THAT(phone.texts("carol@example.com"), ElementsAre("Dear Carol"));
}

TEST(Deletions, C28LeaveAPlaceholderOnBothSidesAndNoCopyOnTheOwnServer) {
  Friends two;
  const auto mails = mails_of(two.alice.mailbox());
  const auto sent = two.alice.say(bob_addr, "A secret");
  two.office.carry();
  two.alice.edit(sent, "Another secret");
  two.office.carry();
  two.alice.remove(sent);
  two.office.carry();
  EXPECT_TRUE(two.bob.last(alice_addr).deleted);
  EXPECT_THAT(two.bob.texts(alice_addr), ElementsAre("Hello Bob", "Hello Alice", ""));
  EXPECT_TRUE(two.alice.last(bob_addr).deleted);
  EXPECT_EQ(mails_of(two.alice.mailbox()), mails + 1) << "that of the deletion itself";
  // Devices that come later read Bob's copies, and show none.
  Device laptop(two.office, bob_addr, "Bob-laptop");
  Device phone(two.office, alice_addr, "Alice-phone");
  two.office.carry();
  EXPECT_THAT(laptop.texts(alice_addr), ElementsAre("Hello Bob", "Hello Alice", ""));
  EXPECT_THAT(phone.texts(bob_addr), ElementsAre("Hello Bob", "Hello Alice"));
  EXPECT_THAT(two.bob.search("secret"), IsEmpty());
}

// Where no server denies authors anybody can write under the user's own address.
TEST(Deletions, ByAForgedOwnMailDoNothing) {
  Friends two;
  two.alice.say(bob_addr, "Mine");
  two.office.carry();
  const auto mails = mails_of(two.alice.mailbox());
  two.alice.mailbox().deliver(
      fmt::format("Received: from x by mx.example.org; Tue, 24 Nov 2026 04:08:00 +0000\r\nFrom: {}\r\nTo: {}\r\n"
                  "Date: Tue, 24 Nov 2026 04:08:00 +0000\r\nMessage-ID: <chat$forged@example.org>\r\n"
                  "Chat-Version: 1.0\r\nChat-Content: deleterequest\r\nIn-Reply-To: <{}>\r\n\r\nIt is gone.\r\n",
                  alice_addr, bob_addr, two.alice.last(bob_addr).rfc_id),
      two.office.now);
  two.office.carry();
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("Hello Bob", "Hello Alice", "Mine"));
  EXPECT_EQ(mails_of(two.alice.mailbox()), mails + 1);
  EXPECT_FALSE(two.alice.last(bob_addr).deleted);
}

TEST(Deletions, OfAMessageThatHasNotLeftSendNothing) {
  Friends two;
  const auto before = two.office.taken().size();
  const auto sent = two.alice.say(bob_addr, "A secret");
  two.alice.remove(sent);
  two.office.carry();
  EXPECT_EQ(two.office.taken().size(), before);
  EXPECT_TRUE(two.alice.last(bob_addr).deleted);
}

TEST(Deletions, OfAnothersMessageHideItHereAndRemoveOnlyItsOwnCopies) {
  Friends two;
  two.bob.say(alice_addr, "Not wanted");
  two.office.carry();
  const auto mails = mails_of(two.alice.mailbox());
  const auto sent = two.office.taken().size();
  two.alice.remove(two.alice.last(bob_addr).id, true);
  two.office.carry();
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("Hello Bob", "Hello Alice"));
  EXPECT_EQ(mails_of(two.alice.mailbox()), mails - 1);
  EXPECT_EQ(two.office.taken().size(), sent) << "nobody is told";
  EXPECT_EQ(two.bob.last(alice_addr).text, "Not wanted");
}

// What the user has read leaves the inbox at the same time.
TEST(Deletions, FollowAMailThatIsMovedMeanwhile) {
  Friends two;
  two.alice.filter(wire::Filter::seen);
  two.bob.say(alice_addr, "Not wanted");
  two.office.carry();
  const auto mails = mails_of(two.alice.mailbox());
  two.alice.look_at(bob_addr);
  two.alice.remove(two.alice.last(bob_addr).id, true);
  two.office.carry();
  EXPECT_EQ(mails_of(two.alice.mailbox()), mails - 1);
}

TEST(PinnedMessages, D26C83AreListedOnBothSidesWithANoticeUntilTheyEnd) {
  Friends two;
  const auto sent = two.alice.say(bob_addr, "The address");
  two.office.carry();
  const auto received = two.bob.last(alice_addr).id;
  two.bob.pin(received);
  two.office.carry();
  const auto pins = [](const Device& device, const std::string& addr) {
    auto reader = device.reader();
    std::vector<std::string> all;
    for (const auto page = reader.pins(device.chat(addr)->id).value(); const auto& pin : page.value.rows)
      all.push_back(pin.message.text);
    return all;
  };
  EXPECT_THAT(pins(two.alice, bob_addr), ElementsAre("The address"));
  EXPECT_THAT(pins(two.bob, alice_addr), ElementsAre("The address"));
  const auto notice = two.alice.last(bob_addr);
  EXPECT_EQ(notice.notice.code, "message_pinned");
  EXPECT_EQ(notice.reply_to, sent);
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 0);
  EXPECT_THAT(two.alice.notified(), SizeIs(1)) << "Hello Alice";
  two.alice.pin(sent, false);
  two.office.carry();
  EXPECT_THAT(pins(two.bob, alice_addr), IsEmpty());
  EXPECT_EQ(two.bob.last(alice_addr).notice.code, "message_pinned") << "the end shows no notice";
  two.alice.pin(sent, true, two.office.now + day);
  two.office.carry();
  Device laptop(two.office, bob_addr, "Bob-laptop");
  two.office.carry();
  for (const auto* device : {&two.bob, &laptop}) EXPECT_THAT(pins(*device, alice_addr), SizeIs(1));
  two.office.now += 2 * day;
  for (const auto* device : {&two.bob, &laptop}) EXPECT_THAT(pins(*device, alice_addr), IsEmpty());
}

}  // namespace
}  // namespace coi::scenario

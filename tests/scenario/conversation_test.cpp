// Two people, each with a device or two, write to each other; the mail is carried by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "friends.h"

namespace coi::scenario {
namespace {

using chat::Flags;
using chat::FolderRole;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using wire::Filter;

// How many mails of this sort went over the wire.
long count_sent(const PostOffice& office, std::string_view word) {
  return std::ranges::count_if(office.taken(),
                               [&](const Letter& letter) { return letter.bytes.find(word) != std::string::npos; });
}

constexpr std::string_view receipt_word = "message/disposition-notification";

void expect_golden(const std::string& name, const std::string& text) {
  const auto file = std::filesystem::path(COI_GOLDEN) / name;
  if (std::getenv("COI_RENEW") != nullptr) std::ofstream(file) << text;
  std::ifstream stream(file);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}), text)
      << "If this is as it should be: COI_RENEW=1 test_scenario";
}

TEST(Conversation, LooksAlikeOnBothSides) {
  TwoPeople two;
  two.alice.say(bob_addr, "Shall we meet at eight?");
  two.office.carry();
  two.bob.look_at(alice_addr);
  const auto question = two.bob.last(alice_addr);
  two.bob.answer(alice_addr, "Yes. Where?", question.id);
  two.office.carry();
  two.alice.look_at(bob_addr);
  two.alice.say(bob_addr, "At the quay.\nBring Carol!");
  two.office.carry();
  two.bob.look_at(alice_addr);
  two.office.carry();
  const std::vector<std::string> words = {"Shall we meet at eight?", "Yes. Where?", "At the quay.\nBring Carol!"};
  EXPECT_EQ(two.alice.texts(bob_addr), words);
  EXPECT_EQ(two.bob.texts(alice_addr), words);
  expect_golden("conversation.txt", "==== Alice\n" + two.alice.dump() + "==== Bob\n" + two.bob.dump());
}

TEST(Conversation, AnAnswerPointsToItsQuestionOnBothSides) {
  TwoPeople two;
  const auto asked = two.alice.say(bob_addr, "When?");
  two.office.carry();
  two.bob.answer(alice_addr, "At eight", two.bob.last(alice_addr).id);
  two.office.carry();
  const auto answer = two.alice.last(bob_addr);
  EXPECT_EQ(answer.text, "At eight");
  EXPECT_EQ(answer.quote, "When?");
  EXPECT_EQ(answer.reply_to, asked);
  two.alice.answer(bob_addr, "Fine", answer.id);
  two.office.carry();
  EXPECT_EQ(two.bob.last(alice_addr).quote, "At eight");
  EXPECT_TRUE(two.bob.last(alice_addr).reply_to);
}

TEST(Conversation, P02KeepsOneThreadInPlainPrograms) {
  TwoPeople two;
  two.meet();
  two.alice.say(bob_addr, "One more thing");
  two.office.carry();
  EXPECT_EQ(two.bob.last(alice_addr).subject, "Re: Chat: Hello Bob");
  EXPECT_THAT(two.office.taken().back().bytes, HasSubstr("References: <chat$Alice-1@example.org>"));
}

using Reactions = std::vector<std::pair<std::string, std::vector<std::string>>>;

// As the last message of the chat shows them.
Reactions reactions(const Device& device, const std::string& addr, std::size_t from_last = 0) {
  Reactions all;
  const auto messages = device.messages(addr);
  for (const auto& row : messages.at(messages.size() - 1 - from_last).reactions) all.emplace_back(row.emoji, row.from);
  return all;
}

TEST(Reactions, D23TheNewestOfEachPersonShowsOnBothSidesAndIsNoMessage) {
  TwoPeople two;
  two.meet();
  const auto sent = two.alice.say(bob_addr, "We have won!");
  two.office.carry();
  const auto received = two.bob.last(alice_addr).id;
  two.bob.react(received, "👍");
  two.bob.react(received, "🎉");  // within the same second
  two.office.carry();
  two.alice.react(sent, "🎉");
  two.office.carry();
  const Reactions both = {{"🎉", {bob_addr, alice_addr}}};
  EXPECT_EQ(reactions(two.alice, bob_addr), both);
  EXPECT_EQ(reactions(two.bob, alice_addr), both);
  EXPECT_EQ(two.alice.last(bob_addr).text, "We have won!");
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 0);
  two.bob.react(received, "");
  two.office.carry();
  const Reactions one = {{"🎉", {alice_addr}}};
  EXPECT_EQ(reactions(two.alice, bob_addr), one);
  EXPECT_EQ(reactions(two.bob, alice_addr), one);
}

TEST(Reactions, AreKnownToTheOtherDevicesAndWaitForTheirMessage) {
  TwoPeople two;
  two.meet();
  two.alice.say(bob_addr, "We have won!");
  two.office.carry();
  two.bob.react(two.bob.last(alice_addr).id, "🎉");
  two.office.carry();
  // A device that comes later reads the newest mail first: the reaction before what it is about.
  Device laptop(two.office, bob_addr, "Bob-laptop");
  two.office.carry();
  EXPECT_EQ(reactions(laptop, alice_addr), (Reactions{{"🎉", {bob_addr}}}));
  EXPECT_EQ(laptop.texts(alice_addr), two.bob.texts(alice_addr));
}

// P-05: the own devices know, and nothing goes over the wire.
TEST(Reactions, P04ArePlainPeoplesMailOnlyWhenTheUserSaysSo) {
  TwoPeople two;
  two.office.mailbox(alice_addr)
      .deliver(
          "From: carol@example.com\r\nTo: alice@example.org\r\nMessage-ID: <plain@example.com>\r\n\r\nShall we?\r\n",
          two.office.now);
  two.office.carry();
  Device tablet(two.office, alice_addr, "Alice-tablet");
  two.office.carry();
  const auto before = two.office.taken().size();
  two.alice.react(two.alice.last("carol@example.com").id, "👍");
  two.office.carry();
  EXPECT_EQ(two.office.taken().size(), before);
  EXPECT_EQ(reactions(tablet, "carol@example.com"), (Reactions{{"👍", {alice_addr}}}));
  two.alice.react(two.alice.last("carol@example.com").id, "❤", true);
  two.office.carry();
  ASSERT_EQ(two.office.taken().size(), before + 1);
  EXPECT_EQ(two.office.taken().back().to, "carol@example.com");
  EXPECT_EQ(reactions(tablet, "carol@example.com"), (Reactions{{"❤", {alice_addr}}}));
}

// There is nobody whom they could go to.
TEST(Reactions, ToMailsThatNameNobodyAreRefused) {
  TwoPeople two;
  two.office.mailbox(alice_addr)
      .deliver("To: alice@example.org\r\nMessage-ID: <n@example.com>\r\n\r\nGuess who\r\n", two.office.now);
  two.office.carry();
  const auto refused = two.alice.act(
      chat::React{.message = two.alice.last("").id, .emoji = "👍", .to_plain = true, .rfc_id = "r@example.org"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(), "these mails name no sender to answer");
}

TEST(Reactions, OfStrangersToTheChatDoNotCount) {
  TwoPeople two;
  two.meet();
  two.alice.say(bob_addr, "We have won!");
  two.office.carry();
  two.office.mailbox(bob_addr).deliver(
      "From: mallory@example.com\r\nTo: bob@example.net\r\nMessage-ID: <m@example.com>\r\nIn-Reply-To: <" +
          two.bob.last(alice_addr).rfc_id +
          ">\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Disposition: reaction\r\n\r\n💩\r\n",
      two.office.now);
  two.office.carry();
  EXPECT_EQ(reactions(two.bob, alice_addr), Reactions());
}

TEST(Receipts, TellThatTheOtherHasRead) {
  TwoPeople two;
  two.meet();
  const auto sent = two.alice.say(bob_addr, "Are you there?");
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::sent);
  two.bob.look_at(alice_addr);
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::read);
}

TEST(Receipts, C38AreNeverMessagesAndNeverAnswered) {
  TwoPeople two;
  two.meet();
  two.alice.say(bob_addr, "Are you there?");
  two.office.carry();
  const auto before = two.office.taken().size();
  two.bob.look_at(alice_addr);
  two.office.carry();
  two.alice.look_at(bob_addr);
  two.office.carry();
  EXPECT_EQ(two.office.taken().size(), before + 1);
  EXPECT_THAT(two.alice.texts(bob_addr), SizeIs(3));
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 0);
}

TEST(Receipts, C37OnePersonsTwoDevicesSendOne) {
  TwoPeople two;
  two.meet();
  Device laptop(two.office, bob_addr, "Bob-laptop");
  two.office.carry();
  const auto before = count_sent(two.office, receipt_word);
  const auto sent = two.alice.say(bob_addr, "Are you there?");
  two.office.carry();
  two.bob.look_at(alice_addr);
  laptop.look_at(alice_addr);
  two.office.carry();
  EXPECT_EQ(count_sent(two.office, receipt_word), before + 1);
  EXPECT_EQ(two.alice.state(sent), State::read);
}

TEST(Receipts, C34AreNotSentAgainstTheUsersWill) {
  TwoPeople two;
  two.meet();
  two.bob.account.receipts = false;
  const auto before = count_sent(two.office, receipt_word);
  const auto sent = two.alice.say(bob_addr, "Are you there?");
  two.office.carry();
  two.bob.look_at(alice_addr);
  two.office.carry();
  EXPECT_EQ(count_sent(two.office, receipt_word), before);
  EXPECT_EQ(two.alice.state(sent), State::sent);
}

TEST(Receipts, StrangersGetNone) {
  TwoPeople two;
  two.meet();
  two.office.mailbox(bob_addr).deliver(
      "From: mallory@example.com\r\nTo: bob@example.net\r\nMessage-ID: <chat$m@example.com>\r\nChat-Version: 1.0\r\n"
      "Chat-Disposition-Notification-To: mallory@example.com\r\n\r\nYou have won\r\n",
      two.office.now);
  two.office.carry();
  const auto before = count_sent(two.office, receipt_word);
  two.bob.look_at("mallory@example.com");
  two.office.carry();
  EXPECT_EQ(count_sent(two.office, receipt_word), before);
}

TEST(Receipts, D28APlainProgramsWishIsAnsweredWhenTheUserSaysSo) {
  TwoPeople two;
  two.meet();
  two.office.mailbox(alice_addr)
      .deliver(
          "From: Bob <bob@example.net>\r\nTo: alice@example.org\r\nMessage-ID: <plain@example.net>\r\n"
          "Date: Tue, 24 Nov 2026 04:10:00 +0000\r\nDisposition-Notification-To: bob@example.net\r\nSubject: "
          "Contract\r\n\r\nPlease confirm\r\n",
          two.office.now);
  two.office.carry();
  const auto before = count_sent(two.office, receipt_word);
  two.alice.look_at(bob_addr);
  two.office.carry();
  EXPECT_EQ(count_sent(two.office, receipt_word), before);
  EXPECT_TRUE(two.alice.last(bob_addr).asks_receipt);
  ASSERT_TRUE(two.alice.act(chat::AnswerReceipt{two.alice.last(bob_addr).id}));
  two.office.carry();
  EXPECT_EQ(count_sent(two.office, receipt_word), before + 1);
  EXPECT_FALSE(two.alice.last(bob_addr).asks_receipt);
  EXPECT_FALSE(two.alice.act(chat::AnswerReceipt{two.alice.last(bob_addr).id}));
  two.office.carry();
  EXPECT_EQ(count_sent(two.office, receipt_word), before + 1);
}

TEST(Devices, C89ASecondOneShowsWhatTheFirstHasSent) {
  TwoPeople two;
  Device laptop(two.office, alice_addr, "Alice-laptop");
  two.alice.say(bob_addr, "From my phone");
  two.office.carry();
  EXPECT_THAT(laptop.texts(bob_addr), ElementsAre("From my phone"));
  EXPECT_TRUE(laptop.last(bob_addr).outgoing);
  EXPECT_FALSE(laptop.chat(bob_addr)->request);
  laptop.say(bob_addr, "From my laptop");
  two.office.carry();
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("From my phone", "From my laptop"));
  EXPECT_THAT(two.bob.texts(alice_addr), ElementsAre("From my phone", "From my laptop"));
  EXPECT_EQ(two.office.mailbox(alice_addr).count(FolderRole::chats), 2U);
  for (const auto& mail : two.office.mailbox(alice_addr).folder(FolderRole::chats).mails)
    EXPECT_EQ(mail.flags, Flags::seen | Flags::chat);
}

TEST(Devices, AgreeOnTheOrder) {
  TwoPeople two;
  Device laptop(two.office, alice_addr, "Alice-laptop");
  two.office.now += 900;  // between two seconds
  two.alice.say(bob_addr, "one");
  two.office.carry();
  two.bob.say(alice_addr, "two");
  two.office.carry();
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_EQ(two.alice.messages(bob_addr)[i].sort_ms, laptop.messages(bob_addr)[i].sort_ms);
  EXPECT_EQ(two.alice.texts(bob_addr), laptop.texts(bob_addr));
}

TEST(Devices, ReadingOnOneIsReadingOnAll) {
  TwoPeople two;
  Device laptop(two.office, alice_addr, "Alice-laptop");
  two.meet();
  two.bob.say(alice_addr, "News");
  two.office.carry();
  EXPECT_EQ(laptop.chat(bob_addr)->unread, 1);
  two.alice.look_at(bob_addr);
  two.office.carry();
  EXPECT_EQ(laptop.chat(bob_addr)->unread, 0);
}

TEST(Devices, UnreadAgainInAMailProgramIsUnreadHere) {
  TwoPeople two;
  two.meet();
  two.bob.say(alice_addr, "News");
  two.office.carry();
  two.alice.look_at(bob_addr);
  two.office.carry();
  auto& mailbox = two.office.mailbox(alice_addr);
  mailbox.remove_flags(FolderRole::inbox, mailbox.folder(FolderRole::inbox).mails.back().uid, Flags::seen);
  two.bob.account.receipts = false;
  two.office.carry();
  // A receipt went out for it, but that device is this one, and no copy of the receipt lies in the mailbox.
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 1);
}

TEST(Devices, ANewOneNotifiesOfNothingAndAnswersNothing) {
  TwoPeople two;
  two.meet();
  two.bob.say(alice_addr, "News");
  two.office.carry();
  EXPECT_THAT(two.alice.notified(), testing::Not(IsEmpty()));
  const auto before = two.office.taken().size();
  Device tablet(two.office, alice_addr, "Alice-tablet");
  two.office.carry();
  EXPECT_EQ(tablet.texts(bob_addr), two.alice.texts(bob_addr));
  EXPECT_THAT(tablet.notified(), IsEmpty());
  EXPECT_EQ(two.office.taken().size(), before);
}

TEST(Requests, AStrangerWaitsUntilAccepted) {
  TwoPeople two;
  two.alice.say(bob_addr, "Hello, we met yesterday");
  two.office.carry();
  EXPECT_TRUE(two.bob.chat(alice_addr)->request);
  EXPECT_THAT(two.bob.notified(), IsEmpty());
  ASSERT_TRUE(two.bob.act(chat::ChangeChat{.chat = two.bob.chat(alice_addr)->id, .accepted = true}));
  EXPECT_FALSE(two.bob.chat(alice_addr)->request);
  two.alice.say(bob_addr, "Still there?");
  two.office.carry();
  EXPECT_THAT(two.bob.notified(), SizeIs(1));
}

TEST(Requests, AnAnswerAccepts) {
  TwoPeople two;
  two.alice.say(bob_addr, "Hello");
  two.office.carry();
  two.bob.say(alice_addr, "Hello");
  EXPECT_FALSE(two.bob.chat(alice_addr)->request);
}

TEST(Blocked, C51TheirMailIsMovedAndNobodyHearsOfIt) {
  for (const bool coi_server : {false, true}) {
    TwoPeople two;
    if (coi_server) two.office.mailbox(alice_addr).coi = Filter::active;
    two.meet();
    const auto notified = two.alice.notified().size();
    ASSERT_TRUE(two.alice.act(chat::ChangeChat{.chat = two.alice.chat(bob_addr)->id, .blocked = true}));
    two.office.carry();
    two.bob.say(alice_addr, "Why?");
    two.office.carry();
    EXPECT_EQ(two.office.mailbox(alice_addr).count(FolderRole::blocked), 1U) << coi_server;
    EXPECT_EQ(two.alice.notified().size(), notified);
    auto reader = two.alice.reader();
    EXPECT_THAT(reader.chats({})->value.rows, IsEmpty());
    EXPECT_EQ(two.alice.write(bob_addr, "No").error().kind(), ErrorKind::not_allowed);
    ASSERT_TRUE(two.alice.act(chat::ChangeChat{.chat = two.alice.chat(bob_addr)->id, .blocked = false}));
    EXPECT_TRUE(two.alice.write(bob_addr, "Hello again"));
  }
}

TEST(Oneself, NotesStayAmongTheOwnDevices) {
  TwoPeople two;
  Device laptop(two.office, alice_addr, "Alice-laptop");
  two.alice.say(alice_addr, "Buy milk");
  two.office.carry();
  EXPECT_EQ(two.alice.chat(alice_addr)->kind, chat::ChatKind::self);
  EXPECT_EQ(laptop.texts(alice_addr), (std::vector<std::string>{"Buy milk"}));
  EXPECT_EQ(two.alice.texts(alice_addr), (std::vector<std::string>{"Buy milk"}));
}

}  // namespace
}  // namespace coi::scenario

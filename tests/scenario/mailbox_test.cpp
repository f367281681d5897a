// What happens in the mailbox: filters, a server that sorts by itself, other programs, bounces, trouble.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

struct TwoPeople {
  PostOffice office;
  Device alice{office, alice_addr, "Alice"};
  Device bob{office, bob_addr, "Bob"};
  Mailbox& mailbox = office.mailbox(alice_addr);  // Alice's

  void bob_says(const std::string& text) {
    bob.say(alice_addr, text);
    office.carry();
  }
  std::vector<std::size_t> counts() { return {mailbox.count(FolderRole::inbox), mailbox.count(FolderRole::chats)}; }
};

// A mail by another program.
std::string mail(const std::string& fields, const std::string& body) {
  std::string bytes = "From: Bob <bob@example.net>\nTo: alice@example.org\nDate: Tue, 24 Nov 2026 04:10:00 +0000\n" +
                      fields + "\n" + body + "\n";
  std::string out;
  for (const char c : bytes) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

TEST(FilterNone, C87LeavesChatMailInTheInbox) {
  TwoPeople two;
  two.bob_says("Hello");
  EXPECT_THAT(two.counts(), ElementsAre(1, 0));
}

TEST(FilterActive, C87MovesChatMailAtOnceAndPlainMailNever) {
  TwoPeople two;
  two.alice.filter(Filter::active);
  two.bob_says("Hello");
  two.mailbox.deliver(mail("Message-ID: <plain@example.net>\nSubject: Invoice\n", "Please pay"), two.office.now);
  two.office.carry();
  EXPECT_THAT(two.counts(), ElementsAre(1, 1));
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("Hello", "Please pay"));
  EXPECT_EQ(two.alice.bodies, 2);  // what we moved ourselves is not fetched again
}

TEST(FilterSeen, C87MovesChatMailOnceItWasRead) {
  TwoPeople two;
  two.alice.filter(Filter::seen);
  two.bob_says("Hello");
  EXPECT_THAT(two.counts(), ElementsAre(1, 0));
  two.alice.look_at(bob_addr);
  two.office.carry();
  EXPECT_THAT(two.counts(), ElementsAre(0, 1));
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 0);
}

TEST(FilterSeen, C87MovesWhatWasReadInAMailProgram) {
  TwoPeople two;
  two.alice.filter(Filter::seen);
  two.bob_says("Hello");
  two.mailbox.add_flags(FolderRole::inbox, two.mailbox.folder(FolderRole::inbox).mails.at(0).uid, Flags::seen);
  two.office.carry();
  EXPECT_THAT(two.counts(), ElementsAre(0, 1));
}

TEST(Filter, C87SwitchingSortsWhatIsThereAndC91LosesNothing) {
  TwoPeople two;
  two.bob_says("one");
  two.bob_says("two");
  two.alice.look_at(bob_addr);
  two.office.carry();
  two.bob_says("three");
  two.alice.filter(Filter::seen);
  two.office.carry();
  EXPECT_THAT(two.counts(), ElementsAre(1, 2));
  two.alice.filter(Filter::active);
  two.office.carry();
  EXPECT_THAT(two.counts(), ElementsAre(0, 3));
  two.alice.filter(Filter::none);
  two.office.carry();
  two.bob_says("four");
  EXPECT_THAT(two.counts(), ElementsAre(1, 3));
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("one", "two", "three", "four"));
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 2);
  for (const auto& message : two.alice.messages(bob_addr)) EXPECT_TRUE(message.on_server) << message.text;
}

TEST(CoiServer, S25ActiveMailArrivesInChats) {
  TwoPeople two;
  two.mailbox.coi = Filter::active;
  two.bob_says("Hello");
  EXPECT_THAT(two.counts(), ElementsAre(0, 1));
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("Hello"));
}

TEST(CoiServer, S26SeenMailIsMovedUnderOurHandsAndStaysOneMessage) {
  TwoPeople two;
  two.mailbox.coi = Filter::seen;
  two.alice.say(bob_addr, "Hello");
  two.office.carry();
  two.bob_says("Hello");
  const auto inbox = two.mailbox.count(FolderRole::inbox);
  two.alice.look_at(bob_addr);
  two.office.carry();
  EXPECT_EQ(two.mailbox.count(FolderRole::inbox), inbox - 1);
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("Hello", "Hello"));
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 0);
  EXPECT_TRUE(two.alice.last(bob_addr).on_server);
  EXPECT_TRUE(Flags{two.mailbox.folder(FolderRole::chats).mails.back().flags}.has(Flags::seen));
}

TEST(CoiServer, S23TheKeywordComparesWithoutCase) {
  for (const auto word : {"$Chat", "$chat", "$CHAT"}) EXPECT_TRUE(engine::flags_of({word}).has(Flags::chat)) << word;
  EXPECT_FALSE(engine::flags_of({"Chat"}).has(Flags::chat));
}

TEST(CoiServer, C87TheFilterIsSetThereAndNothingIsMovedTwice) {
  TwoPeople two;
  two.mailbox.coi = Filter::none;
  two.bob_says("one");
  two.alice.filter(Filter::active);
  two.office.carry();
  EXPECT_EQ(two.mailbox.coi, Filter::active);
  EXPECT_THAT(two.counts(), ElementsAre(1, 0));  // what came before is the server's business
  two.bob_says("two");
  EXPECT_THAT(two.counts(), ElementsAre(1, 1));
}

TEST(PlainProgram, C88AnAnswerToAChatIsChatHoweverLongTheThread) {
  TwoPeople two;
  two.alice.filter(Filter::active);
  two.alice.say(bob_addr, "Shall we?");
  two.office.carry();
  two.mailbox.deliver(mail("Message-ID: <r1@mail.example>\nSubject: Re: Chat: Shall we?\nReferences: <old@x> "
                           "<chat$Alice-1@example.org> <other@y>\n"
                           "In-Reply-To: <other@y>\n",
                           "Yes!\n\nOn Tue, 24 Nov 2026 at 04:06, Alice <alice@example.org> wrote:\n> Shall we?"),
                      two.office.now);
  two.office.carry();
  const auto answer = two.alice.last(bob_addr);
  EXPECT_EQ(answer.text, "Yes!");
  EXPECT_TRUE(answer.is_chat);
  EXPECT_THAT(two.counts(), ElementsAre(0, 2));
  EXPECT_EQ(two.alice.chat(bob_addr)->peer_class, chat::PeerClass::plain);
}

TEST(PlainProgram, GetsMailItCanShow) {
  PostOffice office;
  Device alice(office, alice_addr, "Alice");
  alice.say("carol@example.com", "Are you coming?");
  office.carry();
  const auto& bytes = office.taken().at(0).bytes;
  EXPECT_THAT(bytes, HasSubstr("Subject: Chat: Are you coming?\r\n"));
  EXPECT_THAT(bytes, HasSubstr("\r\n\r\nAre you coming?"));
  EXPECT_THAT(bytes, testing::Not(HasSubstr("Disposition-Notification-To")));
}

TEST(Bounce, FailsTheMessageInWordsAndItCanBeSentAgain) {
  TwoPeople two;
  const auto sent = two.alice.say("nobody@example.net", "Hello?");
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::sent);
  two.mailbox.deliver(
      "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: alice@example.org\r\nSubject: Undelivered\r\n"
      "Date: Tue, 24 Nov 2026 04:08:00 +0000\r\nMessage-ID: <b1@mx>\r\n"
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--b\r\nContent-Type: "
      "message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
      "Final-Recipient: rfc822; nobody@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 "
      "User unknown\r\n\r\n"
      "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <chat$Alice-1@example.org>\r\n\r\n--b--\r\n",
      two.office.now);
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::failed);
  EXPECT_THAT(two.alice.last("nobody@example.net").recipients.at(0).error, HasSubstr("User unknown"));
  const auto before = two.office.taken().size();
  ASSERT_TRUE(two.alice.act(chat::RetryMessage{sent}));
  EXPECT_EQ(two.alice.state(sent), State::pending);
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::sent);
  ASSERT_EQ(two.office.taken().size(), before + 1);
  EXPECT_THAT(two.office.taken().back().bytes, HasSubstr("Message-ID: <chat$Alice-1@example.org>"));
  EXPECT_EQ(two.mailbox.count(FolderRole::chats), 1U);  // one own copy is enough
}

TEST(Sending, C05RefusedForGoodItFails) {
  TwoPeople two;
  two.office.answer = [](const Letter&) {
    return chat::RecipientResult{.state = chat::RecipientState::failed, .reply = "552 too big"};
  };
  const auto sent = two.alice.say(bob_addr, "Hello");
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::failed);
  EXPECT_EQ(two.mailbox.count(FolderRole::chats), 0U);
  two.office.answer = nullptr;
  ASSERT_TRUE(two.alice.act(chat::RetryMessage{sent}));
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::sent);
  EXPECT_THAT(two.bob.texts(alice_addr), ElementsAre("Hello"));
}

TEST(Sending, RefusedForNowItIsTriedUntilThreeDaysAreOver) {
  TwoPeople two;
  int tries = 0;
  two.office.answer = [&](const Letter&) {
    ++tries;
    return chat::RecipientResult{.state = chat::RecipientState::queued, .reply = "451 greylisted"};
  };
  const auto sent = two.alice.say(bob_addr, "Hello");
  for (int hour = 0; hour < 75; ++hour) {
    two.office.carry();
    two.office.now += 60 * minute;
  }
  EXPECT_EQ(two.alice.state(sent), State::failed);
  EXPECT_GT(tries, 30);
  EXPECT_LT(tries, 80);
}

TEST(Sending, AnUnansweredDataIsNotSentTwiceIfItsCopyIsThere) {
  TwoPeople two;
  two.office.answer = [&](const Letter& letter) {
    two.mailbox.append(FolderRole::sent, letter.bytes, two.office.now,
                       Flags::seen);  // the server files it, then the line breaks
    return chat::RecipientResult{.state = chat::RecipientState::sending, .reply = "connection lost"};
  };
  const auto sent = two.alice.say(bob_addr, "Hello");
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::sent);
  two.office.answer = [](const Letter&) -> std::optional<chat::RecipientResult> {
    throw std::runtime_error("sent twice");
  };
  two.office.now += 10 * minute;
  two.office.carry();
}

// The provider files a copy with the first submission; that says nothing of those whose turn has not come.
TEST(Sending, WhoWaitsForAnEarlierMailGetsTheNextOneInTurn) {
  TwoPeople two;
  Device carol(two.office, carol_addr, "Carol");
  bool is_full = true;
  two.office.answer = [&](const Letter& letter) -> std::optional<chat::RecipientResult> {
    if (is_full && letter.to == carol_addr)
      return chat::RecipientResult{.state = chat::RecipientState::queued, .reply = "452 mailbox full"};
    if (letter.from == alice_addr) two.mailbox.append(FolderRole::sent, letter.bytes, two.office.now, Flags::seen);
    return std::nullopt;
  };
  two.alice.create_group("Film Club", {bob_addr, carol_addr});
  two.alice.say("Film Club", "Alien?");
  two.office.carry();
  const auto second = two.alice.say("Film Club", "On Friday?");
  two.office.carry();
  EXPECT_EQ(two.alice.state(second), State::pending);
  is_full = false;
  two.office.now += 60 * minute;
  two.office.carry();
  EXPECT_THAT(carol.texts("Film Club"), ElementsAre("Alien?", "On Friday?"));
}

TEST(Sending, AnUnansweredDataWithoutACopyIsTriedAgainAfterItsPause) {
  TwoPeople two;
  two.office.answer = [](const Letter&) {
    return chat::RecipientResult{.state = chat::RecipientState::sending, .reply = "connection lost"};
  };
  const auto sent = two.alice.say(bob_addr, "Hello");
  two.office.carry();
  two.office.answer = nullptr;
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::pending);
  two.office.now += 2 * minute;
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::sent);
  EXPECT_THAT(two.bob.texts(alice_addr), ElementsAre("Hello"));
}

TEST(Sending, OfflineItWaits) {
  TwoPeople two;
  two.alice.online = false;
  const auto sent = two.alice.say(bob_addr, "Hello");
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::pending);
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("Hello"));
  two.alice.online = true;
  two.office.carry();
  EXPECT_EQ(two.alice.state(sent), State::sent);
}

TEST(Identity, TheSameIdByTwoAuthorsIsTwoMessages) {
  TwoPeople two;
  two.bob_says("I am Bob");
  two.mailbox.deliver(
      "From: Mallory <mallory@example.com>\r\nTo: alice@example.org\r\nMessage-ID: <chat$Bob-1@example.net>\r\n"
      "Chat-Version: 1.0\r\nDate: Tue, 24 Nov 2026 04:00:00 +0000\r\n\r\nI am Bob, too\r\n",
      two.office.now);
  two.office.carry();
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("I am Bob"));
  EXPECT_THAT(two.alice.texts("mallory@example.com"), ElementsAre("I am Bob, too"));
}

TEST(Identity, C91OneMailInThreeFoldersIsOneMessage) {
  TwoPeople two;
  const auto bytes = mail("Message-ID: <one@example.net>\nSubject: News\n", "Once");
  for (const auto role : {FolderRole::inbox, FolderRole::chats, FolderRole::sent})
    two.mailbox.append(role, bytes, two.office.now, 0);
  two.office.carry();
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("Once"));
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 1);
  EXPECT_THAT(two.alice.search("once"), SizeIs(1));
  two.mailbox.expunge(FolderRole::inbox, 1);
  two.office.carry();
  EXPECT_TRUE(two.alice.last(bob_addr).on_server);
}

TEST(UidValidity, AFolderMadeAnewLoadsNoBody) {
  TwoPeople two;
  two.bob_says("one");
  two.bob_says("two");
  two.alice.look_at(bob_addr);
  two.office.carry();
  const auto bodies = two.alice.bodies;
  const auto before = two.alice.texts(bob_addr);
  two.mailbox.make_anew(FolderRole::inbox);
  two.office.carry();
  EXPECT_EQ(two.alice.bodies, bodies);
  EXPECT_EQ(two.alice.texts(bob_addr), before);
  EXPECT_TRUE(two.alice.last(bob_addr).on_server);
  EXPECT_EQ(two.alice.chat(bob_addr)->unread, 0);
  two.bob_says("three");
  EXPECT_EQ(two.alice.bodies, bodies + 1);
}

TEST(Unreadable, AMailLeavesATombstoneAndThoseBehindItArrive) {
  TwoPeople two;
  const auto endless = "X-Endless: " + std::string(300'000, 'x') + "\n";
  two.mailbox.deliver(mail("Message-ID: <bad@example.net>\n" + endless, "x\n"), two.office.now);
  two.bob_says("still here");
  two.office.carry();
  EXPECT_THAT(two.alice.texts(bob_addr), ElementsAre("still here"));
  auto reader = two.alice.reader();
  EXPECT_EQ(reader.queue(two.office.now)->unreadable, 1);
  const auto bodies = two.alice.bodies;
  two.office.carry();
  EXPECT_EQ(two.alice.bodies, bodies);
}

TEST(Strange, AForgedFutureDateDoesNotStayOnTop) {
  TwoPeople two;
  two.mailbox.deliver(
      "From: spam@example.com\r\nTo: alice@example.org\r\nMessage-ID: <s@x>\r\nDate: Mon, 01 Jan 2035 00:00:00 "
      "+0000\r\n\r\nBuy\r\n",
      two.office.now);
  two.mailbox.deliver("To: alice@example.org\r\n\r\nWho am I?\r\n", two.office.now);
  two.office.carry();
  EXPECT_LE(two.alice.last("spam@example.com").sort_ms, two.office.now);
  EXPECT_THAT(two.alice.search("who am i"), ElementsAre("Who am I?"));
}

TEST(Search, C91FindsMailOfAllFolders) {
  TwoPeople two;
  two.alice.filter(Filter::seen);
  two.alice.say(bob_addr, "harbour in Chats");
  two.office.carry();
  two.bob_says("harbour in the inbox");
  two.mailbox.append(FolderRole::sent,
                     "From: alice@example.org\r\nTo: bob@example.net\r\nMessage-ID: <s@x>\r\nDate: Tue, 24 Nov 2026 "
                     "04:00:00 +0000\r\n\r\nharbour in Sent\r\n",
                     two.office.now, Flags::seen);
  two.office.carry();
  EXPECT_THAT(two.alice.search("harb"),
              testing::UnorderedElementsAre("harbour in Chats", "harbour in the inbox", "harbour in Sent"));
}

}  // namespace
}  // namespace coi::scenario

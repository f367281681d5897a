// Messages and the places where they lie: one mail is one message wherever and however often it lies.
#include <algorithm>
#include <random>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/settle.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using State = MessageRow::State;

TEST(Message, IsReadBackAsItWasStored) {
  Stored stored;
  auto message = bobs("a@b", "Grüße\nzwei Zeilen");
  message.from_name = "Bob";
  message.subject = "Chat: Grüße";
  message.quote = "When?";
  message.footer = "Out for lunch";
  message.html = true;
  message.kind = MessageKind::media;
  message.attachments = {{.name = "a.jpg", .type = "image/jpeg", .size = 10, .section = "2"},
                         {.name = "b.pdf",
                          .type = "application/pdf",
                          .size = 20,
                          .state = FileState::local,
                          .blob = "ff",
                          .section = "3"}};
  stored.apply({message, at(inbox(1), message)});
  const auto row = stored.message(message.key);
  EXPECT_EQ(row.rfc_id, "a@b");
  EXPECT_EQ(row.from, (Address{"Bob", "bob@example.net"}));
  EXPECT_EQ(row.text, "Grüße\nzwei Zeilen");
  EXPECT_EQ(row.subject, "Chat: Grüße");
  EXPECT_EQ(row.quote, "When?");
  EXPECT_EQ(row.footer, "Out for lunch");
  EXPECT_TRUE(row.html && row.on_server && row.is_chat);
  EXPECT_EQ(row.state, State::fresh);
  EXPECT_EQ(row.sort_ms, now);
  ASSERT_EQ(row.attachments.size(), 2U);
  EXPECT_EQ(row.attachments[1].file, message.attachments[1]);
}

TEST(Message, C91OneMailInThreeFoldersIsOneMessage) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  const auto added = stored.apply({message, at(inbox(1), message)}).added;
  EXPECT_EQ(added.size(), 1U);
  EXPECT_THAT(stored.apply({message, at(chats(5), message)}).added, IsEmpty());
  stored.apply({message, at(inbox(9), message)});
  EXPECT_EQ(good(stored.reader().copies(added[0])).size(), 3U);
  EXPECT_EQ(good(stored.reader().queue(now)).messages, 1);
  EXPECT_EQ(stored.chat_of(message.key).unread, 1);
}

TEST(Message, TheSameIdOfAnotherAuthorIsAnotherMessage) {
  Stored stored;
  const auto bob = bobs("a@b", "I am Bob"), mallory = bobs("a@b", "I am Bob, too", now, "mallory@example.com");
  stored.apply({bob, at(inbox(1), bob), mallory, at(inbox(2), mallory)});
  EXPECT_EQ(stored.message(bob.key).text, "I am Bob");
  EXPECT_EQ(stored.message(mallory.key).text, "I am Bob, too");
  EXPECT_NE(stored.message(bob.key).chat, stored.message(mallory.key).chat);
}

TEST(Message, TheEarliestCopySpeaksWhicheverCameFirst) {
  auto direct = bobs("a@b", "Hello list", now);
  auto reflected = bobs("a@b", "Hello list\n\nUnsubscribe here", now);
  reflected.arrived_ms = reflected.received_ms = now + minute;
  reflected.list = true;
  reflected.subject = "[list] Hello";
  reflected.kind = MessageKind::media;
  reflected.attachments = {{.name = "footer.txt", .type = "text/plain"}};
  for (const bool direct_first : {true, false}) {
    Stored stored;
    const auto& first = direct_first ? direct : reflected;
    auto second = direct_first ? reflected : direct;
    second.into = stored.apply({first, at(inbox(1), first)}).added.front();
    stored.apply({second, at(chats(2), second)});
    const auto row = stored.message(direct.key);
    EXPECT_EQ(row.text, "Hello list");
    EXPECT_EQ(row.arrived_ms, now);
    EXPECT_THAT(row.attachments, IsEmpty());
    EXPECT_THAT(stored.search("unsubscribe"), IsEmpty());
    EXPECT_THAT(stored.search("footer"), IsEmpty());
    EXPECT_THAT(stored.search("hello"), ElementsAre("a@b"));
  }
}

TEST(Message, ACopyThatMovesItToAnotherChatIsToldOfBoth) {
  Stored stored;
  auto first = own("a@b", "Hello"), second = own("a@b", "Hello", now, "carol@example.net");
  first.received_ms = first.arrived_ms = now + minute;
  const auto changes = stored.apply({first, at(inbox(1), first), second, at(chats(2), second)});
  EXPECT_THAT(changes.added, SizeIs(1));
  EXPECT_THAT(changes.chats, SizeIs(2));
  EXPECT_THAT(changes.chats, testing::Contains(stored.message(second.key).chat));
}

TEST(Message, OneIdMayBeThatOfSeveralMessages) {
  std::vector<PutMessage> alarms;
  for (const auto* words : {"door opened", "door closed", "battery low"}) {
    alarms.push_back(bobs("camera@local", words, now, "camera@example.net"));
    alarms.back().is_chat = false;
  }
  alarms.push_back(alarms[0]);  // the same words at another time
  alarms.back().date_ms = now + minute;
  alarms.push_back(alarms[0]);  // and with another file
  alarms.back().kind = MessageKind::media;
  alarms.back().attachments = {{.name = "scan.pdf", .size = 10, .blob = "aa"}};
  alarms.push_back(alarms.back());
  alarms.back().attachments[0].blob = "bb";
  for (const bool forwards : {true, false}) {
    Stored stored;
    for (std::size_t i = 0; i < alarms.size(); ++i) {
      const auto& alarm = alarms[forwards ? i : alarms.size() - 1 - i];
      EXPECT_EQ(stored.apply({alarm}).added.size(), 1U);
      EXPECT_THAT(stored.apply({alarm}).added, IsEmpty());
    }
    EXPECT_EQ(good(stored.reader().queue(now)).messages, 6);
  }
}

TEST(Message, CopiesOfTwoListsAreOneOnceTheMailItselfShowsIt) {
  const auto direct = bobs("a@b", "Hello lists");
  auto one = direct, two = direct;
  one.list = two.list = true;
  one.text += "\n\nUnsubscribe from one";
  two.text += "\n\nAll about two";
  std::vector<PutMessage> copies = {direct, one, two};
  std::vector<std::size_t> order = {0, 1, 2};
  do {
    Stored stored;
    std::uint32_t uid = 0;
    for (const auto i : order) stored.apply({copies[i], at(inbox(++uid), copies[i])});
    EXPECT_EQ(good(stored.reader().queue(now)).messages, 1);
    EXPECT_EQ(stored.message(direct.key).text, "Hello lists");
  } while (std::ranges::next_permutation(order).found);
}

// In any order: a list's tag in the subject makes no other message of the mail.
TEST(Message, IsOneThoughAListTagsItsSubject) {
  auto direct = bobs("a@b", "Hello list");
  direct.subject = "Re: Tea";
  direct.is_chat = false;
  auto tagged = direct;
  tagged.list = true;
  tagged.subject = "Re: [tea-lovers] Re: Tea";
  for (const bool direct_first : {true, false}) {
    Stored stored;
    stored.apply({direct_first ? direct : tagged});
    stored.apply({direct_first ? tagged : direct});
    EXPECT_EQ(good(stored.reader().queue(now)).messages, 1);
    EXPECT_EQ(stored.message(direct.key).subject, "Re: Tea") << "as its author wrote it";
  }
}

// What a list made of a mail may be made of either of two, which stay two.
TEST(Message, StaysApartFromAnotherThatAListCopyFitsToo) {
  auto one = bobs("camera@local", "alarm"), two = one;
  one.is_chat = two.is_chat = false;
  one.attachments = {{.name = "a.jpg", .size = 10, .blob = "aa"}};
  two.attachments = {{.name = "a.jpg", .size = 10, .blob = "bb"}};
  auto copy = one;
  copy.list = true;
  copy.attachments.clear();
  std::vector<PutMessage> copies = {one, two, copy};
  std::vector<std::size_t> order = {0, 1, 2};
  do {
    Stored stored;
    for (const auto i : order) stored.apply({copies[i]});
    EXPECT_EQ(good(stored.reader().queue(now)).messages, 2) << order[0] << order[1] << order[2];
  } while (std::ranges::next_permutation(order).found);
}

TEST(Message, IsFoundUnderBothItsIds) {
  for (const bool report_first : {true, false}) {
    Stored stored;
    const auto message = own("chat$a@example.org", "Hello");
    stored.apply({LearnAddress{.addr = "bob@example.net"}, message});
    const auto receipt = remark(RemarkKind::displayed, "new@outlook", "bob@example.net", now);
    if (report_first) stored.apply({receipt});
    auto copy = message;
    copy.other_ids = {"new@outlook"};
    EXPECT_THAT(stored.apply({copy}).added, IsEmpty());
    if (!report_first) stored.apply({receipt});
    EXPECT_EQ(stored.message(message.key).state, State::read);
    EXPECT_EQ(stored.facts_of({"new@outlook", "alice@example.org"}).id, stored.facts_of(message.key).id);
    auto answer = bobs("b@x", "Hi", now + second);
    answer.in_reply_to = "new@outlook";
    stored.apply({answer});
    EXPECT_EQ(stored.message(answer.key).reply_to, stored.facts_of(message.key).id);
  }
}

TEST(File, KeepsItsIdWhenASecondCopyComes) {
  Stored stored;
  auto message = bobs("a@b", "See");
  message.kind = MessageKind::media;
  message.received_ms = now + minute;
  message.attachments = {{.name = "a.jpg", .type = "image/jpeg", .size = 10, .section = "2"}};
  stored.apply({message});
  const auto file = stored.message(message.key).attachments.at(0);
  stored.apply({PutFile{{file.id, "abc", 10}}});
  message.received_ms = now;  // speaks for the message from now on
  stored.apply({message});
  const auto after = stored.message(message.key).attachments.at(0);
  EXPECT_EQ(after.id, file.id);
  EXPECT_EQ(after.file.blob, "abc");
}

TEST(Message, OwnWordsStayAsTheyWereTyped) {
  Stored stored;
  const auto typed = own("a@b", "typed", now);
  stored.apply({typed, PutOutgoing{.key = typed.key, .recipients = {"bob@example.net"}, .bytes = "mail"}});
  auto copy = own("a@b", "as it came back", now - 2 * second);
  stored.apply({copy, at(chats(1), copy)});
  EXPECT_EQ(stored.message(typed.key).text, "typed");
  // The server's clock is the one that all devices share.
  EXPECT_EQ(stored.message(typed.key).sort_ms, now - 2 * second);
  EXPECT_THAT(stored.search("typed"), ElementsAre("a@b"));
}

TEST(Seen, IsAMessageWhereOneCopyIs) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message), at(chats(1), message)});
  EXPECT_EQ(stored.message(message.key).state, State::fresh);
  stored.apply({SetFlags{chats(1), {Flags::seen}}});
  EXPECT_EQ(stored.message(message.key).state, State::seen);
  stored.apply({SetFlags{chats(1), {0}}});
  EXPECT_EQ(stored.message(message.key).state, State::fresh);
}

TEST(Seen, StaysWhenTheSeenCopyGoesLast) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message, Flags::seen)});
  stored.apply({DropPlaces{FolderId{1}, 77, NumberSet(1, 1)}});
  EXPECT_EQ(stored.message(message.key).state, State::seen);
  EXPECT_FALSE(stored.message(message.key).on_server);
}

TEST(Seen, ByAReceiptOfOursWhicheverCameFirst) {
  const auto message = bobs("a@b", "Hello");
  auto receipt = remark(RemarkKind::displayed, "a@b", "alice@example.org", now);
  receipt.remark.by_us = true;
  for (const bool receipt_first : {true, false}) {
    Stored stored;
    if (receipt_first) stored.apply({receipt});
    stored.apply({message, at(inbox(1), message)});
    if (!receipt_first) stored.apply({receipt});
    EXPECT_EQ(stored.message(message.key).state, State::seen);
    stored.apply({SetFlags{inbox(1), {Flags::flagged}}});
    EXPECT_EQ(stored.message(message.key).state, State::seen);
  }
}

TEST(Seen, AReceiptOfAnotherPersonSaysNothingAboutUs) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message), remark(RemarkKind::displayed, "a@b", "carol@example.com", now)});
  EXPECT_EQ(stored.message(message.key).state, State::fresh);
}

TEST(Seen, HereMarksAllPlaces) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  const auto id = stored.apply({message, at(inbox(1), message), at(chats(1), message)}).added.at(0);
  const auto changes = stored.apply({SetSeen{id}});
  EXPECT_THAT(changes.changed, ElementsAre(id));
  EXPECT_EQ(stored.message(id).state, State::seen);
  for (const auto& place : stored.facts_of(message.key).places) EXPECT_TRUE(place.flags.has(Flags::seen));
  EXPECT_THAT(stored.apply({SetSeen{id}}).changed, IsEmpty());
}

// A server may move a read mail before our \Seen reaches it: the store remembers who read it.
TEST(Seen, S26HereIsRememberedWhenTheCopyIsGone) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  const auto id = stored.apply({message, at(inbox(1), message)}).added.at(0);
  EXPECT_FALSE(stored.facts_of(message.key).seen_here);
  stored.apply({SetSeen{id}});
  stored.apply({DropPlaces{inbox(1).folder, inbox(1).uidvalidity, NumberSet(1, 1)}});
  EXPECT_EQ(stored.message(id).state, State::seen);
  EXPECT_TRUE(stored.facts_of(message.key).seen_here);
}

TEST(Seen, UnreadCountsFollow) {
  Stored stored;
  std::vector<Operation> operations;
  for (std::uint32_t i = 1; i <= 3; ++i) {
    const auto message = bobs(fmt::format("{}@b", i), "Hello", now + i * second);
    operations.insert(operations.end(), {message, at(inbox(i), message)});
  }
  const auto ids = stored.apply(operations).added;
  const MessageKey first{"1@b", "bob@example.net"};
  EXPECT_EQ(stored.chat_of(first).unread, 3);
  stored.apply({SetSeen{ids[0]}});
  EXPECT_EQ(stored.chat_of(first).unread, 2);
}

TEST(Seen, IsLookedForBetweenTwoMessagesOfTheChat) {
  Stored stored;
  std::vector<Operation> operations;
  for (std::uint32_t i = 1; i <= 4; ++i)
    operations.emplace_back(bobs(fmt::format("{}@b", i), "Hello", now + i * second));
  operations.emplace_back(bobs("5@b", "Elsewhere", now + 3 * second, "carol@x"));
  const auto ids = stored.apply(operations).added;
  const auto chat = stored.message(ids[0]).chat;
  const auto fresh = [&](MessageId from, MessageId up_to) {
    std::vector<MessageId> found;
    for (const auto& message : stored.find(FindFresh{chat, from, up_to})) found.push_back(message.id);
    return found;
  };
  EXPECT_THAT(fresh({}, {}), ElementsAre(ids[0], ids[1], ids[2], ids[3]));
  EXPECT_THAT(fresh({}, ids[1]), ElementsAre(ids[0], ids[1]));
  EXPECT_THAT(fresh(ids[2], {}), ElementsAre(ids[2], ids[3]));
  EXPECT_THAT(fresh(ids[1], ids[2]), ElementsAre(ids[1], ids[2]));
  EXPECT_THAT(fresh(ids[2], ids[1]), IsEmpty());
  for (const auto elsewhere : {ids[4], MessageId{99}}) {
    EXPECT_THAT(fresh(elsewhere, {}), IsEmpty());
    EXPECT_THAT(fresh({}, elsewhere), IsEmpty());
  }
}

TEST(Notify, OnlyOfWhatIsUnreadWhenAllIsSaid) {
  Stored stored;
  auto message = bobs("a@b", "Hello");
  message.sound = Sound::unless_muted;
  EXPECT_EQ(stored.apply({message, at(inbox(1), message)}).sounds.size(), 1U);
  auto read_meanwhile = bobs("c@d", "Hello");
  read_meanwhile.sound = Sound::unless_muted;
  const auto changes = stored.apply({read_meanwhile, at(inbox(2), read_meanwhile), SetFlags{inbox(2), {Flags::seen}}});
  EXPECT_EQ(changes.added.size(), 1U);
  EXPECT_THAT(changes.sounds, IsEmpty());
}

TEST(Message, C79OfAMutedChatIsHeardOnlyIfItMentionsUs) {
  Stored stored;
  const auto first = bobs("a@b", "");
  stored.apply({first});
  stored.apply({PatchChat{.chat = stored.facts_of(first.key).chat, .muted_until = now + minute}});
  const auto sounds = [&](const std::string& rfc_id, Sound sound, UnixMs at) {
    auto message = bobs(rfc_id, "");
    message.sound = sound;
    return stored.apply({message}, at).sounds.size();
  };
  EXPECT_EQ(sounds("b@b", Sound::unless_muted, now), 0U);
  EXPECT_EQ(sounds("c@b", Sound::always, now), 1U);
  EXPECT_EQ(sounds("d@b", Sound::unless_muted, now + minute), 1U) << "the time is over";
}

TEST(Message, ThatComesToLieOnTheServerOrLeavesItIsChanged) {
  Stored stored;
  const auto message = own("a@b", "Hello");
  const auto id = stored.apply({message}).added.at(0);
  EXPECT_THAT(stored.apply({at(chats(1), message)}).changed, ElementsAre(id));
  EXPECT_THAT(stored.apply({at(chats(2), message)}).changed, IsEmpty());
  const auto expunge = [](std::uint32_t uid) { return DropPlaces{FolderId{2}, 88, NumberSet(uid, uid)}; };
  stored.apply({expunge(1), expunge(2)});
  EXPECT_FALSE(stored.message(id).on_server);
  EXPECT_THAT(stored.apply({at(inbox(9), message)}).changed, ElementsAre(id));
}

TEST(Message, WhoseReceiptAnotherDeviceHasSentIsChanged) {
  Stored stored;
  auto message = bobs("a@b", "Hello");
  message.wants_plain_receipt = true;
  const auto id = stored.apply({message, at(inbox(1), message)}).added.at(0);
  EXPECT_THAT(stored.apply({SetFlags{inbox(1), {Flags::mdn_sent}}}).changed, ElementsAre(id));
  EXPECT_FALSE(stored.message(id).asks_receipt);
}

TEST(Remark, TheFirstReadingAndTheLastBounceCount) {
  for (const bool forwards : {true, false}) {
    Stored stored;
    const auto report = [](RemarkKind kind, UnixMs when, std::string reason) {
      return Operation{remark(kind, "a@b", "bob@example.net", when, std::move(reason))};
    };
    std::vector<Operation> operations = {
        report(RemarkKind::displayed, now, ""), report(RemarkKind::displayed, now + minute, ""),
        report(RemarkKind::failed, now, "no route"), report(RemarkKind::failed, now + minute, "no such user")};
    if (!forwards) std::ranges::reverse(operations);
    stored.apply(operations);
    const auto remarks = settled_reports(stored.find(FindRemarks{{"a@b"}}));
    ASSERT_EQ(remarks.size(), 2U);
    EXPECT_EQ(remarks[0].at_ms, now);
    EXPECT_EQ(remarks[1].at_ms, now + minute);
    EXPECT_EQ(remarks[1].value, "no such user");
  }
}

// A copy of the mail that says it may have been stored at another time.
TEST(Remark, SaidTwiceByOneMailCountsOnceAndByItsEarlierTime) {
  for (const bool earlier_first : {true, false}) {
    Stored stored;
    auto early = remark(RemarkKind::failed, "a@b", "bob@example.net", now, "no such user");
    auto late = early;
    late.remark.at_ms = now + minute;
    stored.apply(earlier_first ? std::vector<Operation>{early, late} : std::vector<Operation>{late, early});
    EXPECT_THAT(stored.find(FindRemarks{{"a@b"}}), ElementsAre(early.remark)) << earlier_first;
  }
}

// Whoever answers one mail over and over fills no disk, and the first receipt tells when it was read.
TEST(Remark, OfOneAuthorTheNewestAreKeptAndTheOldestWhateverTheOrder) {
  std::vector<Operation> operations;
  std::set<UnixMs> expected;
  for (int i = 0; i < 100; ++i) {
    auto receipt = remark(RemarkKind::displayed, "a@b", "bob@example.net", now + i * second);
    if (i == 0 || i >= 36) expected.insert(receipt.remark.at_ms);
    operations.emplace_back(receipt);
    receipt.remark.at_ms += 1000 * minute;  // a copy that came later
    if (i % 3 == 0) operations.emplace_back(receipt);
  }
  std::mt19937 random(7);
  for (int round = 0; round < 8; ++round) {
    std::ranges::shuffle(operations, random);
    Stored stored;
    stored.apply(operations);
    std::set<UnixMs> kept;
    for (const auto& one : stored.find(FindRemarks{{"a@b"}})) kept.insert(one.date_ms);
    EXPECT_EQ(kept, expected) << round;
  }
}

// Mail systems may make the id of a report out of that of the mail.
TEST(Remark, OfOneIdAndAnotherDateIsAnother) {
  Stored stored;
  const auto message = own("a@b", "Hello");
  stored.apply({message, at(chats(1), message)});
  auto first = remark(RemarkKind::failed, "a@b", "bob@example.net", now, "full");
  auto second_one = remark(RemarkKind::failed, "a@b", "bob@example.net", now + minute, "still full");
  second_one.remark.rfc_id = first.remark.rfc_id;
  stored.apply({first, second_one});
  EXPECT_EQ(stored.find(FindRemarks{{"a@b"}}).size(), 2U);
  EXPECT_EQ(stored.message(message.key).recipients.at(0).error, "still full");
}

TEST(Remark, IsKeptForAMessageThatComesLater) {
  Stored stored;
  stored.apply({remark(RemarkKind::displayed, "a@b", "bob@example.net", now + minute)});
  const auto message = own("a@b", "Hello");
  stored.apply({LearnAddress{.addr = "bob@example.net"}, message, at(chats(1), message)});
  EXPECT_EQ(stored.message(message.key).state, State::read);
}

PutMessage bounce_of(const PutMessage& message) {
  auto bounce = bobs("bounce@mx", "Your message could not be delivered.", now + minute, "mailer-daemon@mx");
  bounce.bounce_of = message.key.rfc_id;
  bounce.automatic = true;
  bounce.attachments = {{.name = "returned.eml", .type = "message/rfc822", .size = 10, .section = "3"}};
  return bounce;
}

TEST(Bounce, OfAMailThatIsNowhereIsShown) {
  Stored stored;
  const auto bounce = bounce_of(own("a@b", ""));
  EXPECT_EQ(stored.apply({PutTombstone{inbox(7), {}}, bounce, at(inbox(7), bounce)}).added.size(), 1U);
  EXPECT_TRUE(stored.message(bounce.key).on_server);
  EXPECT_THAT(stored.search("delivered"), ElementsAre("bounce@mx"));
}

TEST(Bounce, GivesWayToTheMessageThatShowsTheFailureWhicheverCameFirst) {
  for (const bool bounce_first : {true, false}) {
    Stored stored;
    const auto message = own("a@b", "Hello");
    const auto bounce = bounce_of(message);
    const std::vector<Operation> news = {PutTombstone{inbox(7), {}}, bounce, at(inbox(7), bounce)};
    if (!bounce_first) stored.apply({message});
    const auto added = stored.apply(news).added;
    EXPECT_EQ(added.size(), bounce_first ? 1U : 0U);
    if (bounce_first) {
      EXPECT_THAT(stored.apply({message}).changed, ElementsAre(added.at(0)));
      EXPECT_FALSE(good(stored.reader().message(added.at(0))).value);
    }
    EXPECT_THAT(stored.search("delivered"), IsEmpty());
    for (const auto page = good(stored.reader().chats({.requests = true})); const auto& chat : page.value.rows)
      EXPECT_EQ(chat.addr, "bob@example.net");
    EXPECT_TRUE(good(stored.database().folders()).at(0).done.contains(7));  // and is not fetched again
  }
}

// Only a mail of the user's own can show it.
TEST(Bounce, DoesNotGiveWayToSomebodyElsesMail) {
  Stored stored;
  const auto bounce = bounce_of(own("a@b", ""));
  stored.apply({bounce, bobs("a@b", "the same id")});
  EXPECT_THAT(stored.search("delivered"), ElementsAre("bounce@mx"));
  // Disowned on its way and stored as somebody else's, until a copy proves it to be ours.
  auto forged = own("a@b", "Hello");
  forged.outgoing = false;
  stored.apply({forged});
  EXPECT_THAT(stored.search("delivered"), ElementsAre("bounce@mx"));
  stored.apply({own("a@b", "Hello")});
  EXPECT_THAT(stored.search("delivered"), IsEmpty());
}

// Of one that was sent: it is told what keeps it, until something better is known.
TEST(Remark, ADelayIsSaidAndIsNoFailure) {
  Stored stored;
  const auto message = own("a@b", "Hello");
  const auto tell = [&](RemarkKind kind, UnixMs when) {
    stored.apply({remark(kind, "a@b", "bob@example.net", when, "no answer")});
    const auto row = stored.message(message.key);
    return std::pair(row.state, row.recipients.at(0).error);
  };
  stored.apply({message, at(chats(1), message)});
  using enum MessageRow::State;
  EXPECT_EQ(tell(RemarkKind::delayed, now), std::pair(sent, std::string("delayed: no answer")));
  EXPECT_EQ(tell(RemarkKind::delivered, now + minute), std::pair(sent, std::string()));
  EXPECT_EQ(tell(RemarkKind::delayed, now + 2 * minute), std::pair(sent, std::string("delayed: no answer")));
  EXPECT_EQ(tell(RemarkKind::failed, now + 3 * minute), std::pair(failed, std::string("no answer")));
}

TEST(Remark, OnlyWhomTheMailWentToCanHaveReadIt) {
  Stored stored;
  const auto message = own("a@b", "Hello");
  stored.apply({message, at(chats(1), message), remark(RemarkKind::displayed, "a@b", "mallory@example.com", now)});
  EXPECT_EQ(stored.message(message.key).state, State::sent);
}

TEST(File, BecomesLocalOnceItWasFetched) {
  Stored stored;
  auto message = bobs("a@b", "See");
  message.kind = MessageKind::media;
  message.attachments = {{.name = "a.jpg", .type = "image/jpeg", .size = 10, .section = "2"}};
  stored.apply({message, at(inbox(1), message)});
  const auto file = stored.message(message.key).attachments.at(0);
  EXPECT_EQ(file.file.state, FileState::remote);
  const auto changes = stored.apply({PutFile{{file.id, "abc", 12}}});
  EXPECT_EQ(changes.changed.size(), 1U);
  const auto found = good(stored.reader().attachment(file.id)).value();
  EXPECT_EQ(found.first, stored.message(message.key).id);
  EXPECT_EQ(found.second.state, FileState::local);
  EXPECT_EQ(found.second.blob, "abc");
  EXPECT_EQ(found.second.size, 12U);
}

}  // namespace
}  // namespace coi::store

// Disappearing messages: the timer of a chat and the end of each message, whatever comes first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "chat/timer.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

PutMessage timed(PutMessage message, std::uint32_t seconds, std::string follows = {}) {
  message.timer = seconds;
  message.follows = std::move(follows);
  return message;
}

// Whatever came first; all that is stored is the same.
std::uint32_t timer_after(std::vector<PutMessage> mails) {
  std::ranges::sort(mails, {}, [](const PutMessage& one) { return one.key.rfc_id; });
  std::optional<std::uint32_t> timer;
  std::string dump;
  do {
    Stored stored;
    for (const auto& mail : mails) stored.apply({mail});
    stored.apply({mails.front()});  // once more
    const auto got = stored.chat_of(mails.front().key).timer;
    if (timer && (*timer != got || stored.dump() != dump)) return 4'000'000'000;  // no test expects it
    timer = got;
    dump = stored.dump();
  } while (std::ranges::next_permutation(mails, {}, [](const PutMessage& one) { return one.key.rfc_id; }).found);
  return *timer;
}

TEST(ChatTimer, D27TheNewestChangeCountsInWhateverOrderItCame) {
  EXPECT_EQ(timer_after({timed(bobs("a", "x"), 60), timed(own("b", "y", now + second), 3600, "a"),
                         timed(bobs("c", "z", now + 2 * second), 30, "b")}),
            30U);
  EXPECT_EQ(timer_after({timed(bobs("a", "x"), 60), timed(bobs("b", "y", now + second), 0, "a")}), 0U) << "off";
}

TEST(ChatTimer, D27WhoSaysWhatTheMailBeforeSaidChangesNothing) {
  // Bob had not heard of b when he wrote c.
  EXPECT_EQ(timer_after({timed(bobs("a", "x"), 60), timed(own("b", "y", now + second), 3600, "a"),
                         timed(bobs("c", "z", now + 2 * second), 60, "a")}),
            3600U);
}

PutMessage notice(PutMessage message, std::uint32_t seconds, std::string follows) {
  message.kind = MessageKind::notice;
  message.notice = timer_notice(seconds);
  return timed(std::move(message), seconds, std::move(follows));
}

// What answers a mail that says nothing, or is there to tell of it, is a change.
TEST(ChatTimer, D27ANoticeCountsWhateverTheMailBeforeSaid) {
  EXPECT_EQ(timer_after({timed(bobs("a", "x"), 60), bobs("b", "y", now + second),
                         notice(own("c", "off", now + 2 * second), 0, "b")}),
            0U);
  EXPECT_EQ(timer_after({timed(bobs("a", "x"), 60), timed(own("b", "y", now + second), 3600, "a"),
                         timed(bobs("c", "late", now + 2 * second), 60, "a"),
                         notice(own("d", "a minute", now + 3 * second), 60, "c")}),
            60U);
}

// Anybody can send a mail with an id that they know.
TEST(ChatTimer, AMailOfAnotherChatIsNotTheOneBefore) {
  EXPECT_EQ(timer_after({timed(bobs("b", "x"), 3600), timed(bobs("c", "y", now + second), 60, "a"),
                         timed(bobs("a", "z", now, "mallory@example.com"), 60)}),
            60U);
}

TEST(ChatTimer, P14MailsThatSayNothingChangeNothing) {
  EXPECT_EQ(timer_after({timed(bobs("a", "x"), 60), bobs("b", "y", now + second)}), 60U);
}

TEST(ChatTimer, WhatIsForgedChangesNothing) {
  auto forged = timed(bobs("b", "y", now + second), 1, "a");
  forged.forged = true;
  EXPECT_EQ(timer_after({timed(bobs("a", "x"), 60), forged}), 60U);
}

// That it is theirs is told later. A notice is a change of another sort than a mail that says something else than the
// one before.
TEST(ChatTimer, D27AnotherAddressOfAMemberIsTheirsToo) {
  const auto plain = bobs("a", "x", now, "robert@example.com");
  for (auto mail : {timed(plain, 60), notice(plain, 60, {})}) {
    Stored stored;
    mail.chat = InGroup{"group"};
    stored.apply(
        {said_of_group("bob@example.net", {{"bob@example.net", now}, {"alice@example.org", now}}, {}, now), mail});
    ASSERT_EQ(stored.chat_of(mail.key).timer, 0U);
    stored.apply({PutAlias{.alias = "robert@example.com", .addr = "bob@example.net"}});
    EXPECT_EQ(stored.chat_of(mail.key).timer, 60U);
  }
}

TEST(ChatTimer, D27TheDumpShowsWhatChangesIt) {
  Stored stored;
  stored.apply({notice(bobs("a", "a minute"), 60, {}), timed(bobs("b", "x", now + second), 60, "a")});
  const auto dump = stored.dump();
  EXPECT_THAT(dump, testing::HasSubstr("| timer 60, changed\n"));
  EXPECT_THAT(dump, testing::HasSubstr("| timer 60\n"));
}

// What says the same as the mail before does so only while both are in one chat.
TEST(ChatTimer, D27MailsThatComeIntoAnotherChatAreJudgedThere) {
  Stored stored;
  stored.apply({timed(bobs("a", "x", now, "robert@example.com"), 60), timed(own("b", "y", now + second), 3600),
                timed(bobs("c", "z", now + 2 * second), 60, "a")});
  const auto timer = [&] { return stored.chat_of({"c", "bob@example.net"}).timer; };
  ASSERT_EQ(timer(), 60U);
  stored.apply({PutAlias{.alias = "robert@example.com", .addr = "bob@example.net"}});
  EXPECT_EQ(timer(), 3600U);
  stored.apply({PutAlias{.alias = "robert@example.com", .addr = {}}});
  EXPECT_EQ(timer(), 60U);
}

TEST(ChatTimer, D27StrangersToAGroupChangeNothingThere) {
  Stored stored;
  const auto of_group = [](PutMessage message) {
    message.chat = InGroup{"Group-of-the-test"};
    return message;
  };
  const PutGroup group{.id = "Group-of-the-test",
                       .author = "bob@example.net",
                       .rfc_id = "a",
                       .arrived_ms = now,
                       .said_ms = now,
                       .joined = {{"alice@example.org", now}, {"bob@example.net", now}},
                       .self = "alice@example.org"};
  stored.apply({group, timed(of_group(bobs("a", "x")), 60)});
  EXPECT_EQ(stored.chat_of({"a", "bob@example.net"}).timer, 60U);
  stored.apply({timed(of_group(bobs("b", "y", now + second, "mallory@example.com")), 1)});
  EXPECT_EQ(stored.chat_of({"a", "bob@example.net"}).timer, 60U);
  // The mail that tells who she is came later.
  auto added = group;
  added.joined.push_back({"mallory@example.com", now});
  added.rfc_id = "c";
  stored.apply({added});
  EXPECT_EQ(stored.chat_of({"a", "bob@example.net"}).timer, 1U);
}

TEST(Expiry, D27StartsWithTheFirstView) {
  Stored stored;
  const auto mail = timed(bobs("a", "x"), 60);
  stored.apply({mail, at(inbox(1), mail)});
  EXPECT_EQ(stored.message(mail.key).expires_ms, 0);
  EXPECT_EQ(good(stored.database().next_expiry()), std::nullopt);
  stored.apply({SetSeen{stored.message(mail.key).id}}, now + minute);
  EXPECT_EQ(stored.message(mail.key).expires_ms, now + 2 * minute);
  EXPECT_EQ(good(stored.database().next_expiry()), now + 2 * minute);
  EXPECT_EQ(good(stored.database().next_due(now)), now + 2 * minute);
  stored.apply({SetSeen{stored.message(mail.key).id}}, now + 5 * minute);
  EXPECT_EQ(stored.message(mail.key).expires_ms, now + 2 * minute) << "the first view counts";
}

TEST(Expiry, WithoutAnOwnViewTheOwnReceiptTellsAndElseWhenItWasNoticed) {
  Stored stored;
  const auto mail = timed(bobs("a", "x"), 60);
  stored.apply({mail, at(inbox(1), mail, Flags::seen)}, now + minute);
  EXPECT_EQ(stored.message(mail.key).expires_ms, now + 2 * minute) << "noticed";
  auto receipt = remark(RemarkKind::displayed, "a", "alice@example.org", now + second);
  receipt.remark.by_us = true;
  stored.apply({receipt}, now + minute);
  EXPECT_EQ(stored.message(mail.key).expires_ms, now + second + minute);
}

TEST(Expiry, TheReceiptMayComeFirst) {
  Stored stored;
  auto receipt = remark(RemarkKind::displayed, "a", "alice@example.org", now + second);
  receipt.remark.by_us = true;
  stored.apply({receipt});
  const auto mail = timed(bobs("a", "x"), 60);
  stored.apply({mail, at(inbox(1), mail)});
  EXPECT_EQ(stored.message(mail.key).expires_ms, now + second + minute);
}

TEST(Expiry, D27TheNoticeOfAChangeDoesNotVanish) {
  Stored stored;
  auto notice = timed(own("a", "x"), 60);
  notice.kind = MessageKind::notice;
  notice.notice = timer_notice(60);
  stored.apply({notice});
  EXPECT_EQ(good(stored.database().next_expiry()), std::nullopt);
}

TEST(Expiry, AMessageThatWaitsToBeSentDoesNotGo) {
  Stored stored;
  const auto mail = timed(own("a", "x"), 60);
  stored.apply({mail, PutOutgoing{.key = mail.key, .recipients = {"bob@example.net"}, .bytes = "bytes"}});
  EXPECT_EQ(good(stored.database().next_expiry()), std::nullopt);
  const auto out = stored.facts_of(mail.key).outgoing_mail.value().id;
  stored.apply({SetRecipient{.outgoing = out, .addr = "bob@example.net", .state = RecipientState::accepted}});
  EXPECT_EQ(good(stored.database().next_expiry()), now + minute);
}

TEST(Expiry, AMessageThatSomebodyDidNotGetStays) {
  Stored stored;
  const auto mail = timed(own("a", "x"), 60);
  stored.apply({mail, PutOutgoing{.key = mail.key, .recipients = {"bob@example.net"}, .bytes = "bytes"}});
  const auto out = stored.facts_of(mail.key).outgoing_mail.value().id;
  stored.apply({SetRecipient{.outgoing = out, .addr = "bob@example.net", .state = RecipientState::failed}});
  EXPECT_EQ(good(stored.database().next_expiry()), std::nullopt) << "it can be sent again";
}

TEST(Expiry, WhatTheUserRemovedHasNotExpired) {
  Stored stored;
  const auto mail = timed(bobs("a", "x"), 60);
  stored.apply({mail});
  stored.apply({RemoveMessages{{stored.facts_of(mail.key).id}}});
  EXPECT_TRUE(stored.facts_of(mail.key).removed);
  EXPECT_FALSE(stored.facts_of(mail.key).expired);
}

TEST(Expiry, WhatTheUserRemovedWhenItsTimeWasOverHasNotExpiredEither) {
  Stored stored;
  const auto mail = timed(own("a", "x"), 60);
  stored.apply({mail});
  stored.apply({RemoveMessages{{stored.facts_of(mail.key).id}}}, now + 2 * minute);
  EXPECT_TRUE(stored.facts_of(mail.key).removed);
  EXPECT_FALSE(stored.facts_of(mail.key).expired);
}

// Its own time may be another, or none: it goes with what it edits.
TEST(Expiry, AnEditExpiresWithItsMessage) {
  Stored stored;
  const auto mail = timed(own("a", "wrods"), 60);
  auto edit = own("e", "words", now + second), late = own("f", "Words", now + 2 * second);
  edit.edits = late.edits = "a";
  stored.apply({mail, edit});
  const auto expired = stored.find(FindExpired{.now = now + minute});
  ASSERT_THAT(expired, SizeIs(1));
  RemoveMessages removed{.messages = {}, .expired = true};
  for (const auto& version : expired.front()) removed.messages.push_back(version.id);
  stored.apply({removed}, now + minute);
  EXPECT_TRUE(stored.facts_of(edit.key).expired);
  stored.apply({late}, now + 2 * minute);
  EXPECT_TRUE(stored.facts_of(late.key).removed);
  EXPECT_TRUE(stored.facts_of(late.key).expired) << "it came when the message had gone";
}

TEST(Expiry, P13NothingIsLeftToRead) {
  Stored stored;
  auto mail = timed(own("a", "secret words"), 60);
  mail.attachments = {{.name = "secret.pdf", .type = "application/pdf", .size = 3, .blob = "b10b", .section = "2"}};
  stored.apply(
      {mail, at(chats(1), mail), remark(RemarkKind::pinned, "a", "", now, "pinned"), bobs("b", "stays", now + second)});
  const auto chat = stored.facts_of(mail.key).chat;
  const auto expired = stored.find(FindExpired{.now = now + minute});
  ASSERT_THAT(expired, SizeIs(1));
  EXPECT_THAT(stored.find(FindExpired{.now = now + minute - 1}), IsEmpty());
  const auto id = expired.front().front().id;
  const auto changes = stored.apply({RemoveMessages{{id}, true}}, now + minute);
  EXPECT_TRUE(changes.changed.contains(id));
  EXPECT_EQ(good(stored.reader().message(id)).value, std::nullopt);
  EXPECT_THAT(stored.search("secret"), IsEmpty());
  EXPECT_THAT(good(stored.database().blobs()), IsEmpty());
  EXPECT_THAT(good(stored.reader().pins(chat)).value.rows, IsEmpty());
  EXPECT_EQ(good(stored.database().next_expiry()), std::nullopt);
  EXPECT_EQ(stored.dump().find("secret"), std::string::npos);
  EXPECT_TRUE(stored.facts_of(mail.key).expired);
  stored.apply({mail, at(inbox(7), mail)}, now + 2 * minute);
  EXPECT_EQ(good(stored.reader().message(id)).value, std::nullopt) << "a later copy does not bring it back";
  EXPECT_EQ(good(stored.reader().messages(chat, {.most = 10})).value.rows.size(), 1U);
}

TEST(Expiry, P13WhatWasSaidAboutItGoesWithIt) {
  Stored stored;
  const auto mail = timed(own("a", "words"), 60);
  stored.apply({mail, remark(RemarkKind::reaction, "a", "", now, "🤫"),
                remark(RemarkKind::pinned, "a", "", now, "1799999999000")});
  stored.apply({RemoveMessages{{stored.facts_of(mail.key).id}, true}}, now + minute);
  EXPECT_THAT(stored.find(FindRemarks{{"a"}}), IsEmpty());
}

TEST(Expiry, ManyThatAreDueComeABatchAtATimeTheOldestFirst) {
  Stored stored;
  for (int i = 0; i < 5; ++i) stored.apply({timed(own(fmt::format("m{}", i), "x", now + i * second), 60)});
  const auto expired = stored.find(FindExpired{.now = now + 10 * minute, .most = 3});
  ASSERT_THAT(expired, SizeIs(3));
  EXPECT_EQ(expired.at(0).at(0).key.rfc_id, "m0");
  EXPECT_EQ(expired.at(2).at(0).key.rfc_id, "m2");
}

TEST(Consent, IsForOneChatAndNotForRequests) {
  Stored stored;
  const auto mail = timed(bobs("a", "x"), 60);
  const auto other = timed(bobs("b", "x", now, "carol@example.com"), 60);
  stored.apply({mail, other});
  EXPECT_FALSE(stored.facts_of(mail.key).copies_may_go);
  stored.apply({PatchChat{.chat = stored.facts_of(mail.key).chat, .removes_expired = true}});
  EXPECT_FALSE(stored.facts_of(mail.key).copies_may_go) << "nobody accepted it";
  stored.apply({LearnAddress{.addr = "bob@example.net", .known = true}});
  EXPECT_TRUE(stored.facts_of(mail.key).copies_may_go);
  EXPECT_FALSE(stored.facts_of(other.key).copies_may_go);
  EXPECT_TRUE(stored.chat_of(mail.key).removes_expired);
}

// As the list of chats shows it: no request.
TEST(Consent, IsForGroupsToThatSomebodyKnownBegan) {
  Stored stored;
  auto mail = timed(bobs("a", "x"), 60);
  mail.chat = InGroup{"group"};
  stored.apply(
      {said_of_group("bob@example.net", {{"bob@example.net", now}, {"alice@example.org", now}}, {}, now), mail});
  const auto chat = stored.facts_of(mail.key).chat;
  stored.apply({PatchChat{.chat = chat, .removes_expired = true}});
  EXPECT_FALSE(stored.find(FindChat{chat}).value().accepted);
  EXPECT_FALSE(stored.facts_of(mail.key).copies_may_go);
  stored.apply({LearnAddress{.addr = "bob@example.net", .known = true}});
  EXPECT_TRUE(stored.find(FindChat{chat}).value().accepted);
  EXPECT_TRUE(stored.facts_of(mail.key).copies_may_go);
}

TEST(Consent, IsForNoChatThatHadNoneBeforeTheyWereJoined) {
  for (const bool both : {false, true}) {
    Stored stored;
    const auto mail = timed(bobs("a", "x"), 60), other = timed(bobs("b", "x", now, "robert@example.com"), 60);
    stored.apply({mail, other, LearnAddress{.addr = "bob@example.net", .known = true}});
    stored.apply({PatchChat{.chat = stored.facts_of(mail.key).chat, .removes_expired = true}});
    if (both) stored.apply({PatchChat{.chat = stored.facts_of(other.key).chat, .removes_expired = true}});
    stored.apply({PutAlias{.alias = "robert@example.com", .addr = "bob@example.net"}});
    EXPECT_EQ(stored.facts_of(mail.key).copies_may_go, both);
    EXPECT_EQ(stored.facts_of(other.key).copies_may_go, both);
  }
}

}  // namespace
}  // namespace coi::store

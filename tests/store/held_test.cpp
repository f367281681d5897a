// Mails that wait for a time, in the queue and in their chat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using State = MessageRow::State;

constexpr UnixMs then = now + 60 * minute, day = 24 * 60 * minute;

struct Held {
  Stored stored;
  PutMessage message = own("a@b", "Later");
  OutgoingId mail;

  Held() {
    EXPECT_THAT(put(message, then).outgoing, IsEmpty()) << "nothing of it is due";
    mail = stored.facts_of(message.key).outgoing_mail->id;
  }
  Changes put(const PutMessage& one, UnixMs not_before_ms) {
    auto put = one;
    put.unsaid = not_before_ms != 0;
    return stored.apply({LearnAddress{.addr = "bob@example.net", .known = true}, put,
                         PutOutgoing{.key = one.key,
                                     .recipients = {"bob@example.net"},
                                     .not_before_ms = not_before_ms,
                                     .bytes = "the mail\r\n"}});
  }
  MessageRow row() { return stored.message(message.key); }
  std::vector<MessageId> due(UnixMs at) {
    std::vector<MessageId> ids;
    for (const auto& one : good(stored.database().due_held(at))) ids.push_back(one.message);
    return ids;
  }
  // As decide() says it of a message whose time has come.
  Changes say(UnixMs at) {
    auto said = own(message.key.rfc_id, "Later", whole_seconds(at));
    said.timer = 60;
    return stored.apply(
        {SayMessage{row().id, said},
         PutOutgoing{.key = said.key, .message = row().id, .recipients = {"bob@example.net"}, .bytes = "dated\r\n"}},
        at);
  }
};

TEST(SendLater, WaitsInTheOutboxAndSaysUntilWhen) {
  Held held;
  EXPECT_EQ(held.row().state, State::scheduled);
  EXPECT_EQ(held.row().not_before_ms, then);
  EXPECT_EQ(good(held.stored.reader().queue(now)).scheduled, 1) << "who logs out would lose it";
  EXPECT_EQ(good(held.stored.reader().queue(now)).outgoing, 0);
  EXPECT_THAT(good(held.stored.database().due_outgoing(then + day)), IsEmpty());
  EXPECT_THAT(held.due(then - 1), IsEmpty());
  EXPECT_THAT(held.due(then), ElementsAre(held.row().id));
  EXPECT_EQ(good(held.stored.database().next_due(now)), then) << "exactly then, and not before";
}

TEST(SendLater, GoesAtItsTimeAndStandsThereInTheChat) {
  Held held;
  held.stored.apply({bobs("b@c", "Meanwhile", now + minute)});
  EXPECT_LT(held.row().sort_ms, held.stored.message(MessageKey{"b@c", "bob@example.net"}).sort_ms);
  const auto id = held.row().id;
  const auto changes = held.say(then);
  ASSERT_THAT(changes.outgoing, SizeIs(1));
  EXPECT_THAT(changes.changed, testing::Contains(id));
  EXPECT_EQ(held.row().id, id);
  EXPECT_EQ(held.row().state, State::pending);
  EXPECT_EQ(held.row().not_before_ms, 0);
  EXPECT_EQ(held.row().date_ms, whole_seconds(then));
  EXPECT_EQ(held.row().sort_ms, whole_seconds(then));
  EXPECT_EQ(held.row().timer, 60U);
  EXPECT_EQ(good(held.stored.database().due_mail(changes.outgoing.at(0), then)).value().bytes, "dated\r\n");
  EXPECT_THAT(held.due(then + day), IsEmpty());
  EXPECT_THAT(held.stored.search("later"), ElementsAre("a@b"));
}

TEST(SendLater, ItsMailGoesBehindWhatWasQueuedBefore) {
  Held held;
  const auto second = held.put(own("c@d", "Now", now + minute), 0).outgoing.at(0);
  const auto said = held.say(then).outgoing;
  EXPECT_THAT(said, testing::Contains(testing::Gt(second)));
  EXPECT_TRUE(good(held.stored.database().due_mail(second, then)));
}

TEST(SendLater, WhatHasFailedWaitsAgainWhenItGetsAnotherTime) {
  Held held;
  held.stored.apply(
      {HoldOutgoing{held.mail, 0},
       SetRecipient{
           .outgoing = held.mail, .addr = "bob@example.net", .state = RecipientState::failed, .reply = "blocked"}});
  EXPECT_EQ(held.row().state, State::failed);
  EXPECT_EQ(held.row().recipients.at(0).error, "blocked");
  EXPECT_THAT(held.due(then + day), IsEmpty());
  EXPECT_TRUE(held.stored.facts_of(held.message.key).unsaid);
  held.stored.apply({HoldOutgoing{held.mail, then + minute}});
  EXPECT_EQ(held.row().state, State::scheduled);
  EXPECT_EQ(held.row().recipients.at(0).error, "");
}

TEST(SendLater, HoldsNothingElseUp) {
  Held held;
  const auto second = own("c@d", "Now", now + minute);
  const auto changes = held.put(second, 0);
  ASSERT_THAT(changes.outgoing, SizeIs(1)) << "and does not go along with it";
  EXPECT_TRUE(good(held.stored.database().due_mail(changes.outgoing.at(0), now)));
  EXPECT_FALSE(good(held.stored.database().due_mail(held.mail, now)));
  good(held.stored.database().bring_forward(now));
  EXPECT_EQ(held.row().state, State::scheduled) << "a sync is no wish to send it";
}

TEST(SendLater, NothingFollowsWhatWasNotSaidYet) {
  Held held;
  const auto chat = held.stored.facts_of(held.message.key).chat;
  EXPECT_FALSE(held.stored.find(FindChat{chat})->last);
}

TEST(SendLater, WhatIsTakenBackLeavesNothing) {
  Held held;
  const auto id = held.row().id;
  held.stored.apply({RemoveMessages{{id}}});
  EXPECT_FALSE(good(held.stored.reader().message(id)).value);
  const auto sent = good(held.stored.database().sent(id));
  ASSERT_TRUE(sent) << "whoever waits for it is answered";
  EXPECT_FALSE(*sent);
  EXPECT_THAT(held.due(then + day), IsEmpty());
  EXPECT_THAT(good(held.stored.database().due_outgoing(then + day)), IsEmpty());
  EXPECT_EQ(good(held.stored.database().next_due(now)), std::nullopt);
  EXPECT_THAT(good(held.stored.reader().scheduled()).value.rows, IsEmpty());
  EXPECT_THAT(held.stored.search("later"), IsEmpty());
}

// A server keeps it for Bob and refused to for Carol: at its time she gets the same mail, and he no other.
TEST(HoldAtServer, WhoDoesNotHaveItGetsTheSameMailAtItsTime) {
  Held held;
  const auto two = own("two@b", "For both");
  auto put = two;
  put.unsaid = true;
  held.stored.apply({put, PutOutgoing{.key = two.key,
                                      .recipients = {"bob@example.net", "carol@example.net"},
                                      .not_before_ms = then,
                                      .hold_until_ms = then,
                                      .bytes = "for both\r\n"}});
  const auto mail = held.stored.facts_of(two.key).outgoing_mail->id;
  held.stored.apply(
      {SetRecipient{.outgoing = mail, .addr = "bob@example.net", .state = RecipientState::accepted},
       SetRecipient{.outgoing = mail, .addr = "carol@example.net", .state = RecipientState::held, .next_ms = then}});
  EXPECT_THAT(good(held.stored.database().due_outgoing(then - 1)), IsEmpty());
  const auto id = held.stored.message(two.key).id;
  EXPECT_FALSE(held.stored.message(two.key).can_take_back);
  const auto changes = held.stored.apply({SayMessage{id, two, true}}, then);
  EXPECT_THAT(changes.outgoing, ElementsAre(mail));
  const auto due = good(held.stored.database().due_mail(mail, then)).value();
  EXPECT_EQ(due.bytes, "for both\r\n");
  EXPECT_THAT(due.recipients, ElementsAre("carol@example.net"));
}

TEST(SendLater, TheOutboxIsInTheOrderInWhichItGoes) {
  Held held;
  held.put(own("c@d", "Sooner"), then - minute);
  const auto texts = [&] {
    std::vector<std::string> all;
    for (const auto page = good(held.stored.reader().scheduled()); const auto& row : page.value.rows)
      all.push_back(row.text);
    return all;
  };
  EXPECT_THAT(texts(), ElementsAre("Sooner", "Later"));
  const auto changes = held.stored.apply({HoldOutgoing{held.mail, then - 2 * minute}});
  EXPECT_TRUE(changes.held);
  EXPECT_THAT(changes.changed, testing::Contains(held.row().id));
  EXPECT_THAT(texts(), ElementsAre("Later", "Sooner"));
}

TEST(SendLater, TheDumpShowsUntilWhen) {
  Held held;
  EXPECT_THAT(held.stored.dump(), testing::HasSubstr("a@b | bob@example.net | held | until 2026-11-24 05:06:42"));
  EXPECT_THAT(held.stored.dump(), testing::HasSubstr("a@b | unsaid"));
}

}  // namespace
}  // namespace coi::store

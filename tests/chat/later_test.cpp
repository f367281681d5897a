// Mails that wait for a time: what is decided about them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mime/date.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SendMessage says_at(UnixMs not_before_ms) {
  return {.chat = ChatId{3}, .text = "Hi", .not_before_ms = not_before_ms, .rfc_id = "chat$a1@example.org"};
}

Known with_held(UnixMs not_before_ms) {
  auto known = with_chat();
  known.message =
      MessageFacts{.id = MessageId{4}, .key = {"chat$a1@example.org", "alice@example.org"}, .chat = ChatId{3}};
  known.message->outgoing = known.message->unsaid = true;
  known.message->text = "Hi";
  known.message->outgoing_mail = OutgoingFacts{.id = OutgoingId{9}, .message = MessageId{4}};
  known.message->outgoing_mail->recipients = {{.addr = "bob@example.net", .state = RecipientState::held}};
  known.message->outgoing_mail->not_before_ms = not_before_ms;
  known.versions = {*known.message};
  return known;
}

TEST(SendLater, AMessageForLaterIsHeldUntilThen) {
  const auto mail = only<PutOutgoing>(decide(says_at(now + hour), with_chat(), now));
  EXPECT_EQ(mail.not_before_ms, now + hour);
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
}

TEST(SendLater, WhoWritesToSomebodyHasAcceptedThemWheneverItGoes) {
  auto known = with_chat();
  known.chat->accepted = false;
  const auto plan = decide(says_at(now + hour), known, now);
  EXPECT_EQ(only<PatchChat>(plan).accepted, true);
  EXPECT_TRUE(only<LearnAddress>(plan).known);
}

TEST(SendLater, ATimeThatHasComeIsNow) {
  EXPECT_EQ(only<PutOutgoing>(decide(says_at(now), with_chat(), now)).not_before_ms, 0);
  EXPECT_EQ(only<PutOutgoing>(decide(says_at(now - hour), with_chat(), now)).not_before_ms, 0);
}

TEST(SendLater, ItStandsInTheChatAmongWhatWasSaidWhenItWasWritten) {
  EXPECT_EQ(only<PutMessage>(decide(says_at(now + hour), with_chat(), now)).arrived_ms, whole_seconds(now));
}

TEST(SendLater, NobodyWaitsLongerThanAYear) {
  EXPECT_EQ(refusal(decide(says_at(now + 400 * day), with_chat(), now)), "a message waits for a year at most");
  EXPECT_EQ(refusal(decide(says_at(-1), with_chat(), now)), "a message waits for a year at most");
  EXPECT_EQ(refusal(decide(Reschedule{MessageId{4}, now + 400 * day}, with_held(now + hour), now)),
            "a message waits for a year at most");
}

TEST(SendLater, WhatIsTakenBackIsGoneAndNobodyHearsOfIt) {
  for (const Input& wish : {Input(TakeBack{MessageId{4}}), Input(DeleteMessage{.message = MessageId{4}})}) {
    const auto plan = decide(wish, with_held(now + hour), now);
    ASSERT_EQ(plan.operations.size(), 1U);
    EXPECT_THAT(only<RemoveMessages>(plan).messages, ElementsAre(MessageId{4}));
  }
}

TEST(SendLater, WhatIsOnItsWayIsNotTakenBack) {
  auto sent = with_held(0);
  sent.message->unsaid = false;
  EXPECT_THAT(refusal(decide(TakeBack{MessageId{4}}, sent, now)), HasSubstr("on its way"));
  EXPECT_EQ(refusal(decide(TakeBack{MessageId{4}}, with_chat(), now)), "there is no message 4");
}

TEST(SendLater, TheTimeCanBeChanged) {
  const auto held = only<HoldOutgoing>(decide(Reschedule{MessageId{4}, now + day}, with_held(now + hour), now));
  EXPECT_EQ(held.outgoing, OutgoingId{9});
  EXPECT_EQ(held.not_before_ms, now + day);
}

TEST(SendLater, ItCanBeSentNow) {
  EXPECT_EQ(only<HoldOutgoing>(decide(Reschedule{MessageId{4}, 0}, with_held(now + hour), now)).not_before_ms, now);
  EXPECT_EQ(only<HoldOutgoing>(decide(RetryMessage{MessageId{4}}, with_held(now + hour), now)).not_before_ms, now);
}

// Nobody has the message: a mail about it would mean nothing to them.
TEST(SendLater, NothingIsSaidAboutWhatHasNotBeenSent) {
  const auto known = with_held(now + hour);
  EXPECT_EQ(refusal(decide(React{.message = MessageId{4}, .emoji = "👍"}, known, now)),
            "the message has not been sent yet");
  EXPECT_EQ(refusal(decide(EditMessage{.message = MessageId{4}, .text = "x"}, known, now)),
            "the message has not been sent yet");
  EXPECT_EQ(refusal(decide(PinMessage{.message = MessageId{4}}, known, now)), "the message has not been sent yet");
  auto poll = known;
  poll.message->details.poll = Poll{.question = "Where?"};
  poll.message->details.poll->options.resize(2);
  EXPECT_EQ(refusal(decide(Vote{.poll = MessageId{4}, .choices = {1}}, poll, now)), "the poll has not been sent yet");
  EXPECT_EQ(refusal(decide(ClosePoll{.poll = MessageId{4}}, poll, now)), "the poll has not been sent yet");
  auto answer = says_at(0);
  answer.reply_to = MessageId{4};
  EXPECT_EQ(refusal(decide(answer, known, now)), "the message to answer has not been sent yet");
}

TEST(SendLater, ItIsWrittenWhenItGoes) {
  const auto held = decide(says_at(now + hour), with_chat(), now);
  EXPECT_TRUE(only<PutMessage>(held).unsaid);
  EXPECT_FALSE(only<PutMessage>(held).timer) << "that of the chat at its time counts";
  const auto plan = decide(SendHeld{MessageId{4}}, with_held(now), now + hour);
  const auto said = only<SayMessage>(plan);
  EXPECT_EQ(said.message, MessageId{4});
  EXPECT_EQ(said.said.date_ms, whole_seconds(now + hour));
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_EQ(mail.message, MessageId{4});
  EXPECT_EQ(mail.not_before_ms, 0);
  EXPECT_EQ(mail.key.rfc_id, "chat$a1@example.org");
  EXPECT_EQ(*mail.tree.header("Date"), mime::format_date(whole_seconds(now + hour), std::chrono::minutes{0}));
}

TEST(SendLater, D27TheTimerIsThatOfTheChatWhenItGoes) {
  auto before = with_chat();
  before.chat->timer = 60;
  EXPECT_FALSE(only<PutMessage>(decide(says_at(now + hour), before, now)).timer);
  auto due = with_held(now);
  due.message->timer = 60;
  due.chat->timer = 120;
  const auto plan = decide(SendHeld{MessageId{4}}, due, now + hour);
  EXPECT_EQ(only<SayMessage>(plan).said.timer, 120U);
  EXPECT_EQ(*only<PutOutgoing>(plan).tree.header("Ephemeral-Timer"), "120");
}

TEST(SendLater, ASlowClockPutsItNotAboveWhatCameMeanwhile) {
  auto known = with_held(now);
  known.chat->last = MessageFacts{.key = {"chat$b1@example.net", "bob@example.net"}, .sort_ms = now + hour};
  EXPECT_EQ(only<SayMessage>(decide(SendHeld{MessageId{4}}, known, now)).said.date_ms, whole_seconds(now + hour));
}

TEST(SendLater, WhatHasAnotherTimeMeanwhileWaitsOn) {
  EXPECT_TRUE(decide(SendHeld{MessageId{4}}, with_held(now + hour), now).operations.empty());
  EXPECT_TRUE(decide(SendHeld{MessageId{4}}, with_held(0), now).operations.empty()) << "it has failed";
  EXPECT_TRUE(decide(SendHeld{MessageId{4}}, with_chat(), now).operations.empty()) << "it is gone";
}

TEST(SendLater, AFileThatIsGoneIsAReasonNotToSend) {
  auto known = with_held(now);
  known.message->kind = MessageKind::media;
  known.message->attachments = {{.name = "a.txt", .type = "text/plain", .size = 2, .blob = "ab", .section = {}}};
  EXPECT_EQ(refusal(decide(SendHeld{MessageId{4}}, known, now)), "a file of the message is no longer on this device");
  const OutgoingFile file{.name = "a.txt", .type = "text/plain", .blob = "ab", .bytes = "hi"};
  EXPECT_EQ(only<PutOutgoing>(decide(SendHeld{MessageId{4}, {file}}, known, now)).tree.children.size(), 2U);
}

TEST(SendLater, WhatFailedIsThereToBeSentByTheUser) {
  const auto plan = decide(HeldFailed{MessageId{4}, "bob@example.net is blocked"}, with_held(now), now);
  EXPECT_EQ(only<HoldOutgoing>(plan).not_before_ms, 0);
  EXPECT_EQ(only<SetRecipient>(plan).state, RecipientState::failed);
  EXPECT_EQ(only<SetRecipient>(plan).reply, "bob@example.net is blocked");
}

TEST(HoldAtServer, WhatIsRefusedThereForGoodWaitsNoMoreAndCanBeSentAnew) {
  auto mail = *with_held(now + hour).message->outgoing_mail;
  mail.hold_until_ms = now + hour;
  mail.recipients = {{.addr = "bob@example.net", .state = RecipientState::sending}};
  auto known = facts();
  known.outgoing = mail;
  const RecipientResult refused{.addr = "bob@example.net", .state = RecipientState::failed, .reply = "550 no"};
  EXPECT_EQ(all<HoldOutgoing>(decide(SendResult{.outgoing = mail.id, .recipients = {refused}}, known, now)).size(), 1U);
  const auto plan = decide(SendResult{.outgoing = mail.id, .recipients = {refused}, .hold_refused = true}, known, now);
  EXPECT_EQ(only<HoldOutgoing>(plan).not_before_ms, now + hour) << "not the mail, the wish: it waits here";
  EXPECT_TRUE(all<SetRecipient>(plan).empty());
}

// A mail of two, handed over to a server that keeps it, in these states.
Known handed_over(RecipientFacts bobs, RecipientFacts carols) {
  auto known = with_held(now + hour);
  bobs.addr = "bob@example.net";
  carols.addr = "carol@example.net";
  auto& mail = *known.message->outgoing_mail;
  mail.hold_until_ms = now + hour;
  mail.recipients = {std::move(bobs), std::move(carols)};
  known.outgoing = mail;
  return known;
}

RecipientResult result_for(const std::string& addr, RecipientState state, const std::string& reply) {
  return {.addr = addr, .state = state, .reply = reply};
}

TEST(HoldAtServer, WhatIsThereIsNeitherTakenBackNorGivenAnotherTime) {
  for (const auto state : {RecipientState::sending, RecipientState::accepted}) {
    auto known = handed_over({.addr = {}, .state = state}, {.addr = {}, .state = RecipientState::failed});
    known.versions = {*known.message};
    const auto* reason = "your provider's server has the message already, and sends it at its time";
    EXPECT_EQ(refusal(decide(TakeBack{MessageId{4}}, known, now)), reason);
    EXPECT_EQ(refusal(decide(DeleteMessage{.message = MessageId{4}}, known, now)), reason);
    EXPECT_EQ(refusal(decide(Reschedule{MessageId{4}, now + day}, known, now)), reason);
  }
}

TEST(HoldAtServer, WhatItWouldNotKeepSoLongWaitsHere) {
  auto known = with_chat();
  known.account.longest_hold_ms = hour;
  const auto held = [&](UnixMs at) { return only<PutOutgoing>(decide(says_at(at), known, now)); };
  EXPECT_EQ(held(now + hour).hold_until_ms, whole_seconds(now + hour));
  EXPECT_EQ(held(now + hour + 1).hold_until_ms, 0);
  EXPECT_EQ(held(now + hour + 1).not_before_ms, now + hour + 1);
}

// Else who has it already would get it twice, and it could be taken back here although the server sends it.
TEST(HoldAtServer, OnlyThoseWhoDoNotHaveItWaitHereIfTheServerRefusesTheTimeLater) {
  for (const auto& bobs : {RecipientFacts{.addr = {}, .state = RecipientState::accepted},
                           RecipientFacts{.addr = {}, .state = RecipientState::sending, .unanswered = 1}}) {
    const auto known = handed_over(bobs, {.addr = {}, .state = RecipientState::sending});
    const auto plan = decide(SendResult{.outgoing = OutgoingId{9},
                                        .recipients = {result_for("carol@example.net", RecipientState::failed, "501")},
                                        .hold_refused = true},
                             known, now);
    EXPECT_TRUE(all<HoldOutgoing>(plan).empty());
    for (const auto& set : all<SetRecipient>(plan)) EXPECT_EQ(set.state, RecipientState::held) << set.addr;
    EXPECT_EQ(all<SetRecipient>(plan).back().addr, "carol@example.net");
  }
}

TEST(HoldAtServer, WhatIsRefusedForEachAtAnotherTimeHasFailedForAll) {
  const auto known =
      handed_over({.addr = {}, .state = RecipientState::failed}, {.addr = {}, .state = RecipientState::sending});
  const auto refused = result_for("carol@example.net", RecipientState::failed, "550 no");
  EXPECT_EQ(only<HoldOutgoing>(decide(SendResult{.outgoing = OutgoingId{9}, .recipients = {refused}}, known, now))
                .not_before_ms,
            0);
  // Also where that is not known from before, as after a repair: nobody sends it by themselves.
  auto due = handed_over({.addr = {}, .state = RecipientState::failed}, {.addr = {}, .state = RecipientState::failed});
  due.message->outgoing_mail->not_before_ms = now;
  const auto plan = decide(SendHeld{MessageId{4}}, due, now);
  EXPECT_EQ(only<HoldOutgoing>(plan).not_before_ms, 0);
  EXPECT_TRUE(all<SayMessage>(plan).empty());
}

TEST(HoldAtServer, WhatIsPutOffThereWaitsHereAndHoldsNothingUp) {
  const auto known =
      handed_over({.addr = {}, .state = RecipientState::sending}, {.addr = {}, .state = RecipientState::sending});
  const auto plan =
      decide(SendResult{.outgoing = OutgoingId{9},
                        .recipients = {result_for("bob@example.net", RecipientState::queued, "451 later"),
                                       result_for("carol@example.net", RecipientState::queued, "451 later")}},
             known, now);
  EXPECT_EQ(only<HoldOutgoing>(plan).not_before_ms, now + hour);
  // Without a word of the server it is tried again: there was no network.
  EXPECT_TRUE(
      all<HoldOutgoing>(decide(SendResult{.outgoing = OutgoingId{9},
                                          .recipients = {result_for("bob@example.net", RecipientState::queued, "")}},
                               known, now))
          .empty());
}

TEST(HoldAtServer, TheCopyIsFiledWhenItHasGone) {
  auto known = facts();
  known.outgoing = with_held(now + hour).message->outgoing_mail;
  known.outgoing->hold_until_ms = now + hour;
  known.outgoing->recipients = {{.addr = "bob@example.net", .state = RecipientState::sending}};
  const RecipientResult accepted{.addr = "bob@example.net", .state = RecipientState::accepted, .reply = "250 ok"};
  const auto plan = decide(SendResult{.outgoing = OutgoingId{9}, .recipients = {accepted}}, known, now);
  EXPECT_EQ(only<PutJob>(plan).next_ms, now + hour);
}

TEST(UndoSend, EveryMessageIsHeldSoLongUnlessItSaysOtherwise) {
  auto known = with_chat();
  known.account.undo_send_ms = 5000;
  auto message = says_at(0);
  EXPECT_EQ(only<PutOutgoing>(decide(message, known, now)).not_before_ms, 0) << "at once, it says";
  message.not_before_ms.reset();
  EXPECT_EQ(only<PutOutgoing>(decide(message, known, now)).not_before_ms, now + 5000);
  message.not_before_ms = now + hour;
  EXPECT_EQ(only<PutOutgoing>(decide(message, known, now)).not_before_ms, now + hour);
  known.account.undo_send_ms = 0;
  message.not_before_ms.reset();
  EXPECT_EQ(only<PutOutgoing>(decide(message, known, now)).not_before_ms, 0);
}

}  // namespace
}  // namespace coi::chat

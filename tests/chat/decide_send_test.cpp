// A mail on its way out: queued, tried, accepted, refused, sent again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using State = RecipientState;

SendMessage says_to_bob(std::string text) {
  return {.chat = ChatId{3}, .text = std::move(text), .rfc_id = "chat$a1@example.org"};
}

TEST(DecideSend, StoresTheMessageAndQueuesTheMail) {
  const auto plan = decide(says_to_bob("Hi"), with_chat(), now);
  const auto message = only<PutMessage>(plan);
  EXPECT_EQ(message.key, (MessageKey{"chat$a1@example.org", "alice@example.org"}));
  EXPECT_EQ(message.text, "Hi");
  EXPECT_EQ(message.subject, "Chat: Hi");
  EXPECT_TRUE(message.outgoing);
  EXPECT_TRUE(message.seen);
  EXPECT_TRUE(message.is_chat);
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_EQ(mail.key, message.key);
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
  EXPECT_EQ(mail.kind, PutOutgoing::Kind::message);
}

TEST(DecideSend, D31AVoiceNoteIsOneSoundOfADayAtMost) {
  constexpr std::uint32_t hours = 3'600'000;
  const OutgoingFile sound{.name = "note.m4a", .type = "audio/mp4", .bytes = "sound"};
  auto note = says_to_bob("");
  note.kind = MessageKind::voice;
  note.files = {sound};
  note.details.duration_ms = 24 * hours;
  EXPECT_EQ(refusal(decide(note, with_chat(), now)), "");
  note.details.duration_ms = 24 * hours + 1;
  EXPECT_EQ(refusal(decide(note, with_chat(), now)), "a sound lasts 24 hours at most");
  note.details.duration_ms = 0;
  note.files.push_back(sound);
  EXPECT_EQ(refusal(decide(note, with_chat(), now)), "a voice note is one sound file");
  note.files = {{.name = "lake.jpg", .type = "image/jpeg", .bytes = "picture"}};
  EXPECT_EQ(refusal(decide(note, with_chat(), now)), "a voice note is one sound file");
}

TEST(DecideSend, SendersAndReadersPutTheMessageAtTheSameTime) {
  const auto message = only<PutMessage>(decide(says_to_bob("Hi"), with_chat(), now));
  EXPECT_EQ(message.arrived_ms % 1000, 0);
  EXPECT_EQ(message.arrived_ms, now / 1000 * 1000);
}

TEST(DecideSend, WhomWeWriteToIsNoStrangerAnyMore) {
  const auto learned = only<LearnAddress>(decide(says_to_bob("Hi"), with_chat(bob(false)), now));
  EXPECT_EQ(learned.addr, "bob@example.net");
  EXPECT_TRUE(learned.known);
}

TEST(DecideSend, WritingBringsAChatBackFromTheArchive) {
  auto known = with_chat();
  EXPECT_TRUE(all<PatchChat>(decide(says_to_bob("Hi"), known, now)).empty());
  known.chat->archived = true;
  EXPECT_EQ(only<PatchChat>(decide(says_to_bob("Hi"), known, now)).archived, false);
}

TEST(DecideSend, RefusesWhatMakesNoSense) {
  EXPECT_EQ(refusal(decide(says_to_bob(""), with_chat(), now)), "the message is empty");
  EXPECT_EQ(refusal(decide(says_to_bob("Hi"), facts(), now)), "no such chat");
  auto blocked = bob();
  blocked.blocked = true;
  EXPECT_EQ(refusal(decide(says_to_bob("Hi"), with_chat(blocked), now)), "bob@example.net is blocked");
  auto answer = says_to_bob("Hi");
  answer.reply_to = MessageId{99};
  EXPECT_EQ(refusal(decide(answer, with_chat(), now)), "there is no message 99");
  EXPECT_EQ(refusal(decide(says_to_bob("Hi"), with_chat({.addr = ""}), now)), "these mails name no sender to answer");
  for (const auto addr : {"bob", "bob@", "@example.net", "bob smith@example.net", ""}) {
    const auto plan = decide(SendMessage{.addr = addr, .text = "Hi", .rfc_id = "chat$a1@example.org"},
                             with_chat({.addr = addr}), now);
    EXPECT_EQ(refusal(plan), fmt::format("\"{}\" is no e-mail address", addr));
    EXPECT_TRUE(plan.operations.empty());
  }
}

// An answer quotes.
TEST(DecideSend, WhatStandsInOneChatIsNotAnsweredInAnother) {
  auto known = with_chat();
  known.message =
      MessageFacts{.id = MessageId{4}, .key = {"c1@example.com", "carol@example.com"}, .text = "Between us"};
  auto answer = says_to_bob("Yes");
  answer.reply_to = MessageId{4};
  known.message->chat = ChatId{8};
  EXPECT_EQ(refusal(decide(answer, known, now)), "the message to answer is of another chat");
  known.message->chat = ChatId{3};
  EXPECT_EQ(refusal(decide(answer, known, now)), "");
}

TEST(DecideSend, TellsWhatItsAuthorHadBeforeThem) {
  auto known = with_chat();
  EXPECT_EQ(only<PutMessage>(decide(says_to_bob("Hi"), known, now)).follows, "");
  known.chat->last = MessageFacts{.key = {"chat$b1@example.net", "bob@example.net"}};
  EXPECT_EQ(only<PutMessage>(decide(says_to_bob("Hi"), known, now)).follows, "chat$b1@example.net");
}

TEST(DecideSend, ANoteToOneselfGoesToOneselfAndMakesNoContact) {
  auto known = facts();
  known.chat = ChatFacts{.ref = WithSelf{}};
  const auto plan = decide(says_to_bob("Buy milk"), known, now);
  EXPECT_THAT(only<PutOutgoing>(plan).recipients, ElementsAre("alice@example.org"));
  EXPECT_TRUE(all<LearnAddress>(plan).empty());
}

TEST(DecideSend, AnOwnAddressMeansTheChatWithOneself) {
  auto known = facts();
  known.chat = ChatFacts{.ref = WithPerson{"a.smith@example.org"}};
  known.self = ChatFacts{.ref = WithSelf{}};
  const auto plan = decide(SendMessage{.addr = "a.smith@example.org", .text = "x"}, known, now);
  EXPECT_EQ(only<PutMessage>(plan).chat, ChatRef(WithSelf{}));
  EXPECT_THAT(only<PutOutgoing>(plan).recipients, ElementsAre("alice@example.org"));
}

Known queued(State state = State::queued, int attempts = 0, UnixMs since = now - minute) {
  auto known = facts();
  known.outgoing = OutgoingFacts{.id = OutgoingId{9}, .message = MessageId{4}};
  known.outgoing->recipients = {{.addr = "bob@example.net", .state = state, .attempts = attempts, .since_ms = since}};
  return known;
}

Plan ends(State outcome, const Known& known, std::string reply = "words of the server") {
  return decide(SendResult{OutgoingId{9}, {{.addr = "bob@example.net", .state = outcome, .reply = std::move(reply)}}},
                known, now);
}

TEST(DecideResult, AcceptedIsAcceptedAndTheOwnCopyIsFiled) {
  const auto plan = ends(State::accepted, queued());
  EXPECT_EQ(only<SetRecipient>(plan).state, State::accepted);
  const auto copy = only<PutJob>(plan);
  EXPECT_EQ(copy.kind, JobKind::file_copy);
  EXPECT_EQ(copy.message, MessageId{4});
  EXPECT_EQ(copy.outgoing, OutgoingId{9});
  EXPECT_EQ(copy.role, FolderRole::chats);
}

TEST(DecideResult, C89TheCopyIsFiledOnceAndNotWhereTheProviderDoesIt) {
  auto known = queued();
  known.outgoing->filed = true;
  EXPECT_TRUE(all<PutJob>(ends(State::accepted, known)).empty());
  known = queued();
  known.account.server_files_copies = true;
  EXPECT_EQ(only<PutJob>(ends(State::accepted, known)).next_ms, now + 2 * minute) << "unless its copy comes before";
  known = queued();
  known.outgoing->message = {};  // a report, or a control mail, which was filed when it was put
  EXPECT_TRUE(all<PutJob>(ends(State::accepted, known)).empty());
  EXPECT_TRUE(all<PutJob>(ends(State::failed, queued())).empty());
}

TEST(DecideResult, ARefusalForGoodFailsInTheServersWords) {
  const auto next = only<SetRecipient>(ends(State::failed, queued(), "550 5.1.1 no such user"));
  EXPECT_EQ(next.state, State::failed);
  EXPECT_EQ(next.reply, "550 5.1.1 no such user");
}

TEST(DecideResult, ARefusalForNowIsTriedAgainWithGrowingPauses) {
  UnixMs last = 0;
  for (int attempts = 0; attempts < 6; ++attempts) {
    const auto next = only<SetRecipient>(ends(State::queued, queued(State::sending, attempts)));
    EXPECT_EQ(next.state, State::queued);
    EXPECT_EQ(next.attempts, attempts + 1);
    EXPECT_GT(next.next_ms - now, last);
    last = next.next_ms - now;
  }
  EXPECT_EQ(last, 60 * minute);
  EXPECT_EQ(retry_pause(1), minute / 4);
  EXPECT_EQ(retry_pause(1000), 60 * minute);
}

TEST(DecideResult, AfterThreeDaysItFails) {
  EXPECT_EQ(only<SetRecipient>(ends(State::queued, queued(State::queued, 50, now - 3 * day + 61 * minute))).state,
            State::queued);
  EXPECT_EQ(only<SetRecipient>(ends(State::queued, queued(State::queued, 50, now - 3 * day + 59 * minute))).state,
            State::failed);
}

TEST(DecideResult, AnUnansweredDataWaitsForTheOwnCopyFirst) {
  const auto next = only<SetRecipient>(ends(State::sending, queued(State::sending)));
  EXPECT_EQ(next.state, State::sending);
  EXPECT_EQ(next.next_ms, now + minute);
  EXPECT_TRUE(next.unanswered);
  EXPECT_EQ(only<SetRecipient>(ends(State::sending, queued(State::sending, 50, now - 3 * day))).state, State::failed);
}

// A server that takes a mail and hangs up would get it for three days.
TEST(DecideResult, TheThirdUnansweredDataIsTheLast) {
  auto known = queued(State::sending, 7);
  known.outgoing->recipients.front().unanswered = 1;
  EXPECT_EQ(only<SetRecipient>(ends(State::sending, known)).state, State::sending)
      << "what failed in other ways is not counted";
  known.outgoing->recipients.front().unanswered = 2;
  const auto last = only<SetRecipient>(ends(State::sending, known));
  EXPECT_EQ(last.state, State::failed);
  EXPECT_NE(last.reply.find("may have arrived"), std::string::npos);
  EXPECT_EQ(only<SetRecipient>(ends(State::queued, known)).state, State::queued) << "this time it answered";
}

TEST(DecideResult, WhatTheOwnCopyProvedIsNotDoubtedAgain) {
  EXPECT_TRUE(all<SetRecipient>(ends(State::sending, queued(State::accepted))).empty());
  EXPECT_TRUE(all<SetRecipient>(ends(State::queued, queued(State::accepted))).empty());
  EXPECT_EQ(only<SetRecipient>(ends(State::failed, queued(State::accepted))).state, State::failed);
}

// The own copy came while the server had the mail for another recipient.
TEST(DecideResult, ThatTheServerPutsOneOffStandsWhateverTheOwnCopySeemedToProve) {
  auto known = queued(State::accepted);
  known.outgoing->recipients.push_back({.addr = "carol@example.com", .state = State::accepted, .since_ms = now});
  const SendResult result{OutgoingId{9},
                          {{.addr = "bob@example.net", .state = State::accepted, .reply = "250 ok"},
                           {.addr = "carol@example.com", .state = State::queued, .reply = "450 4.2.1 try later"}}};
  const auto carols = [&] {
    const auto next = all<SetRecipient>(decide(result, known, now));
    return next.size() == 2 ? next.back() : SetRecipient{};
  };
  EXPECT_EQ(carols().addr, "carol@example.com");
  EXPECT_EQ(carols().state, State::queued);
  EXPECT_EQ(carols().next_ms, now + retry_pause(1));
  known.outgoing->kept = false;
  EXPECT_EQ(carols().state, State::failed) << "its bytes went with the copy: the user can send it again";
  EXPECT_EQ(carols().reply, "450 4.2.1 try later");
}

TEST(DecideResult, OfAMailThatIsGoneNothingFollows) {
  EXPECT_TRUE(ends(State::accepted, facts()).operations.empty());
  EXPECT_TRUE(decide(SendResult{OutgoingId{9}, {{.addr = "who@else", .state = State::accepted}}}, queued(), now)
                  .operations.empty());
}

const DataStarted begun{OutgoingId{9}, {"bob@example.net"}};

TEST(DecideData, FromItsStartTheServerMayHaveTheMail) {
  const auto next = only<SetRecipient>(decide(begun, queued(State::queued, 2), now));
  EXPECT_EQ(next.state, State::sending);
  EXPECT_EQ(next.attempts, 2);
  EXPECT_EQ(next.next_ms, now + minute);
  EXPECT_TRUE(all<SetRecipient>(decide(begun, queued(State::accepted), now)).empty());
}

// The mail is not handed over for who waits for an earlier mail, or for the next try.
TEST(DecideData, WhoseTurnItIsNotYetStaysQueued) {
  auto known = queued();
  known.outgoing->recipients.push_back({.addr = "carol@example.com", .state = State::queued, .since_ms = now});
  EXPECT_EQ(only<SetRecipient>(decide(begun, known, now)).addr, "bob@example.net");
}

TEST(DecideData, WhatDidNotLeaveIsDueAgainAtOnce) {
  const DataNotStarted held{OutgoingId{9}, {"bob@example.net"}};
  const auto next = only<SetRecipient>(decide(held, queued(State::sending, 2), now));
  EXPECT_EQ(next.state, State::queued);
  EXPECT_EQ(next.attempts, 2);
  EXPECT_EQ(next.next_ms, now);
  EXPECT_TRUE(all<SetRecipient>(decide(held, queued(State::accepted), now)).empty()) << "the own copy came meanwhile";
  EXPECT_TRUE(all<SetRecipient>(decide(DataNotStarted{OutgoingId{9}, {}}, queued(State::sending), now)).empty())
      << "an earlier attempt was never answered";
}

Known sent(State state, bool kept = true) {
  auto known = queued(state);
  known.chat = chat_with(bob());
  known.message = MessageFacts{
      .id = MessageId{4}, .key = {"chat$a1@example.org", "alice@example.org"}, .outgoing = true, .text = "Hi"};
  known.message->outgoing_mail = known.outgoing;
  known.message->outgoing_mail->kept = kept;
  return known;
}

Plan retry(const Known& known) { return decide(RetryMessage{MessageId{4}}, known, now); }

Remark bounce(UnixMs at = now - minute) {
  return {.kind = RemarkKind::failed, .subject = "chat$a1@example.org", .about = "bob@example.net", .at_ms = at};
}

TEST(DecideRetry, WhatFailedIsQueuedAnew) {
  const auto plan = retry(sent(State::failed));
  const auto next = only<SetRecipient>(plan);
  EXPECT_EQ(next.state, State::queued);
  EXPECT_EQ(next.attempts, 0);
  EXPECT_EQ(next.next_ms, now);
  EXPECT_TRUE(next.again);
  EXPECT_TRUE(all<PutOutgoing>(plan).empty());
}

TEST(DecideRetry, WhatBouncedIsWrittenAgainAndTheBounceIsHistory) {
  auto known = sent(State::accepted, false);
  known.remarks = {bounce()};
  const auto plan = retry(known);
  EXPECT_EQ(only<SetRecipient>(plan).bounced_ms, now - minute);
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_EQ(mail.key.rfc_id, "chat$a1@example.org");
  EXPECT_EQ(mail.tree.type, "text/plain");
  // Once sent again, that bounce is no reason any more.
  known.message->outgoing_mail->recipients[0].bounced_ms = now - minute;
  EXPECT_EQ(refusal(retry(known)), "nothing of this message has failed");
  known.remarks.push_back(bounce(now));
  EXPECT_EQ(refusal(retry(known)), "");
  known.remarks.back().about = "bob@forwarded.example";
  EXPECT_EQ(refusal(retry(known)), "");
  known.message->outgoing_mail->recipients.push_back({.addr = "carol@example.com", .state = State::accepted});
  EXPECT_EQ(refusal(retry(known)), "nothing of this message has failed");
}

// C-10: the person has written from another address since; the mail goes where it went.
TEST(DecideRetry, WhatIsWrittenAgainNamesWhomItIsSentTo) {
  auto known = sent(State::accepted, false);
  known.remarks = {bounce()};
  known.chat = chat_with({.addr = "bob@new.example", .known = true});
  const auto mail = only<PutOutgoing>(retry(known));
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
  ASSERT_NE(mail.tree.header("To"), nullptr);
  EXPECT_EQ(*mail.tree.header("To"), "bob@example.net");
}

TEST(DecideRetry, RefusesWhatNeverFailed) {
  for (const auto state : {State::sending, State::accepted})
    EXPECT_EQ(refusal(retry(sent(state))), "nothing of this message has failed");
  EXPECT_EQ(refusal(retry(facts())), "there is no message 4");
  auto other_device = sent(State::failed);
  other_device.message->outgoing_mail.reset();
  EXPECT_EQ(refusal(retry(other_device)), "the message was sent from another device");
  auto theirs = other_device;
  theirs.message->outgoing = false;
  EXPECT_EQ(refusal(retry(theirs)), "the message is not your own");
}

TEST(DecideRetry, RefusesWhatIsDeleted) {
  auto gone = sent(State::failed);
  gone.message->deleted = true;
  EXPECT_EQ(refusal(retry(gone)), "the message was deleted");
}

TEST(DecideRetry, RefusesWhatCouldNotBeSentNow) {
  auto blocked = sent(State::failed);
  blocked.peer->blocked = true;
  EXPECT_EQ(refusal(retry(blocked)), "bob@example.net is blocked");
  auto left = sent(State::failed);
  left.chat->group = GroupFacts{.id = "AAAAbbbbCCCCddddEEEEffff",
                                .members = {{.addr = "alice@example.org", .joined_ms = 1, .parted_ms = 2},
                                            {.addr = "bob@example.net", .joined_ms = 1}}};
  EXPECT_EQ(refusal(retry(left)), "you are not a member of this group");
}

// D-19: who left or was removed gets no more of it, and is not named as one who belongs to it.
TEST(DecideRetry, OfAGroupOnlyWhoIsStillInItGetsItAgain) {
  auto known = sent(State::failed);
  known.peer.reset();
  known.message->outgoing_mail->recipients.push_back({.addr = "carol@example.com", .state = State::failed});
  known.message->outgoing_mail->kept = false;
  known.chat->group = GroupFacts{.id = "AAAAbbbbCCCCddddEEEEffff",
                                 .members = {{.addr = "alice@example.org", .joined_ms = 1},
                                             {.addr = "bob@example.net", .joined_ms = 1, .parted_ms = 2},
                                             {.addr = "carol@example.com", .joined_ms = 1}}};
  const auto plan = retry(known);
  EXPECT_EQ(only<SetRecipient>(plan).addr, "carol@example.com");
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_THAT(mail.recipients, ElementsAre("carol@example.com"));
  ASSERT_NE(mail.tree.header("To"), nullptr);
  EXPECT_EQ(*mail.tree.header("To"), "carol@example.com");
  known.chat->group->members[2].parted_ms = 2;
  EXPECT_EQ(refusal(retry(known)), "nobody who did not get it is still in this group");
}

// The user's word ends the pause of a mail that waits for its next try.
TEST(DecideRetry, SendsWhatWaitsNow) {
  const auto next = only<SetRecipient>(retry(sent(State::queued)));
  EXPECT_EQ(next.state, State::queued);
  EXPECT_EQ(next.next_ms, now);
}

TEST(DecideRetry, FilesThatAreNoLongerKeptMustComeAlong) {
  auto known = sent(State::accepted, false);
  known.remarks = {bounce()};
  known.message->attachments = {{.name = "a.pdf"}};
  EXPECT_EQ(refusal(retry(known)), "the mail with its files is no longer kept");
  const RetryMessage with_files{MessageId{4}, {{.name = "a.txt", .type = "text/plain", .bytes = "x"}}};
  EXPECT_EQ(only<PutOutgoing>(decide(with_files, known, now)).tree.children.size(), 2U);
}

}  // namespace
}  // namespace coi::chat

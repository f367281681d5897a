// Mails on their way out, from the queue to the own copy, and what their senders see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using State = MessageRow::State;
using Sent = RecipientState;

struct Queued {
  Stored stored;
  PutMessage message = own("a@b", "Hello");
  OutgoingId mail;

  explicit Queued(std::vector<std::string> recipients = {"bob@example.net"}) {
    const auto changes =
        stored.apply({LearnAddress{.addr = "bob@example.net", .known = true}, message,
                      PutOutgoing{.key = message.key, .recipients = std::move(recipients), .bytes = "the mail\r\n"}});
    mail = changes.outgoing.at(0);
  }
  Changes set(Sent state, UnixMs next = 0, std::string reply = {}, std::string addr = "bob@example.net") {
    return stored.apply({SetRecipient{.outgoing = mail,
                                      .addr = std::move(addr),
                                      .state = state,
                                      .reply = std::move(reply),
                                      .attempts = 1,
                                      .next_ms = next}});
  }
  State state() { return stored.message(message.key).state; }
  bool kept() { return stored.find(FindOutgoing{mail})->kept; }
  std::optional<Database::OwnCopy> own_copy() { return good(stored.database().own_copy(mail)); }
};

TEST(Outgoing, IsDueAtOnce) {
  Queued queued;
  EXPECT_THAT(good(queued.stored.database().due_outgoing(now)), ElementsAre(queued.mail));
  EXPECT_TRUE(good(queued.stored.database().is_due(queued.mail, now)));
  const auto due = good(queued.stored.database().due_mail(queued.mail, now)).value();
  EXPECT_EQ(due.id, queued.mail);
  EXPECT_EQ(due.mail_from, "alice@example.org");
  EXPECT_EQ(due.bytes, "the mail\r\n");
  EXPECT_THAT(due.recipients, ElementsAre("bob@example.net"));
  EXPECT_EQ(queued.state(), State::pending);
  EXPECT_EQ(good(queued.stored.reader().queue(now)).outgoing, 1);
  EXPECT_FALSE(good(queued.stored.database().sent(queued.stored.message(queued.message.key).id)));
}

TEST(Outgoing, WaitsForItsTime) {
  Queued queued;
  queued.set(Sent::queued, now + minute, "451 try later");
  EXPECT_THAT(good(queued.stored.database().due_outgoing(now)), IsEmpty());
  EXPECT_FALSE(good(queued.stored.database().is_due(queued.mail, now)));
  EXPECT_EQ(good(queued.stored.database().next_due(now)), now + minute);
  EXPECT_THAT(good(queued.stored.database().due_outgoing(now + minute)), ElementsAre(queued.mail));
  EXPECT_EQ(queued.stored.message(queued.message.key).recipients.at(0).error, "451 try later");
}

TEST(Outgoing, AnUnansweredDataComesAgainOnlyAfterItsPause) {
  Queued queued;
  EXPECT_THAT(queued.set(Sent::sending, now + minute).changed, IsEmpty());
  EXPECT_EQ(queued.state(), State::pending);
  EXPECT_FALSE(good(queued.stored.database().due_mail(queued.mail, now)));
  EXPECT_TRUE(good(queued.stored.database().due_mail(queued.mail, now + minute)));
}

TEST(Outgoing, WhatWentUnansweredIsCountedUntilTheUserSendsAgain) {
  Queued queued;
  const auto count = [&] { return queued.stored.find(FindOutgoing{queued.mail})->recipients.at(0).unanswered; };
  const SetRecipient unanswered{
      .outgoing = queued.mail, .addr = "bob@example.net", .state = Sent::sending, .unanswered = true};
  queued.stored.apply({unanswered});
  queued.set(Sent::queued, now + minute, "451 another trouble");
  queued.set(Sent::sending, now + minute);
  queued.stored.apply({unanswered});
  EXPECT_EQ(count(), 2);
  queued.stored.apply(
      {SetRecipient{.outgoing = queued.mail, .addr = "bob@example.net", .next_ms = now, .again = true}});
  EXPECT_EQ(count(), 0);
}

TEST(Outgoing, TheBytesGoWhenAllIsSettledAndFiled) {
  Queued queued;
  const auto id = queued.stored.message(queued.message.key).id;
  queued.stored.apply(
      {SetRecipient{.outgoing = queued.mail, .addr = "bob@example.net", .state = Sent::accepted},
       PutJob{.kind = JobKind::file_copy, .message = id, .outgoing = queued.mail, .role = FolderRole::chats}});
  EXPECT_EQ(queued.state(), State::sent);
  EXPECT_TRUE(queued.kept());
  ASSERT_TRUE(queued.own_copy());
  EXPECT_EQ(queued.own_copy()->bytes, "the mail\r\n");
  EXPECT_TRUE(queued.own_copy()->chat);
  EXPECT_EQ(queued.own_copy()->date_ms, now);
  EXPECT_TRUE(queued.stored.find(FindOutgoing{queued.mail})->filed);
  queued.stored.apply({EndJob{good(queued.stored.database().due_jobs(now)).at(0).id}});
  EXPECT_FALSE(queued.kept());
  EXPECT_FALSE(queued.own_copy());
  EXPECT_TRUE(good(queued.stored.database().sent(id)).value());
}

TEST(Outgoing, P13OfWhatIsRemovedNoBytesAreLeft) {
  Queued queued;
  const auto id = queued.stored.message(queued.message.key).id;
  queued.stored.apply(
      {SetRecipient{.outgoing = queued.mail, .addr = "bob@example.net", .state = Sent::accepted},
       PutJob{.kind = JobKind::file_copy, .message = id, .outgoing = queued.mail, .role = FolderRole::chats}});
  ASSERT_TRUE(queued.kept());
  queued.stored.apply({RemoveMessages{{id}}});
  EXPECT_FALSE(queued.kept());
  EXPECT_FALSE(queued.own_copy());
}

// P-05: with nobody to send it to, it is there for the own devices alone.
TEST(Outgoing, AControlMailGoesWhenItsCopyIsFiled) {
  Stored stored;
  stored.apply({PutOutgoing{.kind = PutOutgoing::Kind::control,
                            .key = {"c@b", "alice@example.org"},
                            .file_in = FolderRole::chats,
                            .bytes = "said"}});
  EXPECT_THAT(good(stored.database().due_outgoing(now)), IsEmpty());
  const auto job = good(stored.database().due_jobs(now)).at(0);
  const auto copy = good(stored.database().own_copy(job.outgoing)).value();
  EXPECT_EQ(job.role, FolderRole::chats);
  EXPECT_EQ(copy.rfc_id, "c@b");
  EXPECT_EQ(copy.bytes, "said");
  EXPECT_TRUE(copy.chat);
  EXPECT_EQ(copy.date_ms, now);
  stored.apply({EndJob{job.id}});
  EXPECT_FALSE(good(stored.database().own_copy(job.outgoing)));
}

TEST(Outgoing, WithoutACopyToFileTheBytesGoAtOnce) {
  Queued queued;
  queued.set(Sent::accepted);
  EXPECT_FALSE(queued.kept());
}

TEST(Outgoing, AFailedOneIsKeptForSendingAgain) {
  Queued queued;
  queued.set(Sent::failed, 0, "550 no such user");
  EXPECT_EQ(queued.state(), State::failed);
  EXPECT_EQ(queued.stored.message(queued.message.key).recipients.at(0).error, "550 no such user");
  EXPECT_TRUE(queued.kept());
  const auto fate = good(queued.stored.database().sent(queued.stored.message(queued.message.key).id)).value();
  EXPECT_EQ(fate.error().text(), "bob@example.net was refused: 550 no such user");
  queued.stored.apply({SetRecipient{.outgoing = queued.mail, .addr = "bob@example.net", .next_ms = now, .again = true}},
                      now + minute);
  EXPECT_EQ(queued.state(), State::pending);
  const auto recipient = queued.stored.find(FindOutgoing{queued.mail})->recipients.at(0);
  EXPECT_EQ(recipient.since_ms, now + minute);
  EXPECT_EQ(recipient.attempts, 0);
}

TEST(Outgoing, APartlyFailedOneSaysSo) {
  Queued queued({"bob@example.net", "carol@example.com"});
  queued.set(Sent::accepted);
  EXPECT_EQ(queued.state(), State::pending);
  queued.set(Sent::failed, 0, "no", "carol@example.com");
  EXPECT_EQ(queued.state(), State::partly);
  EXPECT_TRUE(queued.kept());
}

TEST(Outgoing, IsReadWhenItsReceiptComes) {
  Queued queued;
  queued.set(Sent::accepted);
  queued.stored.apply({remark(RemarkKind::displayed, "a@b", "bob@example.net", now + minute)});
  EXPECT_EQ(queued.state(), State::read);
  EXPECT_EQ(queued.stored.message(queued.message.key).recipients.at(0).read_ms, now + minute);
}

TEST(Outgoing, ABounceFailsItUntilItIsSentAgain) {
  Queued queued;
  queued.set(Sent::accepted);
  const auto bounced = [&](UnixMs when) {
    queued.stored.apply({remark(RemarkKind::failed, "a@b", "", when, "mailbox full")});
  };
  bounced(now);
  EXPECT_EQ(queued.state(), State::failed);
  EXPECT_EQ(queued.stored.message(queued.message.key).recipients.at(0).error, "mailbox full");
  queued.stored.apply(
      {PutOutgoing{.key = queued.message.key, .recipients = {"bob@example.net"}, .bytes = "once more"},
       SetRecipient{
           .outgoing = queued.mail, .addr = "bob@example.net", .next_ms = now, .again = true, .bounced_ms = now}});
  EXPECT_EQ(queued.state(), State::pending);
  EXPECT_EQ(good(queued.stored.database().due_mail(queued.mail, now))->bytes, "once more");
  queued.set(Sent::accepted);
  EXPECT_EQ(queued.state(), State::sent);
  bounced(now);  // the old one, fetched again
  EXPECT_EQ(queued.state(), State::sent);
  bounced(now + minute);
  EXPECT_EQ(queued.state(), State::failed);
}

TEST(Outgoing, ABounceFromWhereItWasForwardedToFailsIt) {
  Queued queued;
  queued.set(Sent::accepted);
  queued.stored.apply({remark(RemarkKind::failed, "a@b", "bob@else.example", now, "full")});
  EXPECT_EQ(queued.state(), State::failed);
  EXPECT_EQ(queued.stored.message(queued.message.key).recipients.at(0).error, "bob@else.example: full");
}

TEST(Outgoing, ADelayIsNoFailure) {
  Queued queued;
  queued.set(Sent::accepted);
  queued.stored.apply({remark(RemarkKind::delayed, "a@b", "bob@example.net", now, "busy")});
  EXPECT_EQ(queued.state(), State::sent);
}

TEST(Outgoing, AReceiptOfOursIsGoneWhenItIsSent) {
  Stored stored;
  const auto changes = stored.apply({PutOutgoing{.kind = PutOutgoing::Kind::report,
                                                 .key = {"r@b", "alice@example.org"},
                                                 .recipients = {"bob@example.net"},
                                                 .bytes = "report"}});
  const auto mail = good(stored.database().due_mail(changes.outgoing.at(0), now)).value();
  EXPECT_EQ(mail.mail_from, "");  // RFC 8098 2.1: the null reverse-path
  stored.apply({SetRecipient{.outgoing = mail.id, .addr = "bob@example.net", .state = Sent::accepted}});
  EXPECT_FALSE(stored.find(FindOutgoing{mail.id}));
}

TEST(Outgoing, OfAnotherDeviceIsSentUntilAReportSaysMore) {
  Stored stored;
  const auto message = own("a@b", "Hello");
  stored.apply({LearnAddress{.addr = "bob@example.net", .known = true}, message, at(chats(1), message)});
  EXPECT_EQ(stored.message(message.key).state, State::sent);
  stored.apply({remark(RemarkKind::failed, "a@b", "bob@example.net", now, "no")});
  EXPECT_EQ(stored.message(message.key).state, State::failed);
  EXPECT_EQ(stored.message(message.key).recipients.at(0).error, "no");
}

// A mail program wrote to two people; it stands in the chat with the first.
TEST(Outgoing, OfAnotherProgramFailsForWhomItsBounceNames) {
  Stored stored;
  const auto message = own("a@b", "Hello");
  const auto bounce = remark(RemarkKind::failed, "a@b", "carol@example.com", now, "no");
  stored.apply({bounce});
  stored.apply({message, at(chats(1), message)});
  EXPECT_EQ(stored.message(message.key).state, State::partly);
  const auto recipients = stored.message(message.key).recipients;
  ASSERT_EQ(recipients.size(), 2U);
  EXPECT_EQ(recipients[0].addr, "bob@example.net");
  EXPECT_EQ(recipients[0].state, RecipientRow::State::sent);
  EXPECT_EQ(recipients[1].addr, "carol@example.com");
  EXPECT_EQ(recipients[1].error, "no");
}

}  // namespace
}  // namespace coi::store

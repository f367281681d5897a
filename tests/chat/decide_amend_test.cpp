// What the user does to messages that were sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/read.h"
#include "mails.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const PeerFacts carol{.addr = "carol@example.com", .peer_class = PeerClass::plain, .known = true};

MessageFacts own_message() {
  MessageFacts message{.id = MessageId{4},
                       .key = {"chat$a1@example.org", "alice@example.org"},
                       .date_ms = now - minute,
                       .outgoing = true,
                       .is_chat = true,
                       .thread_root = "chat$root@example.org",
                       .subject = "Chat: Hello",
                       .text = "Hello Bob"};
  message.places = {{.place = here}};
  return message;
}

Known about(MessageFacts message, PeerFacts peer = bob()) {
  auto known = facts();
  known.versions = {std::move(message)};
  known.chat = chat_with(std::move(peer));
  return known;
}

Plan edit(const Known& known, const std::string& text = "Hello Bobby", bool to_plain = false) {
  return decide(
      EditMessage{.message = MessageId{4}, .text = text, .to_plain = to_plain, .rfc_id = "chat$e@example.org"}, known,
      now);
}

Plan remove(const Known& known, bool only_here = false, bool to_plain = false) {
  return decide(
      DeleteMessage{.message = MessageId{4}, .here = only_here, .to_plain = to_plain, .rfc_id = "chat$d@example.org"},
      known, now);
}

Plan pin(const Known& known, bool pinned = true, UnixMs until = 0, bool to_plain = false) {
  return decide(PinMessage{.message = MessageId{4},
                           .pinned = pinned,
                           .until_ms = until,
                           .to_plain = to_plain,
                           .rfc_id = "chat$p@example.org"},
                known, now);
}

TEST(DecideEdit, C27D21WritesTheEditMarkForBothDialects) {
  const auto mail = written(only<PutOutgoing>(edit(about(own_message()))).tree);
  EXPECT_THAT(mail, HasSubstr("Chat-Content: editrequest\r\n"));
  EXPECT_THAT(mail, HasSubstr("In-Reply-To: <chat$a1@example.org>\r\n"));
  EXPECT_THAT(mail, HasSubstr("Subject: Re: Chat: Hello\r\n"));
  EXPECT_THAT(mail, HasSubstr("References: <chat$root@example.org> <chat$a1@example.org>\r\n"));
  const auto tree = parsed(mail);
  ASSERT_EQ(tree.root.type, "multipart/mixed");
  ASSERT_NE(tree.root.header("Chat-Edit"), nullptr);
  ASSERT_NE(tree.root.children.at(0).header("Chat-Edit"), nullptr);
  EXPECT_EQ(*tree.root.children.at(0).header("Chat-Edit"), "<chat$a1@example.org>");
  const auto content = read_mail(tree);
  EXPECT_EQ(content.edits, "chat$a1@example.org");
  EXPECT_EQ(content.letter.value().text, "Hello Bobby");
}

TEST(DecideEdit, P09FormattedWordsAreWrittenInAllForms) {
  for (const bool to_plain : {false, true}) {
    const auto plan = edit(about(own_message(), to_plain ? carol : bob()), "Hello **Bobby**", to_plain);
    EXPECT_TRUE(only<PutMessage>(plan).details.formatted);
    const auto content = read_text(written(only<PutOutgoing>(plan).tree));
    EXPECT_EQ(content.edits, "chat$a1@example.org");
    EXPECT_EQ(content.letter.value().text, "Hello **Bobby**");
    EXPECT_TRUE(content.letter.value().details.formatted);
  }
}

TEST(DecideEdit, C30NamesTheLastVersionAndIsDatedBehindIt) {
  auto original = own_message();
  original.newest = {.rfc_id = "chat$v@example.org", .text = "Hello again", .date_ms = whole_seconds(now) + 5000};
  auto known = about(original);
  auto version = own_message();
  version.date_ms = whole_seconds(now) + 5000;
  known.versions.push_back(version);
  const auto plan = edit(known);
  EXPECT_EQ(only<PutMessage>(plan).date_ms, whole_seconds(now) + 6000);
  EXPECT_EQ(only<PutMessage>(plan).edits, "chat$a1@example.org");
  const auto mail = written(only<PutOutgoing>(plan).tree);
  EXPECT_THAT(mail, HasSubstr("In-Reply-To: <chat$v@example.org>\r\n"));
  EXPECT_THAT(mail, HasSubstr("Chat-Edit: <chat$a1@example.org>\r\n"));
}

TEST(DecideEdit, P04PlainPeoplesMailOnlyWhenTheUserSaysSo) {
  const auto unsent = only<PutOutgoing>(edit(about(own_message(), carol)));
  EXPECT_THAT(unsent.recipients, IsEmpty());
  EXPECT_EQ(unsent.file_in, FolderRole::chats);
  EXPECT_THAT(written(unsent.tree), Not(HasSubstr("> Hello Bob")));
  const auto sent = only<PutOutgoing>(edit(about(own_message(), carol), "Hello Carol", true));
  EXPECT_THAT(sent.recipients, ElementsAre("carol@example.com"));
  const auto content = read_text(written(sent.tree));
  EXPECT_EQ(content.letter.value().text, "Hello Carol");
  EXPECT_THAT(parsed(written(sent.tree)).root.children.at(0).body, HasSubstr("> Hello Bob\n\n✏️Hello Carol"));
}

TEST(DecideAmend, P05ToNamesAllMembersWhoeverGetsIt) {
  auto known = about(own_message());
  known.chat->peers.push_back(carol);
  for (const auto& plan : {edit(known), remove(known), pin(known)}) {
    const auto mail = only<PutOutgoing>(plan);
    EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
    EXPECT_EQ(*mail.tree.header("To"), "bob@example.net, carol@example.com");
  }
}

TEST(DecideEdit, P06OnlyOwnMessagesAndOnlyToWordsThatAreNew) {
  auto theirs = own_message();
  theirs.outgoing = false;
  EXPECT_EQ(refusal(edit(about(theirs))), "only your own messages can be edited");
  auto gone = own_message();
  gone.deleted = true;
  EXPECT_EQ(refusal(edit(about(gone))), "the message was deleted");
  EXPECT_EQ(refusal(edit(about(own_message()), " \n")), "the new text is empty");
  EXPECT_EQ(refusal(edit(about(own_message()), "Hello Bob")), "the message says that already");
  EXPECT_EQ(refusal(edit(facts())), "there is no message 4");
}

TEST(DecideDelete, D22NobodyWhoseProgramObeysNoneInTheClear) {
  auto delta = bob();
  delta.peer_class = PeerClass::delta;
  EXPECT_THAT(only<PutOutgoing>(remove(about(own_message(), delta))).recipients, IsEmpty());
  EXPECT_THAT(only<PutOutgoing>(edit(about(own_message(), delta))).recipients, ElementsAre("bob@example.net"));
  EXPECT_THAT(only<PutOutgoing>(remove(about(own_message(), delta), false, true)).recipients,
              ElementsAre("bob@example.net"));
}

TEST(DecideDelete, C28TellsThePeerAndRemovesTheOwnCopies) {
  const auto plan = remove(about(own_message()));
  const auto remark = only<PutRemark>(plan).remark;
  EXPECT_EQ(remark.kind, RemarkKind::deleted);
  EXPECT_EQ(remark.subject, "chat$a1@example.org");
  EXPECT_TRUE(remark.by_us);
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_EQ(mail.kind, PutOutgoing::Kind::control);
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
  const auto content = read_text(written(mail.tree));
  EXPECT_FALSE(content.letter);
  EXPECT_EQ(content.remarks.at(0).subject, "chat$a1@example.org");
  EXPECT_THAT(written(mail.tree), HasSubstr("Chat-Content: deleterequest\r\n"));
  ASSERT_EQ(jobs(plan, JobKind::remove_mail).size(), 1U);
  EXPECT_THAT(jobs(plan, JobKind::remove_mail)[0].places, ElementsAre(here));
}

TEST(DecideDelete, OfAllVersionsTheCopiesGo) {
  auto known = about(own_message());
  auto version = own_message();
  version.id = MessageId{7};
  version.places = {{.place = {FolderId{2}, 88, 9}}};
  known.versions.push_back(version);
  const auto removals = jobs(remove(known), JobKind::remove_mail);
  ASSERT_EQ(removals.size(), 2U);
  EXPECT_EQ(removals[1].message, MessageId{7});
}

TEST(DecideDelete, AnothersMessageGoesHereAloneAndNobodyIsTold) {
  auto theirs = own_message();
  theirs.outgoing = false;
  theirs.key.from_addr = "bob@example.net";
  EXPECT_EQ(refusal(remove(about(theirs))), "the message is not your own");
  const auto plan = remove(about(theirs), true);
  EXPECT_THAT(all<PutOutgoing>(plan), IsEmpty());
  EXPECT_THAT(only<RemoveMessages>(plan).messages, ElementsAre(about(theirs).versions.front().id));
  EXPECT_EQ(jobs(plan, JobKind::remove_mail).size(), 1U);
}

TEST(DecideDelete, WhatHasNotLeftIsTakenBackWithoutAWord) {
  auto waiting = own_message();
  waiting.places.clear();
  waiting.outgoing_mail = OutgoingFacts{.recipients = {{.addr = "bob@example.net"}}};
  EXPECT_THAT(all<PutOutgoing>(remove(about(waiting))), IsEmpty());
  waiting.outgoing_mail->recipients[0].state = RecipientState::sending;
  EXPECT_EQ(all<PutOutgoing>(remove(about(waiting))).size(), 1U);
}

// Its copy comes late, from the provider or by an APPEND that was under way.
TEST(DecideDelete, ACopyThatComesAfterTheDeletionIsRemoved) {
  auto known = facts();
  auto deleted = own_message();
  deleted.deleted = true;
  deleted.outgoing_mail = OutgoingFacts{.id = OutgoingId{1}, .message = MessageId{4}};
  known.namesakes = {deleted};
  const auto removals = jobs(decide(arrived(own_words(), {Flags::seen}), known, now), JobKind::remove_mail);
  ASSERT_EQ(removals.size(), 1U);
  EXPECT_EQ(removals[0].message, MessageId{4});
}

TEST(DecideDelete, P13ACopyThatComesAfterTheEndIsRemovedIfItIsOurs) {
  auto known = facts();
  auto over = own_message();
  over.deleted = over.removed = over.expired = true;
  known.namesakes = {over};
  auto copy = arrived(own_words(), {Flags::seen});
  copy.role = FolderRole::sent;
  ASSERT_EQ(jobs(decide(copy, known, now), JobKind::remove_mail).size(), 1U);
  EXPECT_THAT(jobs(decide(copy, known, now), JobKind::remove_mail)[0].places, ElementsAre(here));
  copy.role = FolderRole::inbox;
  EXPECT_THAT(jobs(decide(copy, known, now), JobKind::remove_mail), IsEmpty()) << "it may be forged";
}

TEST(DecidePin, D26SaysItInASentenceAndShowsANotice) {
  const auto plan = pin(about(own_message()));
  EXPECT_EQ(only<PutRemark>(plan).remark.value, "pinned");
  const auto notice = only<PutMessage>(plan);
  EXPECT_EQ(notice.kind, MessageKind::notice);
  EXPECT_EQ(notice.notice.code, "message_pinned");
  EXPECT_EQ(notice.in_reply_to, "chat$a1@example.org");
  const auto mail = written(only<PutOutgoing>(plan).tree);
  EXPECT_THAT(mail, HasSubstr("Chat-Content: message-pinned\r\n"));
  EXPECT_THAT(mail, HasSubstr("In-Reply-To: <chat$a1@example.org>\r\n"));
  EXPECT_THAT(mail, HasSubstr("A message was pinned."));
}

TEST(DecidePin, P04WhoGetsItAsAMailSeesWhatIsPinned) {
  const auto body = [](const Plan& plan) { return parsed(written(only<PutOutgoing>(plan).tree)).root.body; };
  auto known = about(own_message(), carol);
  EXPECT_EQ(body(pin(known, true, 0, true)), "> Hello Bob\n\nA message was pinned.\n");
  EXPECT_EQ(body(pin(about(own_message()), true, 0, true)), "A message was pinned.\n");
  known.remarks = {{.kind = RemarkKind::pinned, .author = "alice@example.org", .value = "pinned"}};
  const auto ended = pin(known, false, 0, true);
  EXPECT_EQ(body(ended), "> Hello Bob\n\nA message is no longer pinned.\n");
  EXPECT_FALSE(read_text(written(only<PutOutgoing>(ended).tree)).letter) << "still no message to those who read it";
}

TEST(DecidePin, C83UntilATimeThatOtherDevicesLearn) {
  const auto until = whole_seconds(now) + day;
  const auto plan = pin(about(own_message()), true, until);
  EXPECT_EQ(only<PutRemark>(plan).remark.value, std::to_string(until));
  const auto content = read_text(written(only<PutOutgoing>(plan).tree));
  EXPECT_EQ(content.remarks.at(0).value, std::to_string(until));
  EXPECT_EQ(refusal(pin(about(own_message()), true, now - 1)), "the end of the pin lies in the past");
}

// What is answered within the same second counts all the same.
TEST(DecidePin, IsDatedBehindWhatAnybodySaidBefore) {
  auto known = about(own_message());
  known.remarks = {
      {.kind = RemarkKind::pinned, .author = "bob@example.net", .value = "pinned", .date_ms = whole_seconds(now)}};
  const auto end = only<PutRemark>(pin(known, false)).remark;
  EXPECT_EQ(end.date_ms, whole_seconds(now) + 1000);
  EXPECT_EQ(end.at_ms, whole_seconds(now)) << "when it is said";
}

TEST(DecidePin, D26ItsEndIsHiddenAndOnlyOfWhatIsPinned) {
  EXPECT_EQ(refusal(pin(about(own_message()), false)), "the message is not pinned");
  auto known = about(own_message());
  known.remarks = {{.kind = RemarkKind::pinned, .author = "bob@example.net", .value = "pinned"}};
  const auto plan = pin(known, false);
  EXPECT_THAT(all<PutMessage>(plan), IsEmpty());
  EXPECT_EQ(only<PutRemark>(plan).remark.value, "");
  EXPECT_THAT(written(only<PutOutgoing>(plan).tree), HasSubstr("Chat-Content: message-unpinned\r\n"));
}

}  // namespace
}  // namespace coi::chat

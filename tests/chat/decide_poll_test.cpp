// Polls, as the user makes them, votes in them and ends them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const UnixMs today = whole_seconds(now);

Poll films() {
  return {.id = "Film-poll-000001", .question = "Which film?", .options = {{.label = "Alien"}, {.label = "Dune"}}};
}

// Of Bob's, in the chat with him.
Known with_poll(Poll poll = films(), PeerFacts peer = bob()) {
  auto known = facts();
  known.message = MessageFacts{.id = MessageId{4}, .key = {"chat$p@example.net", "bob@example.net"}, .is_chat = true};
  known.message->kind = MessageKind::poll;
  known.message->details.poll = std::move(poll);
  known.chat = chat_with(std::move(peer));
  known.poll.persons = {{"bob@example.net", "7"}, {"bob@old.example", "7"}, {"carol@example.com", "8"}};
  return known;
}

Known with_own_poll(Poll poll = films()) {
  auto known = with_poll(std::move(poll));
  known.message->outgoing = true;
  known.message->key = {"chat$p@example.org", "alice@example.org"};
  return known;
}

Plan vote(const Known& known, Choices choices) {
  return decide(Vote{.poll = MessageId{4}, .choices = std::move(choices), .rfc_id = "chat$v@example.org"}, known, now);
}

Plan close(const Known& known) {
  return decide(ClosePoll{.poll = MessageId{4}, .rfc_id = "chat$c@example.org"}, known, now);
}

Remark said(RemarkKind kind, const std::string& author, const std::string& value, UnixMs at = today - minute) {
  return {.kind = kind,
          .author = author,
          .value = value,
          .date_ms = at,
          .rfc_id = "v@x",
          .at_ms = at,
          .by_us = author == "alice@example.org"};
}

TEST(DecideVote, P20ToldToTheAuthorAndFiledForTheOwnDevices) {
  const auto plan = vote(with_poll(), {2, 1, 2});
  const auto remark = only<PutRemark>(plan).remark;
  EXPECT_EQ(remark.kind, RemarkKind::vote);
  EXPECT_EQ(remark.subject, "Film-poll-000001");
  EXPECT_EQ(remark.about, "chat$p@example.net");
  EXPECT_EQ(remark.value, "1,2");
  EXPECT_TRUE(remark.by_us);
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_EQ(mail.kind, PutOutgoing::Kind::control);
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
  EXPECT_EQ(mail.file_in, FolderRole::chats);
}

TEST(DecideVote, P04P05P20OfAGroupTheAuthorAndThoseWhoseProgramsShowIt) {
  auto known = with_poll();
  const auto plain = [](std::string addr) {
    return PeerFacts{.addr = std::move(addr), .peer_class = PeerClass::plain, .known = true};
  };
  auto carol = bob();
  carol.addr = "carol@example.com";
  known.chat->ref = InGroup{"Film-club-0001"};
  known.chat->peers = {plain("bob@old.example"), carol, plain("dora@example.com")};
  known.chat->group = GroupFacts{.id = "Film-club-0001",
                                 .self = "alice@example.org",
                                 .name = "Film Club",
                                 .members = {{"alice@example.org", 1, 0},
                                             {"bob@old.example", 1, 0},
                                             {"carol@example.com", 1, 0},
                                             {"dora@example.com", 1, 0}}};
  const auto mail = only<PutOutgoing>(vote(known, {1}));
  EXPECT_THAT(mail.recipients, ElementsAre("bob@old.example", "carol@example.com")) << "the author by another address";
  EXPECT_THAT(*mail.tree.header("To"), HasSubstr("dora@example.com")) << "whoever gets it";
}

TEST(DecideVote, RefusesWhatDoesNotCount) {
  EXPECT_EQ(refusal(vote(with_poll(), {3})), "the poll has no option 3");
  EXPECT_EQ(refusal(vote(with_poll(), {0})), "the poll has no option 0");
  EXPECT_EQ(refusal(vote(with_poll(), {})), "there is no vote of yours to take back");
  auto single = films();
  single.multiple = false;
  EXPECT_EQ(refusal(vote(with_poll(single), {1, 2})), "only one option may be chosen in this poll");
  auto once = films();
  once.revote = false;
  auto known = with_poll(once);
  known.poll.remarks = {said(RemarkKind::vote, "alice@example.org", "1")};
  EXPECT_EQ(refusal(vote(known, {2})), "a vote in this poll cannot be changed");
  auto over = films();
  over.closes = today - minute;
  EXPECT_EQ(refusal(vote(with_poll(over), {1})), "the poll has ended");
  known = with_poll();
  known.poll.remarks = {said(RemarkKind::poll_closed, "bob@old.example", "1,0")};
  EXPECT_EQ(refusal(vote(known, {1})), "the poll is closed");
  known.poll.remarks = {said(RemarkKind::poll_closed, "carol@example.com", "1,0")};
  EXPECT_EQ(refusal(vote(known, {1})), "") << "not hers to close";
  known.message->details.poll.reset();
  EXPECT_EQ(refusal(vote(known, {1})), "the message is no poll");
}

TEST(DecideVote, AVoteIsDatedBehindTheLast) {
  auto known = with_poll();
  known.poll.remarks = {said(RemarkKind::vote, "alice@example.org", "1", today)};
  const auto second = only<PutRemark>(vote(known, {2})).remark;
  EXPECT_EQ(second.date_ms, today + 1000);
  EXPECT_EQ(second.at_ms, today) << "when it is said";
}

TEST(DecideClose, P24TellsEverybodyWhatItCameTo) {
  auto known = with_own_poll();
  known.chat = chat_with({.addr = "bob@example.net", .peer_class = PeerClass::plain, .known = true});
  known.poll.remarks = {said(RemarkKind::vote, "bob@example.net", "2"), said(RemarkKind::vote, "eve@example.com", "1")};
  const auto plan = close(known);
  EXPECT_EQ(only<PutRemark>(plan).remark.value, "0,1;1");
  const auto message = only<PutMessage>(plan);
  EXPECT_EQ(message.kind, MessageKind::notice);
  EXPECT_EQ(message.notice.code, "poll_closed");
  EXPECT_EQ(message.notice.params.at("best"), "Dune");
  EXPECT_EQ(message.in_reply_to, "chat$p@example.org");
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net")) << "P-04: it informs people";
  EXPECT_EQ(mail.kind, PutOutgoing::Kind::message);
}

// Else those who get it would not count what its numbers hold.
TEST(DecideClose, P24IsNotDatedBeforeTheVotesThatItCounts) {
  auto known = with_own_poll();
  known.poll.remarks = {said(RemarkKind::vote, "bob@example.net", "2", today + minute)};
  EXPECT_EQ(only<PutRemark>(close(known)).remark.date_ms, today + minute);
  EXPECT_EQ(only<PutRemark>(close(known)).remark.value, "0,1;1");
}

TEST(DecideClose, P24OnlyTheAuthorClosesAndOnce) {
  EXPECT_EQ(refusal(close(with_poll())), "only who made a poll can close it");
  auto known = with_own_poll();
  known.poll.remarks = {said(RemarkKind::poll_closed, "alice@example.org", "0,0")};
  EXPECT_EQ(refusal(close(known)), "the poll is closed already");
}

Plan ask(Poll poll) {
  auto known = facts();
  known.chat = chat_with(bob());
  SendMessage send{.addr = "bob@example.net", .text = poll_text(poll), .kind = MessageKind::poll, .rfc_id = "chat$p@x"};
  send.details.poll = std::move(poll);
  return decide(send, known, now);
}

TEST(DecidePoll, P17RefusesWhatIsNoPoll) {
  EXPECT_EQ(refusal(ask(films())), "");
  EXPECT_EQ(only<PutMessage>(ask(films())).kind, MessageKind::poll);
  auto poll = films();
  poll.options.pop_back();
  EXPECT_EQ(refusal(ask(poll)), "a poll has 2 to 20 options");
  poll.options.assign(21, {.label = "x"});
  EXPECT_EQ(refusal(ask(poll)), "a poll has 2 to 20 options");
  poll = films();
  poll.question = " ";
  EXPECT_THAT(refusal(ask(poll)), HasSubstr("the question of a poll"));
  poll = films();
  poll.closes = now - 1;
  EXPECT_EQ(refusal(ask(poll)), "the poll would end before it begins");
}

TEST(DecidePoll, P18IsNotEdited) {
  auto known = with_own_poll();
  known.versions = {*known.message};
  EXPECT_EQ(refusal(decide(EditMessage{.message = MessageId{4}, .text = "Which?", .rfc_id = "chat$e@x"}, known, now)),
            "a poll cannot be edited");
}

// As everybody who gets the reply reads it.
TEST(DecidePoll, P23AnOwnReplyOfNumbersVotes) {
  auto known = with_poll();
  const auto reply = [&](const std::string& text) {
    return all<PutRemark>(decide(
        SendMessage{.chat = ChatId{3}, .text = text, .reply_to = MessageId{4}, .rfc_id = "chat$r@x"}, known, now));
  };
  known.message->chat = ChatId{3};
  ASSERT_EQ(reply("2").size(), 1);
  EXPECT_EQ(reply("2").front().remark.subject, "chat$p@example.net");
  EXPECT_EQ(reply("2").front().remark.kind, RemarkKind::vote);
  EXPECT_THAT(reply("2 of us come"), IsEmpty());
}

TEST(DecidePoll, P23OnlyNumbersThatSomebodyTypedVote) {
  auto known = with_poll();
  known.message->chat = ChatId{3};
  SendMessage reply{.chat = ChatId{3}, .text = "2", .reply_to = MessageId{4}, .rfc_id = "chat$r@x"};
  ASSERT_EQ(all<PutRemark>(decide(reply, known, now)).size(), 1);
  reply.details.forwarded = true;
  EXPECT_THAT(all<PutRemark>(decide(reply, known, now)), IsEmpty());
  reply.details.forwarded = false;
  reply.automatic = Automatic::replied;
  EXPECT_THAT(all<PutRemark>(decide(reply, known, now)), IsEmpty());
}

}  // namespace
}  // namespace coi::chat

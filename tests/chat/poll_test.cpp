// Mails about polls, as they are read and as they are written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/compose.h"
#include "chat/compose_poll.h"
#include "mails.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string film_id = "Film-poll-000001";

Poll written_films() {
  return {
      .id = film_id, .question = "Which film?", .options = {{.label = "Alien"}, {.label = "Dune"}, {.label = "Up"}}};
}

PollFacts about_films(Poll poll = written_films()) {
  PollFacts facts;
  facts.message = MessageFacts{.id = MessageId{4},
                               .key = {"chat$p@example.net", "bob@example.net"},
                               .is_chat = true,
                               .subject = "Which film?",
                               .kind = MessageKind::poll};
  facts.message->details.poll = std::move(poll);
  facts.chat = chat_with(bob());
  return facts;
}

Composed poll_mail(Poll poll, std::vector<OutgoingFile> files = {}) {
  SendMessage send{
      .addr = "bob@example.net", .text = poll_text(poll), .files = std::move(files), .kind = MessageKind::poll};
  send.details.poll = std::move(poll);
  SendFacts facts{.rfc_id = "chat$p@example.org", .chat = chat_with(bob()), .answered = {}};
  return compose_message(send, alice(), facts, now);
}

TEST(PollMails, P16P18AreReadAsTheyWereWritten) {
  auto poll = written_films();
  poll.description = "For Friday.\nBring snacks.";
  poll.closes = whole_seconds(now) + day;
  poll.multiple = poll.revote = false;
  const auto content = read_text(written(poll_mail(poll).tree));
  ASSERT_TRUE(content.letter);
  EXPECT_EQ(content.letter->kind, MessageKind::poll);
  EXPECT_EQ(content.letter->details.poll, poll);
  EXPECT_FALSE(content.letter->details.formatted) << "a numbered list is no markup here";
  EXPECT_EQ(content.letter->text, "Which film?\nFor Friday.\nBring snacks.\n1. Alien\n2. Dune\n3. Up");
  EXPECT_THAT(content.remarks, IsEmpty());
}

TEST(PollMails, P18OptionsMayBePicturesThatGoWithTheMail) {
  auto poll = written_films();
  std::uint32_t number = 0;
  for (auto& option : poll.options) {
    option.kind = PollOption::Kind::file;
    option.file = ++number;
  }
  const std::vector<OutgoingFile> files = {{.name = "a.jpg", .type = "image/jpeg", .bytes = "a"},
                                           {.name = "b.pdf", .type = "application/pdf", .bytes = "b"},
                                           {.name = "c.mp3", .type = "audio/mpeg", .bytes = "c"}};
  const auto content = read_text(written(poll_mail(poll, files).tree));
  EXPECT_EQ(content.letter->details.poll, poll);
  EXPECT_THAT(content.letter->attachments, SizeIs(3));
}

TEST(PollMails, P19APlainProgramsReaderLearnsHowToVote) {
  auto poll = written_films();
  poll.closes = 1'796'064'000'000;  // 2026-11-30 18:40 UTC
  const auto mail = written(poll_mail(poll).tree);
  EXPECT_THAT(mail, HasSubstr("Which film?\r\n1. Alien\r\n2. Dune\r\n3. Up\r\n"));
  EXPECT_THAT(mail, HasSubstr("To vote, reply with the numbers of your choices, such as 1, 2. All who got"));
  EXPECT_THAT(mail, HasSubstr("Voting ends: 2026-11-30 18:40 UTC"));
}

TEST(PollMails, P20AVoteIsReadAsItWasWrittenAndIsNoMessage) {
  const auto mail = compose_vote({.poll = MessageId{4}, .choices = {1, 3}, .rfc_id = "chat$v@example.org"}, alice(),
                                 about_films(), now);
  EXPECT_THAT(written(mail), HasSubstr("My vote in \"Which film?\": 1. Alien, 3. Up"));
  const auto content = read_text(written(mail));
  EXPECT_FALSE(content.letter);
  ASSERT_THAT(content.remarks, SizeIs(1));
  const auto& vote = content.remarks.front();
  EXPECT_EQ(vote.kind, RemarkKind::vote);
  EXPECT_EQ(vote.subject, film_id);
  EXPECT_EQ(vote.about, "chat$p@example.net") << "which of several polls with that id is meant";
  EXPECT_EQ(vote.value, "1,3");
  EXPECT_EQ(vote.author, "alice@example.org");
}

TEST(PollMails, P20NoChoiceWithdraws) {
  const auto content = read_text(
      written(compose_vote({.poll = MessageId{4}, .rfc_id = "chat$v@example.org"}, alice(), about_films(), now)));
  ASSERT_THAT(content.remarks, SizeIs(1));
  EXPECT_EQ(content.remarks.front().value, "");
}

std::string vote_of_bob(const std::string& html) {
  return from_bob(
      "Chat-Version: 1.0\nChat-Content: pollvote\nIn-Reply-To: <chat$p@example.org>\nContent-Type: text/html\n", html);
}

TEST(PollMails, P21AVoteWithoutAnIdIsForThePollThatItAnswers) {
  const auto content =
      read_text(vote_of_bob("<div class=\"h-poll-vote\"><data class=\"p-choice\" value=\"2\">Dune</data></div>"));
  ASSERT_THAT(content.remarks, SizeIs(1));
  EXPECT_EQ(content.remarks.front().subject, "chat$p@example.org");
  EXPECT_EQ(content.remarks.front().about, "");
}

TEST(PollMails, VotesThatMakeNoSenseAreMailsLikeAnyOther) {
  std::string many = "<div class=\"h-poll-vote\">";
  for (int i = 1; i <= 10'000; ++i) many += "<data class=\"p-choice\" value=\"" + std::to_string(i) + "\"></data>";
  for (const auto& html :
       {many + "</div>", std::string("<p>Alien</p>"),
        std::string("<div class=\"h-poll-vote\"><data class=\"p-choice\" value=\"-1\">Alien</data></div>")}) {
    const auto content = read_text(vote_of_bob(html));
    EXPECT_THAT(content.remarks, IsEmpty());
    ASSERT_TRUE(content.letter);
    EXPECT_FALSE(content.letter->text.empty());
  }
  const auto of_no_poll =
      read_text(from_bob("Chat-Version: 1.0\nChat-Content: pollvote\nContent-Type: text/html\n",
                         "<div class=\"h-poll-vote\"><data class=\"p-choice\" value=\"2\">Dune</data></div>"));
  EXPECT_THAT(of_no_poll.remarks, IsEmpty());
  ASSERT_TRUE(of_no_poll.letter);
  EXPECT_EQ(of_no_poll.letter->text, "Dune");
}

TEST(PollMails, AMailWithoutChatVersionIsNoVote) {
  const auto content =
      read_text(from_bob("Chat-Content: pollvote\nIn-Reply-To: <chat$p@example.org>\nContent-Type: text/html\n",
                         "<div class=\"h-poll-vote\"><data class=\"p-choice\" value=\"2\">Dune</data></div>"));
  EXPECT_TRUE(content.letter);
  EXPECT_THAT(content.remarks, IsEmpty());
}

std::string reply_of_bob(const std::string& words, const std::string& fields = "") {
  return from_bob(fields + "In-Reply-To: <chat$p@example.org>\n", words);
}

TEST(PollMails, P23AReplyOfNumbersVotesAndStaysVisible) {
  const auto content = read_text(reply_of_bob("1, 3\n\nSee you there!\n\n> Which film?\n"));
  ASSERT_THAT(content.remarks, SizeIs(1));
  EXPECT_EQ(content.remarks.front().value, "1,3");
  EXPECT_EQ(content.remarks.front().subject, "chat$p@example.org");
  EXPECT_THAT(content.letter->text, HasSubstr("See you there!"));
}

TEST(PollMails, P23WordsAreNoVote) {
  EXPECT_EQ(choices_in_words("2."), Choices{2});
  EXPECT_EQ(choices_in_words("\n 3) 1) 3\nmore"), (Choices{1, 3}));
  EXPECT_EQ(choices_in_words("1;2 ,3"), (Choices{1, 2, 3}));
  for (const char* words :
       {"", " ", "1 und 3", "1.5", "12:30", "100", "-1", "1 +1", "I take 1", "24.12.2026", ",1", "."})
    EXPECT_EQ(choices_in_words(words), std::nullopt) << words;
  EXPECT_THAT(read_text(reply_of_bob("1 und 3\n")).remarks, IsEmpty());
  EXPECT_THAT(read_text(reply_of_bob("1\n", "Auto-Submitted: auto-replied\n")).remarks, IsEmpty());
  EXPECT_THAT(read_text(from_bob("", "1\n")).remarks, IsEmpty()) << "it answers nothing";
}

// It names the newest mail of the chat where its user answers none.
TEST(PollMails, P23OfDeltaChatOnlyWhatQuotesAnswers) {
  const std::string delta = "Chat-Version: 1.0\nMessage-ID: <d7a1@localhost>\n";
  EXPECT_THAT(read_text(reply_of_bob("1\n", delta)).remarks, IsEmpty());
  EXPECT_THAT(read_text(reply_of_bob("> Which film?\n\n1\n", delta)).remarks, SizeIs(1));
}

TEST(PollMails, P24ACloseIsReadAsItWasWritten) {
  const auto facts = about_films();
  const PollNumbers numbers{.votes = {2, 1, 0}, .voters = 2};
  const auto mail =
      written(compose_close({.poll = MessageId{4}, .rfc_id = "chat$c@example.org"}, numbers, alice(), facts, now));
  EXPECT_THAT(mail,
              HasSubstr("Poll closed: Which film?\r\n1. Alien: 2 votes\r\n2. Dune: 1 vote\r\n3. Up: 0 votes\r\n"));
  const auto content = read_text(mail);
  ASSERT_THAT(content.remarks, SizeIs(1));
  EXPECT_EQ(content.remarks.front().kind, RemarkKind::poll_closed);
  EXPECT_EQ(numbers_of(content.remarks.front().value), numbers);
  ASSERT_TRUE(content.letter);
  EXPECT_EQ(content.letter->notice.code, "poll_closed");
  EXPECT_EQ(content.letter->notice.params.at("best"), "Alien");
  EXPECT_EQ(content.letter->notice.params.at("question"), "Which film?");
  EXPECT_EQ(content.letter->text, result_words(written_films(), numbers)) << "as we keep it";
}

}  // namespace
}  // namespace coi::chat

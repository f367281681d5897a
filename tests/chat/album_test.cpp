// P-12: files that are too large for one mail go in several.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/album.h"
#include "mime/build.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr std::uint64_t mega = 1'000'000;

OutgoingFile photo(std::string name, std::uint64_t octets) {
  return {.name = std::move(name), .type = "image/jpeg", .bytes = std::string(octets, 'x')};
}

SendMessage album(const std::vector<std::uint64_t>& sizes, std::string text = "The lake") {
  SendMessage send{.chat = ChatId{3}, .text = std::move(text), .rfc_id = "chat$a1@example.org"};
  for (const auto size : sizes)
    send.files.push_back(photo(std::string(1, static_cast<char>('a' + send.files.size())) + ".jpg", size));
  for (std::size_t i = 1; i <= sizes.size(); ++i)
    send.further_ids.push_back("chat$f" + std::to_string(i) + "@example.org");
  return send;
}

std::vector<std::string> names(const PutMessage& message) {
  std::vector<std::string> all;
  for (const auto& file : message.attachments) all.push_back(file.name);
  return all;
}

std::vector<std::size_t> split(const std::vector<std::uint64_t>& sizes, std::uint64_t largest_mail = 0) {
  return files_by_mail(album(sizes), largest_mail, 1);
}

TEST(Album, P12AMailTakes18MBOfFilesAndALargerOneGoesByItself) {
  EXPECT_THAT(split({}), ElementsAre(0));
  EXPECT_THAT(split({9 * mega, 9 * mega}), ElementsAre(2));
  EXPECT_THAT(split({9 * mega, 9 * mega + 1}), ElementsAre(1, 1));
  EXPECT_THAT(split({20 * mega}), ElementsAre(1));
  EXPECT_THAT(split({mega, 20 * mega, mega, mega}), ElementsAre(1, 1, 2)) << "in their order";
}

TEST(Album, P12OrAsMuchAsTheServerTakesOnceItIsEncoded) {
  EXPECT_THAT(split({40'000, 27'000, 40'000}, 100'000), ElementsAre(2, 1));
  EXPECT_THAT(split({90'000, 40'000}, 100'000), ElementsAre(1, 1)) << "what does not fit at all is refused elsewhere";
  EXPECT_THAT(split({9 * mega, 9 * mega, 9 * mega}, 100 * mega), ElementsAre(2, 1)) << "it may take more than we send";
  for (const std::uint64_t largest : {20'000U, 100'000U, 333'333U}) {
    auto known = with_chat();
    known.account.largest_mail = largest;
    const auto send = album({5000, 9000, 4000, 2000, 9000, 9000, 1000, 200, 9000}, std::string(1500, 'w'));
    const auto plan = decide(send, known, now);
    EXPECT_EQ(refusal(plan), "");
    for (const auto& mail : all<PutOutgoing>(plan))
      EXPECT_LE(mime::build(mail.tree, "boundary").value().size(), largest) << largest;
  }
}

TEST(Album, P12WhatEachFileTakesBesideItsOctetsCounts) {
  auto known = with_chat();
  known.account.largest_mail = 200'000;
  auto send = album(std::vector<std::uint64_t>(100, 1000));
  for (auto& file : send.files) file.name = std::string(200, 'n') + ".jpg";
  const auto plan = decide(send, known, now);
  EXPECT_EQ(refusal(plan), "");
  for (const auto& mail : all<PutOutgoing>(plan))
    EXPECT_LE(mime::build(mail.tree, "boundary").value().size(), known.account.largest_mail);
}

TEST(Album, P12WordsAndAFileThatDoNotFitTogetherGoApart) {
  EXPECT_THAT(files_by_mail(album({60'000}, std::string(4000, 'w')), 95'000, 1), ElementsAre(0, 1));
  EXPECT_THAT(files_by_mail(album({60'000}, ""), 95'000, 1), ElementsAre(1));
  EXPECT_THAT(files_by_mail(album({80'000}, std::string(4000, 'w')), 95'000, 1), ElementsAre(1))
      << "it fits into no mail, and is refused";
  EXPECT_THAT(split({20 * mega}), ElementsAre(1)) << "where any size is taken, words stand above a large file";
  auto known = with_chat();
  known.account.largest_mail = 95'000;
  const auto plan = decide(album({60'000}, std::string(4000, 'w')), known, now);
  const auto messages = all<PutMessage>(plan);
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_EQ(messages[0].text.size(), 4000U);
  EXPECT_EQ(messages[1].text, "");
  EXPECT_THAT(names(messages[1]), ElementsAre("a.jpg"));
}

TEST(Album, P12TheWordsAndTheAnswerStandInTheFirstMail) {
  auto known = with_chat();
  known.answered =
      MessageFacts{.id = MessageId{9}, .key = {"chat$b1@example.net", "bob@example.net"}, .chat = ChatId{3}};
  known.message = known.answered;
  known.answered->text = known.message->text = "Where are you?";
  auto send = album({10 * mega, 10 * mega, 10 * mega});
  send.reply_to = MessageId{9};
  const auto plan = decide(send, known, now);
  const auto messages = all<PutMessage>(plan);
  const auto mails = all<PutOutgoing>(plan);
  ASSERT_THAT(messages, SizeIs(3));
  ASSERT_THAT(mails, SizeIs(3));
  EXPECT_EQ(messages[0].text, "The lake");
  EXPECT_EQ(messages[0].in_reply_to, "chat$b1@example.net");
  EXPECT_EQ(messages[0].quote, "Where are you?");
  const std::vector<std::string> ids = {"chat$a1@example.org", "chat$f1@example.org", "chat$f2@example.org"};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(messages[i].key.rfc_id, ids[i]);
    EXPECT_EQ(mails[i].key, messages[i].key);
    EXPECT_EQ(messages[i].kind, MessageKind::media);
    EXPECT_THAT(names(messages[i]), ElementsAre(std::string(1, static_cast<char>('a' + i)) + ".jpg"));
    EXPECT_EQ(messages[i].album, ids[0]);
    EXPECT_THAT(mails[i].recipients, ElementsAre("bob@example.net"));
    if (i == 0) continue;
    EXPECT_EQ(messages[i].text + messages[i].quote + messages[i].in_reply_to, "");
    EXPECT_EQ(messages[i].follows, ids[i - 1]) << "so that they stand in their order everywhere";
    EXPECT_EQ(messages[i].thread_root, messages[0].thread_root);
  }
}

TEST(Album, P12WhatFitsIsOneMessageAndNoAlbum) {
  EXPECT_EQ(only<PutMessage>(decide(album({mega, mega}), with_chat(), now)).album, "");
}

TEST(Album, P12ANewConversationIsOneWithOneSubject) {
  auto known = with_chat();
  known.chat->id = {};
  const auto messages = all<PutMessage>(decide(album({10 * mega, 10 * mega}, ""), known, now));
  ASSERT_THAT(messages, SizeIs(2));
  EXPECT_EQ(messages[0].subject, "Chat: a.jpg");
  EXPECT_EQ(messages[1].subject, "Re: Chat: a.jpg");
  EXPECT_EQ(messages[1].thread_root, "chat$a1@example.org");
}

TEST(Album, P12AForwardStaysOneInAllItsMails) {
  auto send = album({10 * mega, 10 * mega});
  send.details.forwarded = true;
  for (const auto& message : all<PutMessage>(decide(send, with_chat(), now))) EXPECT_TRUE(message.details.forwarded);
}

TEST(Album, P12NothingOfItIsSentWhereSomethingForbidsIt) {
  auto known = with_chat();
  known.chat->peers.front().blocked = true;
  const auto plan = decide(album({10 * mega, 10 * mega}), known, now);
  EXPECT_THAT(refusal(plan), HasSubstr("is blocked"));
  EXPECT_THAT(plan.operations, SizeIs(0));
}

TEST(Album, P12AllOfItWaitsForOneTime) {
  auto send = album({10 * mega, 10 * mega});
  send.not_before_ms = now + hour;
  const auto plan = decide(send, with_chat(), now);
  ASSERT_THAT(all<PutOutgoing>(plan), SizeIs(2));
  for (const auto& mail : all<PutOutgoing>(plan)) EXPECT_EQ(mail.not_before_ms, now + hour);
  for (const auto& message : all<PutMessage>(plan)) EXPECT_TRUE(message.unsaid);
  send.not_before_ms.reset();
  auto careful = with_chat();
  careful.account.undo_send_ms = 10'000;
  for (const auto& mail : all<PutOutgoing>(decide(send, careful, now))) EXPECT_EQ(mail.not_before_ms, now + 10'000);
}

MessageFacts held(std::int64_t id) {
  MessageFacts message{
      .id = MessageId{id}, .key = {"chat$" + std::to_string(id), "alice@example.org"}, .chat = ChatId{3}};
  message.outgoing = message.unsaid = true;
  message.outgoing_mail = OutgoingFacts{.id = OutgoingId{id + 100}, .message = MessageId{id}};
  message.outgoing_mail->recipients = {{.addr = "bob@example.net", .state = RecipientState::held}};
  message.outgoing_mail->not_before_ms = now + hour;
  return message;
}

TEST(Album, P12OneWordTakesBackAllThatWaits) {
  auto known = with_chat();
  known.message = held(4);
  known.album = {held(5), held(6)};
  known.album.back().unsaid = false;  // it has left
  EXPECT_THAT(only<RemoveMessages>(decide(TakeBack{MessageId{4}}, known, now)).messages,
              ElementsAre(MessageId{4}, MessageId{5}));
  EXPECT_THAT(only<RemoveMessages>(decide(TakeBack{MessageId{5}}, known, now)).messages,
              ElementsAre(MessageId{4}, MessageId{5}));
  EXPECT_THAT(refusal(decide(TakeBack{MessageId{6}}, known, now)), HasSubstr("on its way"));
}

TEST(Album, P12AnotherTimeIsForAllThatWaits) {
  auto known = with_chat();
  known.message = held(4);
  known.album = {held(5)};
  const auto plan = decide(Reschedule{MessageId{5}, now + 2 * hour}, known, now);
  const auto times = all<HoldOutgoing>(plan);
  ASSERT_THAT(times, SizeIs(2));
  for (const auto& one : times) EXPECT_EQ(one.not_before_ms, now + 2 * hour);
  EXPECT_NE(times[0].outgoing, times[1].outgoing);
}

TEST(Album, P12AllThatWaitsGoesNowOnOneWord) {
  auto known = with_chat();
  known.message = held(4);
  known.album = {held(5)};
  const auto times = all<HoldOutgoing>(decide(RetryMessage{MessageId{4}}, known, now));
  ASSERT_THAT(times, SizeIs(2));
  for (const auto& one : times) EXPECT_EQ(one.not_before_ms, now);
}

TEST(Album, P12APollIsNotParted) {
  SendMessage send = album({10 * mega, 10 * mega});
  send.kind = MessageKind::poll;
  EXPECT_THAT(files_by_mail(send, 0, 1), ElementsAre(2));
}

}  // namespace
}  // namespace coi::chat

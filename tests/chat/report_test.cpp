// Receipts and bounces, as the programs of the world write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mails.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Remark the_remark(const Content& mail) {
  EXPECT_EQ(mail.remarks.size(), 1U);
  return mail.remarks.empty() ? Remark{} : mail.remarks.front();
}

std::vector<std::string> subjects(const Content& mail) {
  std::vector<std::string> all;
  for (const auto& remark : mail.remarks) all.push_back(remark.subject);
  return all;
}

TEST(Receipt, OfThunderbird) {
  const auto remark = the_remark(read_sample("receipt/thunderbird.eml"));
  EXPECT_EQ(remark.kind, RemarkKind::displayed);
  EXPECT_EQ(remark.subject, "chat$5f2b7c1e9a@example.org");
  EXPECT_EQ(remark.about, "bob@example.net");
}

TEST(Receipt, D29OfExchangeWhichNamesTheMailOnlyByTheReply) {
  const auto remark = the_remark(read_sample("receipt/exchange.eml"));
  EXPECT_EQ(remark.subject, "chat$5f2b7c1e9a@example.org");
  EXPECT_EQ(remark.about, "petra.weber@firma.example");
}

TEST(Receipt, OfDeltaChat) {
  EXPECT_THAT(subjects(read_sample("delta/02_plain_mdn.eml")),
              ElementsAre("3aa6fbe1-6d8e-43a5-ab62-d0f8783fa176@localhost"));
}

TEST(Receipt, D29ForSeveralMailsAtOnce) {
  const auto mail = read_sample("receipt/delta_many.eml");
  EXPECT_THAT(subjects(mail),
              ElementsAre("chat$first@example.org", "chat$second@example.org", "chat$third@example.org"));
  EXPECT_TRUE(mail.automatic);
}

TEST(Receipt, C36OfOnePartWithADispositionOfItsOwn) {
  const auto remark = the_remark(read_sample("receipt/one_part.eml"));
  EXPECT_EQ(remark.kind, RemarkKind::displayed);
  EXPECT_EQ(remark.subject, "chat$5f2b7c1e9a@example.org");
}

TEST(Receipt, OfAMailDeletedUnreadSaysNothing) {
  const auto mail = read_sample("receipt/deleted_unread.eml");
  EXPECT_TRUE(mail.remarks.empty());
  EXPECT_FALSE(mail.letter);
}

TEST(Receipt, C38NeverAsksForAReceiptAndHasNoWords) {
  for (const auto name :
       {"receipt/thunderbird.eml", "receipt/exchange.eml", "receipt/one_part.eml", "receipt/delta_many.eml"}) {
    auto mail = sample(name);
    mail.root.headers.push_back({"Disposition-Notification-To", *mail.root.header("From")});
    mail.root.headers.push_back({"Chat-Disposition-Notification-To", *mail.root.header("From")});
    const auto content = read_mail(mail);
    EXPECT_FALSE(content.remarks.empty()) << name;
    EXPECT_FALSE(content.letter) << name;
  }
}

TEST(Receipt, WishesOfAPlainProgramAndOfAChatProgramDiffer) {
  const auto plain = read_text(from_bob("Disposition-Notification-To: Bob <BOB@example.net>\n"));
  EXPECT_TRUE(plain.letter.value().asks_plain_receipt);
  EXPECT_FALSE(plain.letter.value().asks_chat_receipt);
  // C-11: a chat program may use the standard field alone.
  EXPECT_TRUE(read_text(from_bob("Chat-Version: 1.0\nDisposition-Notification-To: bob@example.net\n"))
                  .letter.value()
                  .asks_chat_receipt);
  EXPECT_TRUE(
      read_text(from_bob("Chat-Disposition-Notification-To: bob@example.net\n")).letter.value().asks_chat_receipt);
}

TEST(Receipt, C11NobodyIsToldToAnswerSomebodyElse) {
  for (const auto name : {"Disposition-Notification-To", "Chat-Disposition-Notification-To"}) {
    const auto mail = read_text(from_bob(fmt::format("Chat-Version: 1.0\n{}: spy@example.com\n", name)));
    EXPECT_FALSE(mail.letter.value().asks_chat_receipt || mail.letter.value().asks_plain_receipt) << name;
  }
}

TEST(Bounce, OfPostfixNamesEachRecipient) {
  const auto mail = read_sample("bounce/postfix.eml");
  ASSERT_EQ(mail.remarks.size(), 2U);
  EXPECT_EQ(mail.remarks[0].kind, RemarkKind::failed);
  EXPECT_EQ(mail.remarks[0].about, "nobody@example.net");
  EXPECT_EQ(mail.remarks[0].subject, "chat$77aa@example.org");
  EXPECT_THAT(mail.remarks[0].value, HasSubstr("User unknown"));
  EXPECT_EQ(mail.remarks[1].kind, RemarkKind::delayed);
}

// It is shown as long as the message is not here that it is about.
TEST(Bounce, ShowsItsWordsAndTheReturnedMail) {
  const auto mail = read_sample("bounce/postfix.eml");
  EXPECT_TRUE(mail.letter.has_value());
  EXPECT_THAT(mail.letter.value().text, HasSubstr("This is the mail system at host"));
  ASSERT_EQ(mail.letter.value().attachments.size(), 1U);
  EXPECT_EQ(mail.letter.value().attachments[0].type, "text/rfc822-headers");
}

TEST(Bounce, WithoutAnyStandard) {
  const auto exim = the_remark(read_sample("bounce/exim.eml"));
  EXPECT_EQ(exim.subject, "chat$77cc@example.org");
  EXPECT_THAT(exim.value, HasSubstr("Unrouteable address"));
  const auto exchange = the_remark(read_sample("bounce/exchange.eml"));
  EXPECT_EQ(exchange.subject, "chat$77dd@example.org");
  EXPECT_EQ(exchange.about, "nobody@corp.example");
  const auto qmail = read_sample("bounce/qmail.eml");
  ASSERT_EQ(qmail.remarks.size(), 2U);
  EXPECT_THAT(qmail.remarks[1].value, HasSubstr("Mailbox is full"));
}

std::string delivery(const std::string& action, const std::string& fields) {
  return "From: MAILER-DAEMON@mx.example.org\nTo: alice@example.org\nContent-Type: multipart/report; boundary=b\n\n"
         "--b\n\nwords\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n" +
         fields +
         "\nFinal-Recipient: rfc822; bob@b\xc3\xbc"
         "cher.example\nAction: " +
         action + "\n\n--b--\n";
}

TEST(Bounce, IsTiedByTheEnvelopeIdAlone) {
  const auto remark = the_remark(read_text(delivery("failed", "Original-Envelope-Id: chat$1@example.org\n")));
  EXPECT_EQ(remark.subject, "chat$1@example.org");
  EXPECT_EQ(remark.about, "bob@xn--bcher-kva.example");
}

// That a mail got on is no news of a mail system that anybody has to read.
TEST(Bounce, OneThatTellsOfNoFailureIsAReportToo) {
  for (const std::string action : {"relayed", "delivered", "expanded"})
    EXPECT_EQ(the_remark(read_text(delivery(action, "Original-Envelope-Id: a@x\n"))).kind, RemarkKind::delivered);
}

// Who knows to whom we write, and about what, could call any mail failed.
TEST(Bounce, ByRecipientAndSubjectAloneIsAMailLikeAnyOther) {
  for (const std::string action : {"failed", "delayed", "relayed"}) {
    const auto mail = read_text("Return-Path: <>\n" + delivery(action, ""));
    EXPECT_TRUE(mail.remarks.empty()) << action;
    EXPECT_THAT(mail.letter.value().text, HasSubstr("words")) << action;
  }
}

TEST(Bounce, ThatFitsNoMailIsShown) {
  const auto mail = read_text(
      "From: MAILER-DAEMON@mx.example.org\nTo: alice@example.org\nSubject: failure notice\n\nI could not "
      "deliver:\n\n<bob@example.net>:\nno such user\n");
  EXPECT_TRUE(mail.remarks.empty());
  EXPECT_THAT(mail.letter.value().text, HasSubstr("no such user"));
}

}  // namespace
}  // namespace coi::chat

#include "mime/report.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "samples.h"

namespace coi::mime {
namespace {

using Strings = std::vector<std::string>;

TEST(DispositionReport, FromDeltaChat) {
  const auto report = read_disposition_report(parsed(sample("delta/02_plain_mdn.eml")));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->original_ids, Strings{"3aa6fbe1-6d8e-43a5-ab62-d0f8783fa176@localhost"});
  EXPECT_EQ(report->disposition, "displayed");
}

TEST(DispositionReport, AllFields) {
  const auto report = read_disposition_report(parsed(
      "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nread\n--b\n"
      "Content-Type: message/disposition-notification\n\nReporting-UA: joes-pc; Chat 1.0\nFinal-Recipient: rfc822;"
      "Joe@example.org\n\nOriginal-Message-ID: <a@b>\nAdditional-Message-IDs: <c@d> <e@f>\n"
      "Disposition: automatic-action/MDN-sent-automatically; Displayed/error\n--b--\n"));
  ASSERT_TRUE(report);
  EXPECT_EQ(*report, (DispositionReport{{"a@b", "c@d", "e@f"}, "displayed"}));
}

TEST(DispositionReport, OnlyOfThisMail) {
  EXPECT_FALSE(read_disposition_report(parsed("Subject: x\n\nDisposition: a/b; displayed")));
  EXPECT_FALSE(read_disposition_report(parsed("Content-Type: message/rfc822\n\n" + sample("delta/02_plain_mdn.eml"))));
  EXPECT_FALSE(
      read_disposition_report(parsed("Content-Type: message/disposition-notification\n\nOriginal-Message-ID: <a@b>")));
}

TEST(DeliveryReport, Standard) {
  const auto report = read_delivery_report(parsed(sample("bounce/postfix.eml")));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->recipients.size(), 2U);
  EXPECT_EQ(report->recipients[0],
            (RecipientReport{"Nobody@example.net", DeliveryAction::failed, "5.1.1",
                             "550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown"}));
  EXPECT_EQ(report->recipients[1], (RecipientReport{"slow@example.com", DeliveryAction::delayed, "4.4.1", ""}));
  EXPECT_EQ(report->original_ids, Strings{"chat$77aa@example.org"});
  EXPECT_TRUE(report->reason.starts_with("This is the mail system at host"));
  EXPECT_TRUE(report->standard);
}

TEST(DeliveryReport, Qmail) {
  const auto report = read_delivery_report(parsed(sample("bounce/qmail.eml")));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->recipients.size(), 2U);
  EXPECT_EQ(report->recipients[0], (RecipientReport{"nobody@old.example.net", DeliveryAction::failed, "5.1.1",
                                                    "Sorry, no mailbox here by that name. (#5.1.1)"}));
  EXPECT_EQ(report->recipients[1].recipient, "full@old.example.net");
  EXPECT_EQ(report->recipients[1].status, "552");
  EXPECT_EQ(report->original_ids, Strings{"chat$77bb@example.org"});
  EXPECT_TRUE(report->reason.ends_with("552 Mailbox is full"));
  EXPECT_FALSE(report->standard);
}

TEST(DeliveryReport, Exim) {
  const auto report = read_delivery_report(parsed(sample("bounce/exim.eml")));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->recipients.size(), 1U);
  EXPECT_EQ(report->recipients[0].recipient, "nobody@exim.example");
  EXPECT_EQ(report->recipients[0].status, "5.7.1");
  EXPECT_EQ(report->original_ids, Strings{"chat$77cc@example.org"});
}

TEST(DeliveryReport, Exchange) {
  const auto report = read_delivery_report(parsed(sample("bounce/exchange.eml")));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->recipients.size(), 1U);
  EXPECT_EQ(report->recipients[0].recipient, "nobody@corp.example");
  EXPECT_TRUE(report->recipients[0].diagnostic.starts_with("The recipient name is not recognized"));
  EXPECT_EQ(report->original_ids, Strings{"chat$77dd@example.org"});
}

std::string bounce(const std::string& fields, const std::string& status, const std::string& copy) {
  return "From: postmaster@x.org\n" + fields +
         "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n" + status +
         "\nFinal-Recipient: rfc822; nobody@example.net\nAction: failed\n\n--b\nContent-Type: "
         "text/rfc822-headers\n\n" +
         copy + "\n--b--\n";
}

// Outlook.com writes an id of its own, and keeps the author's beside it.
TEST(DeliveryReport, BothIdsOfARewrittenMailAreItsIds) {
  const auto ids = [](const std::string& mail) { return read_delivery_report(parsed(mail))->original_ids; };
  const std::string both = "Message-ID: <new@x>\nX-Microsoft-Original-Message-ID: <old@x>\n";
  EXPECT_EQ(ids(bounce("", "Reporting-MTA: dns; x\n", both)), (Strings{"old@x", "new@x"}));
  EXPECT_EQ(ids("From: MAILER-DAEMON@x.org\n\n<nobody@x.org>:\n550 no\n\n--- Below this line is a copy of the "
                "message.\n\n" +
                both),
            (Strings{"old@x", "new@x"}));
}

TEST(DeliveryReport, WithoutTheMailItNamesWhatItAnswers) {
  const auto ids = [](const std::string& mail) { return read_delivery_report(parsed(mail))->original_ids; };
  EXPECT_EQ(ids(bounce("In-Reply-To: <a@x>\n", "", "Subject: x\n")), Strings{"a@x"});
  EXPECT_EQ(ids(bounce("References: <root@x> <a@x>\n", "", "")), Strings{"a@x"});
  EXPECT_EQ(ids(bounce("In-Reply-To: <b@x>\n", "X-Original-Message-ID: <a@x>\n", "")), Strings{"a@x"});
  EXPECT_EQ(ids(bounce("", "", "")), Strings{});
}

TEST(DeliveryReport, TheEnvelopeIdNamesTheMail) {
  const auto ids = [](const std::string& mail) { return read_delivery_report(parsed(mail))->original_ids; };
  const std::string names = "Reporting-MTA: dns; x\nOriginal-Envelope-Id: chat$1+2Bb+3D@x+5\n";
  EXPECT_EQ(ids(bounce("", names, "Subject: x\n")), Strings{"chat$1+b=@x+5"});
  EXPECT_EQ(ids(bounce("In-Reply-To: <a@x>\n", "Original-Envelope-Id: <e@x>\n", "Message-ID: <new@x>\n")),
            (Strings{"new@x", "e@x"}));
}

// A returned header that its program calls a text, or by a name of its own.
TEST(DeliveryReport, TheReturnedHeaderMayBeAText) {
  const auto ids = [](const std::string& type) {
    return read_delivery_report(
               parsed("From: postmaster@x.org\nContent-Type: multipart/report; boundary=b\n\n--b\n\nSorry.\n--b\n"
                      "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; n@x\n"
                      "Action: failed\n\n--b\nContent-Type: " +
                      type + "\n\nFrom: a@x\nMessage-ID:\n <a@x>\n--b--\n"))
        ->original_ids;
  };
  for (const auto* const type :
       {"message/rfc822", "text/rfc822-headers", "text/rfc822-header", "text/rfc822", "text/plain"})
    EXPECT_EQ(ids(type), Strings{"a@x"}) << type;
}

TEST(DeliveryReport, EachRecipientHasItsAction) {
  const auto report = read_delivery_report(
      parsed(bounce("",
                    "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; slow@x\nAction: delayed\nStatus: 4.4.1\n\n"
                    "Final-Recipient: rfc822; there@x\nAction: relayed\n\nFinal-Recipient: rfc822; silent@x\n"
                    "Status: 4.4.1\n\nFinal-Recipient: rfc822; good@x\nStatus: 2.0.0\n\n"
                    "Final-Recipient: rfc822; over@x\nAction: failed\nStatus: 4.4.7\n",
                    "")));
  std::vector<DeliveryAction> actions;
  for (const auto& recipient : report->recipients) actions.push_back(recipient.action);
  using enum DeliveryAction;
  EXPECT_EQ(actions, (std::vector{delayed, relayed, delayed, delivered, failed, failed}));
}

// "4.4.1" stands in both; what counts is whether it is tried again.
TEST(DeliveryReport, OldProgramsSayInWordsWhetherTheyGoOn) {
  const auto action = [](const std::string& subject, const std::string& text) {
    return read_delivery_report(parsed("From: MAILER-DAEMON@x.org\nSubject: " + subject + "\n\n" + text))
        ->recipients.at(0)
        .action;
  };
  EXPECT_EQ(action("failure notice",
                   "<bob@x>:\nI wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going "
                   "to try again; this message has been in the queue too long.\n"),
            DeliveryAction::failed);
  EXPECT_EQ(action("Warning: could not send message for past 4 hours",
                   "THIS IS A WARNING MESSAGE ONLY\nYOU DO NOT NEED TO RESEND YOUR MESSAGE\n\n<bob@x>\n 451 busy\n"),
            DeliveryAction::delayed);
  EXPECT_EQ(
      action("Warning: message delayed 24 hours",
             "A message has not been delivered yet to\n\n  bob@x\n\nDelivery attempts will continue to be made.\n"),
      DeliveryAction::delayed);
  EXPECT_EQ(action("Undeliverable: hi",
                   "did not reach the following recipient(s):\n\n'bob@x' on 1/2/2026 10:00 AM\n"
                   "   The e-mail system was unable to deliver it. <mx.x #5.5.0>\n"),
            DeliveryAction::failed);
}

// A report may be of any size, and its text is said of each recipient and of each id.
TEST(DeliveryReport, WhatItNamesAndSaysIsBounded) {
  const auto repeated = [](std::string_view text, std::size_t count) {
    std::string out;
    for (; count > 0; --count) out += text;
    return out;
  };
  const auto words = repeated("ä", 5000);
  std::string standard = "Reporting-MTA: dns; x\n\n", old = words + "\n\n", ids;
  for (int i = 0; i < 5000; ++i) {
    standard += fmt::format("Final-Recipient: rfc822; {}@x\nStatus: {}\nDiagnostic-Code: smtp; {}\n\n", i,
                            i < 2 ? repeated("5.", 3000) : "5.1.1", i < 2 ? words : "550 no");
    old += fmt::format("<{}@x>:\n{}\n\n", i, i < 2 ? words : "550 no");
    ids += fmt::format("<{}@x> ", i);
  }
  for (const auto& mail : {"From: postmaster@x.org\nContent-Type: multipart/report; boundary=b\n\n--b\n\n" + words +
                               "\n--b\nContent-Type: message/delivery-status\n\n" + standard + "--b--\n",
                           "From: MAILER-DAEMON@x.org\nX-Failed-Recipients: a@y, b@y\n\n" + old}) {
    const auto report = read_delivery_report(parsed(mail));
    ASSERT_TRUE(report);
    EXPECT_EQ(report->recipients.size(), most_reported);
    EXPECT_EQ(report->reason, repeated("ä", longest_reason / 2));
    for (const auto& recipient : report->recipients) {
      EXPECT_LE(recipient.diagnostic.size(), longest_reason);
      EXPECT_LE(recipient.status.size(), longest_reason);
    }
    EXPECT_EQ(report->recipients.front().diagnostic, report->reason);
  }
  const auto receipt = read_disposition_report(parsed(
      "Content-Type: message/disposition-notification\n\nOriginal-Message-ID: <a@b>\nAdditional-Message-IDs: " + ids +
      "\nDisposition: a/b; displayed\n"));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->original_ids.size(), most_reported);
  EXPECT_EQ(receipt->original_ids.front(), "a@b");
}

TEST(DeliveryReport, PeopleDoNotBounce) {
  EXPECT_FALSE(
      read_delivery_report(parsed("From: bob@example.net\nSubject: failure notice\n\n<nobody@x.org>:\n550 no\n")));
  EXPECT_FALSE(read_delivery_report(
      parsed("From: MAILER-DAEMON@x.org\nTo: alice@example.org\n\nQuota warning for\n\n alice@example.org\n")));
  for (const auto& folder : {"delta", "plain"})
    for (const auto& name : samples_in(folder)) EXPECT_FALSE(read_delivery_report(parsed(sample(name)))) << name;
}

}  // namespace
}  // namespace coi::mime

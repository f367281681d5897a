// D-34: a large file of Delta Chat's comes in a mail of its own, before or after the one with the words, or never.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "friends.h"

namespace coi::scenario {
namespace {

using chat::FileState;
using chat::FolderRole;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Dora uses Delta Chat; Alice this program.
class TwoMails : public testing::Test {
 protected:
  std::string first_mail(const std::string& from = dora_addr, const std::string& more = "") const {
    return fmt::format(
        "From: {0}\r\nTo: {1}\r\nDate: Tue, 24 Nov 2026 04:07:40 +0000\r\nMessage-ID: <first@{0}>\r\nReferences: "
        "<second@example.com>\r\nChat-Version: 1.0\r\nChat-Disposition-Notification-To: {0}\r\nSubject: Message\r\n"
        "Chat-Post-Message-ID: <second@example.com>\r\nChat-Post-Message-Metadata: "
        "{{\"size\":300000,\"viewtype\":\"File\",\"filename\":\"big.bin\"}}\r\n{2}\r\nThe plans\r\n",
        from, from == alice_addr ? dora_addr : alice_addr, more);
  }
  std::string second_mail(const std::string& from = dora_addr, const std::string& more = "") const {
    return fmt::format(
        "From: {0}\r\nTo: {1}\r\nDate: Tue, 24 Nov 2026 04:07:40 +0000\r\nMessage-ID: <second@example.com>\r\n"
        "References: <second@example.com>\r\nChat-Version: 1.0\r\nChat-Disposition-Notification-To: {0}\r\nSubject: "
        "Message\r\nChat-Is-Post-Message: 1\r\n{2}Content-Type: multipart/mixed; "
        "boundary=b\r\n\r\n--b\r\nContent-Type: "
        "text/plain\r\n\r\n\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
        "filename=big.bin\r\n\r\n0123456789\r\n--b--\r\n",
        from, from == alice_addr ? dora_addr : alice_addr, more);
  }
  void deliver(const std::string& mail) {
    alice.mailbox().deliver(mail, office.now);
    office.carry();
  }
  std::vector<store::MessageRow> shown() const { return alice.messages(dora_addr); }

  PostOffice office;
  Device alice{office, alice_addr, "Alice"};
};

TEST_F(TwoMails, D34AreOneMessageInEitherOrder) {
  Device laptop(office, alice_addr, "Alice-laptop");
  laptop.online = false;
  alice.say(dora_addr, "Hello");
  office.carry();
  deliver(first_mail());
  ASSERT_THAT(shown(), SizeIs(2));
  const auto before = shown().back();
  EXPECT_EQ(before.text, "The plans");
  EXPECT_EQ(before.kind, chat::MessageKind::media);
  ASSERT_THAT(before.attachments, SizeIs(1));
  EXPECT_EQ(before.attachments.front().file.name, "big.bin");
  EXPECT_EQ(before.attachments.front().file.size, 300'000U);
  EXPECT_EQ(before.attachments.front().file.state, FileState::remote);
  EXPECT_THAT(alice.notified(), SizeIs(1));
  deliver(second_mail());
  deliver(first_mail());
  deliver(second_mail());
  ASSERT_THAT(shown(), SizeIs(2));
  const auto after = shown().back();
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.text, "The plans");
  ASSERT_THAT(after.attachments, SizeIs(1));
  EXPECT_EQ(after.attachments.front().id, before.attachments.front().id);
  EXPECT_EQ(after.attachments.front().file.state, FileState::local);
  EXPECT_EQ(after.attachments.front().file.size, 10U) << "what came, not what was announced";
  EXPECT_FALSE(after.edited);
  EXPECT_THAT(alice.notified(), SizeIs(1)) << "one message, one sound";

  laptop.online = true;  // the newest comes first
  office.carry();
  ASSERT_THAT(laptop.messages(dora_addr), SizeIs(2));
  EXPECT_EQ(laptop.last(dora_addr).text, "The plans");
  EXPECT_EQ(laptop.last(dora_addr).attachments.front().file.size, 10U);
}

TEST_F(TwoMails, D34EachIsShownWhileTheOtherIsNotHere) {
  deliver(second_mail());
  ASSERT_THAT(shown(), SizeIs(1));
  EXPECT_EQ(shown().front().text, "");
  EXPECT_EQ(shown().front().attachments.front().file.state, FileState::local);
  deliver(first_mail());
  ASSERT_THAT(shown(), SizeIs(1));
  EXPECT_EQ(shown().front().text, "The plans");
  EXPECT_EQ(shown().front().attachments.front().file.state, FileState::local) << "it stays";
  EXPECT_THAT(alice.search("plans"), ElementsAre("The plans"));
  EXPECT_THAT(alice.search("big.bin"), ElementsAre("The plans"));
}

TEST_F(TwoMails, D34NobodyElseBringsTheFile) {
  deliver(first_mail());
  deliver(second_mail(bob_addr));
  ASSERT_THAT(shown(), SizeIs(1));
  EXPECT_EQ(shown().front().attachments.front().file.state, FileState::remote);
  ASSERT_THAT(alice.messages(bob_addr), SizeIs(1)) << "a mail like any other";
  EXPECT_EQ(alice.last(bob_addr).attachments.front().file.state, FileState::local);
  // Somebody in her name, whom the provider denies.
  const std::string denied = "Authentication-Results: mx.example.org; dmarc=fail header.from=example.com\r\n";
  deliver(second_mail(dora_addr, denied));
  ASSERT_THAT(shown(), SizeIs(2));
  EXPECT_EQ(shown().front().attachments.front().file.state, FileState::remote);
  EXPECT_TRUE(shown().back().forged);
  deliver(second_mail());
  ASSERT_THAT(shown(), SizeIs(2));
  EXPECT_EQ(shown().front().attachments.front().file.state, FileState::local);
}

TEST_F(TwoMails, D34WhatIsSaidAboutEitherIsAboutTheOneMessage) {
  for (const std::string& named : {"first@" + dora_addr, std::string("second@example.com")}) {
    const auto about = [&](const std::string& id, const std::string& fields, const std::string& text) {
      return fmt::format(
          "From: {0}\r\nTo: {1}\r\nDate: Tue, 24 Nov 2026 05:00:00 +0000\r\nMessage-ID: <{2}@{3}>\r\nIn-Reply-To: "
          "<{3}>\r\nChat-Version: 1.0\r\nSubject: Re: Message\r\n{4}\r\n{5}\r\n",
          dora_addr, alice_addr, id, named, fields, text);
    };
    PostOffice post;
    Device reader(post, alice_addr, "Alice");
    for (const auto& mail : {about("e", "Content-Disposition: reaction\r\n", "\U0001F44D"),
                             about("v", "Chat-Edit: <" + named + ">\r\n", "\u270f\ufe0fThe new plans"),
                             about("a", "", "> The plans\r\n\r\nWell"), first_mail(), second_mail()}) {
      reader.mailbox().deliver(mail, post.now);
      post.carry();
    }
    const auto rows = reader.messages(dora_addr);
    ASSERT_THAT(rows, SizeIs(2)) << named;
    const auto& message = rows.front().attachments.empty() ? rows.back() : rows.front();
    const auto& answer = rows.front().attachments.empty() ? rows.front() : rows.back();
    EXPECT_EQ(message.text, "The new plans") << named;
    EXPECT_TRUE(message.edited);
    EXPECT_THAT(message.reactions, SizeIs(1)) << named;
    EXPECT_EQ(message.attachments.front().file.state, FileState::local);
    EXPECT_EQ(answer.reply_to, message.id) << named;
  }
}

TEST_F(TwoMails, D34AnswersAndReceiptsNameWhatDeltaChatKnowsItBy) {
  alice.say(dora_addr, "Hello");
  office.carry();
  deliver(first_mail());
  alice.look_at(dora_addr);
  alice.answer(dora_addr, "Thanks", shown().back().id);
  office.carry();
  deliver(second_mail());
  alice.look_at(dora_addr);
  office.carry();
  int receipts = 0;
  for (const auto& letter : office.taken()) {
    receipts += letter.bytes.contains("Original-Message-ID: <second@example.com>") ? 1 : 0;
    EXPECT_FALSE(letter.bytes.contains("<first@dora@example.com>")) << letter.bytes;
  }
  EXPECT_EQ(receipts, 1);
  EXPECT_THAT(office.taken().back().bytes, testing::Not(IsEmpty()));
  EXPECT_EQ(alice.chat(dora_addr)->unread, 0);
}

TEST_F(TwoMails, D34ADeletionTakesBothWhateverComesFirst) {
  const std::string deletion = fmt::format(
      "From: {}\r\nTo: {}\r\nDate: Tue, 24 Nov 2026 06:00:00 +0000\r\nMessage-ID: <d@x>\r\nIn-Reply-To: "
      "<second@example.com>\r\nChat-Version: 1.0\r\nChat-Content: deleterequest\r\n\r\nDeleted\r\n",
      dora_addr, alice_addr);
  deliver(first_mail());
  deliver(deletion);
  deliver(second_mail());
  ASSERT_THAT(shown(), SizeIs(1));
  EXPECT_TRUE(shown().front().deleted);
  EXPECT_THAT(shown().front().attachments, IsEmpty());
  EXPECT_EQ(shown().front().text, "");
}

TEST_F(TwoMails, D34WhatWasRemovedHereStaysRemovedWhenTheFileComes) {
  deliver(first_mail());
  alice.remove(shown().front().id, true);
  deliver(second_mail());
  EXPECT_THAT(shown(), IsEmpty());
}

TEST_F(TwoMails, D34TheFileMayGoFromTheServerAndTheMessageStays) {
  deliver(first_mail());
  deliver(second_mail());
  auto& inbox = alice.mailbox().folder(FolderRole::inbox);
  alice.mailbox().expunge(FolderRole::inbox, inbox.mails.back().uid);
  office.carry();
  ASSERT_THAT(shown(), SizeIs(1));
  EXPECT_TRUE(shown().front().on_server) << "the first one lies there";
  const auto reader = alice.reader();
  auto copies = alice.reader();
  EXPECT_THAT(copies.copies(shown().front().id).value(), SizeIs(1));
  EXPECT_THAT(copies.copies_with_files(shown().front().id).value(), IsEmpty());
}

TEST_F(TwoMails, D34FilesAreFetchedFromTheMailThatHasThem) {
  deliver(first_mail());
  deliver(second_mail());
  auto reader = alice.reader();
  const auto all = reader.copies(shown().front().id).value();
  const auto with_files = reader.copies_with_files(shown().front().id).value();
  ASSERT_THAT(all, SizeIs(2));
  ASSERT_THAT(with_files, SizeIs(1));
  EXPECT_EQ(with_files.front().uid, all.back().uid) << "the words come first";
  EXPECT_LT(all.front().uid, all.back().uid);
  // They are known where the mails lie, also after a move and when the folder is made anew.
  alice.mailbox().make_anew(FolderRole::inbox);
  office.carry();
  ASSERT_THAT(shown(), SizeIs(1));
  EXPECT_THAT(alice.reader().copies(shown().front().id).value(), SizeIs(2));
  EXPECT_THAT(alice.reader().copies_with_files(shown().front().id).value(), SizeIs(1));
}

TEST_F(TwoMails, D34OfOwnDevicesAreOneMessageToo) {
  alice.mailbox().append(FolderRole::sent, second_mail(alice_addr), office.now, 0);
  alice.mailbox().append(FolderRole::sent, first_mail(alice_addr), office.now, 0);
  office.carry();
  ASSERT_THAT(shown(), SizeIs(1));
  EXPECT_TRUE(shown().front().outgoing);
  EXPECT_EQ(shown().front().text, "The plans");
  EXPECT_EQ(shown().front().attachments.front().file.state, FileState::local);
}

TEST_F(TwoMails, D34InAGroupToo) {
  const std::string group =
      "Chat-Group-ID: Group-of-the-test-1\r\nChat-Group-Name: Film Club\r\nCc: bob@example.net\r\n";
  deliver(second_mail(dora_addr, group));
  deliver(first_mail(dora_addr, group));
  const auto rows = alice.messages("Film Club");
  ASSERT_THAT(rows, SizeIs(1));
  EXPECT_EQ(rows.front().text, "The plans");
  EXPECT_EQ(rows.front().attachments.front().file.state, FileState::local);
  EXPECT_THAT(shown(), IsEmpty());
}

}  // namespace
}  // namespace coi::scenario

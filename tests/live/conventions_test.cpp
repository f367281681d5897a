// What lies in the mailboxes of two people who use a server without COI: as any other program and device sees it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ascii.h"
#include "person.h"

namespace coi::live {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> folders(Mailhost& host, std::string_view user, bool subscribed = false) {
  const auto names =
      subscribed ? host.doveadm({"mailbox", "list", "-s", "-u", user}) : host.doveadm({"mailbox", "list", "-u", user});
  std::vector<std::string> all;
  for (const auto name : ascii_split(names, '\n')) all.emplace_back(name);
  return all;
}

// The flags and Message-IDs of all mails in a folder.
std::string mails(Mailhost& host, std::string_view user, std::string_view folder) {
  return host.doveadm({"fetch", "-u", user, "flags hdr.message-id hdr.subject", "mailbox", folder});
}

TEST(Mailbox, C90FoldersAreMadeWhenTheyAreNeeded) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  alice.send(bob_addr, "Hello");
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Hello"));
  EXPECT_THAT(folders(host, bob_addr),
              AllOf(Contains("COI/Chats"), Contains("COI/Contacts"), Not(Contains("Blocked"))));
  EXPECT_THAT(folders(host, bob_addr, true), Contains("COI/Chats"));
  ASSERT_TRUE(bob.act(chat::ChangeChat{.chat = bob.chat_with(alice_addr)->id, .blocked = true}));
  ASSERT_TRUE(bob.sync());
  EXPECT_THAT(folders(host, bob_addr), Contains("Blocked"));
  // C-51: what comes from now on lies there, and is done.
  alice.send(bob_addr, "Are you there?");
  ASSERT_TRUE(alice.finish());
  ASSERT_TRUE(bob.finish());
  EXPECT_THAT(mails(host, bob_addr, "Blocked"), HasSubstr("<chat$"));
}

TEST(Mailbox, C91InboxChatsAndSentAreOneStore) {
  Mailhost host;
  const auto lay = [&host](const std::string& from, const std::string& to, const std::string& id, int second) {
    host.deliver(alice_addr, fmt::format("From: {}\r\nTo: {}\r\nMessage-ID: <{}@example.net>\r\nDate: Tue, 24 Nov 2020 "
                                         "04:00:0{} +0000\r\n\r\nharbour {}\r\n",
                                         from, to, id, second, id));
  };
  const auto put = [&host](const char* how, const char* folder, const std::string& id) {
    host.doveadm(
        {how, "-u", alice_addr, folder, "mailbox", "INBOX", "header", "Message-ID", "<" + id + "@example.net>"});
  };
  for (const auto* folder : {"Sent", "COI/Chats"}) host.doveadm({"mailbox", "create", "-u", alice_addr, folder});
  lay(bob_addr, alice_addr, "inbox", 1);
  lay(bob_addr, alice_addr, "chats", 2);
  put("move", "COI/Chats", "chats");
  lay(alice_addr, bob_addr, "sent", 3);
  put("move", "Sent", "sent");
  lay(bob_addr, alice_addr, "everywhere", 4);
  put("copy", "COI/Chats", "everywhere");
  put("copy", "Sent", "everywhere");
  Person alice(host, alice_addr);
  ASSERT_TRUE(alice.finish());
  const auto texts = [&alice] {
    std::vector<std::string> all;
    for (const auto& message : alice.messages(bob_addr)) all.push_back(message.text);
    return all;
  };
  const std::vector<std::string> expected = {"harbour inbox", "harbour chats", "harbour sent", "harbour everywhere"};
  EXPECT_EQ(texts(), expected);
  EXPECT_EQ(alice.chat_with(bob_addr)->unread, 3);
  EXPECT_EQ(alice.account().reader()->search("harb", {}, {.most = 9}).value().value.rows.size(), 4U);
  // Another program sends and files its copy.
  lay(alice_addr, bob_addr, "another program", 5);
  put("move", "Sent", "another program");
  ASSERT_TRUE(alice.sync());
  EXPECT_TRUE(alice.wait_until([&](store::Reader&) { return texts().back() == "harbour another program"; }));
}

TEST(Mailbox, C07C89TheOwnCopyIsReadChatAndHasAChatIdOfTheOwnDomain) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  alice.send(bob_addr, "Hello");
  ASSERT_TRUE(alice.finish());
  const auto copy = mails(host, alice_addr, "COI/Chats");
  EXPECT_THAT(copy, AllOf(HasSubstr("\\Seen"), HasSubstr("$Chat")));
  EXPECT_THAT(copy, ContainsRegex("<chat[$][0-9A-Za-z_-]{22,}@example[.]org>"));
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Hello"));
  EXPECT_THAT(mails(host, bob_addr, "INBOX"), ContainsRegex("<chat[$][0-9A-Za-z_-]{22,}@example[.]org>"));
}

// One after the other: of two claims within some milliseconds Dovecot may take both (docs/standards.md).
TEST(Mailbox, C37TheKeywordIsSetAndTwoDevicesSendOneReceipt) {
  Mailhost host;
  Person alice(host, alice_addr), phone(host, bob_addr), tablet(host, bob_addr);
  alice.send(bob_addr, "Hello");
  ASSERT_TRUE(phone.wait_for_text(alice_addr, "Hello"));
  phone.send(alice_addr, "Hello yourself");
  ASSERT_TRUE(alice.wait_for_text(bob_addr, "Hello yourself"));
  const auto sent = alice.send(bob_addr, "Did you read this?");
  ASSERT_TRUE(phone.wait_for_text(alice_addr, "Did you read this?"));
  ASSERT_TRUE(tablet.wait_for_text(alice_addr, "Did you read this?"));
  for (auto* device : {&phone, &tablet}) {
    ASSERT_TRUE(device->act(chat::MarkSeen{.chat = device->chat_with(alice_addr)->id}));
    ASSERT_TRUE(device->finish());
  }
  ASSERT_TRUE(alice.wait_until(
      [&](store::Reader& reader) { return reader.message(sent.id)->value->state == store::MessageRow::State::read; }));
  EXPECT_THAT(mails(host, bob_addr, "INBOX"), HasSubstr("$MDNSent"));
  const auto received = mails(host, alice_addr, "INBOX");
  const auto first = received.find("Message read");
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(received.find("Message read", first + 1), std::string::npos) << received;
}

// P-05: the copy of the reaction in the mailbox tells them.
TEST(Mailbox, P05OwnDevicesLearnAReactionThatNobodyElseGets) {
  Mailhost host;
  host.deliver(alice_addr,
               "From: carol@example.com\r\nTo: alice@example.org\r\nMessage-ID: <m@example.com>\r\n"
               "Subject: Supper\r\n\r\nShall we?\r\n");
  const std::string carol = "carol@example.com";
  Person desk(host, alice_addr), phone(host, alice_addr);
  ASSERT_TRUE(desk.wait_for_text(carol, "Shall we?"));
  ASSERT_TRUE(phone.wait_for_text(carol, "Shall we?"));
  const auto reactions = [&carol](Person& person) {
    std::vector<std::string> all;
    const auto message = person.messages(carol).front();
    for (const auto& reaction : message.reactions) all.push_back(reaction.emoji);
    return all;
  };
  const auto shows = [&](Person& person, const std::vector<std::string>& wanted) {
    return person.wait_until([&](store::Reader&) { return reactions(person) == wanted; });
  };
  const auto react = [&](Person& person, const std::string& emoji) {
    ASSERT_TRUE(person.act(chat::React{.message = person.messages(carol).front().id, .emoji = emoji}));
    ASSERT_TRUE(person.finish());
  };
  react(desk, "👍");
  EXPECT_TRUE(shows(phone, {"👍"}));
  react(phone, "🎉");
  EXPECT_TRUE(shows(desk, {"🎉"}));
  EXPECT_THAT(mails(host, alice_addr, "COI/Chats"), AllOf(HasSubstr("\\Seen"), HasSubstr("$Chat")));
  react(desk, "");
  EXPECT_TRUE(shows(phone, {}));
  EXPECT_EQ(phone.messages(carol).size(), 1U);
}

TEST(Mailbox, C34MailFromBeforeTheFirstLoginIsAnsweredToo) {
  Mailhost host;
  host.deliver(bob_addr,
               "From: Alice <alice@example.org>\r\nTo: bob@example.net\r\nMessage-ID: <chat$old@example.org>\r\n"
               "Subject: Chat: old\r\nChat-Version: 1.0\r\nChat-Disposition-Notification-To: alice@example.org\r\n"
               "\r\nWritten before you came\r\n");
  Person bob(host, bob_addr);
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Written before you came"));
  const auto chat = bob.chat_with(alice_addr)->id;
  ASSERT_TRUE(bob.act(chat::ChangeChat{.chat = chat, .accepted = true}));
  ASSERT_TRUE(bob.act(chat::MarkSeen{.chat = chat}));
  ASSERT_TRUE(bob.finish());
  EXPECT_THAT(mails(host, alice_addr, "INBOX"), HasSubstr("Message read"));
}

}  // namespace
}  // namespace coi::live

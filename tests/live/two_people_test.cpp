#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "person.h"

namespace coi::live {
namespace {

using State = store::MessageRow::State;

TEST(TwoPeople, WriteToEachOther) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  const auto sent = alice.send(bob_addr, "Hello Bob, how are you? ✓");
  EXPECT_EQ(sent.state, State::pending);
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Hello Bob, how are you? ✓"));
  // A stranger's first mail is a request, and not announced.
  ASSERT_EQ(bob.chats(true).size(), 1U);
  EXPECT_TRUE(bob.chats(false).empty());
  bob.send(alice_addr, "Fine, thanks.");
  ASSERT_TRUE(alice.wait_for_text(bob_addr, "Fine, thanks."));
  // Whoever answers knows the other.
  EXPECT_TRUE(bob.chats(true).empty());
  ASSERT_EQ(bob.chats(false).size(), 1U);
  EXPECT_TRUE(
      alice.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::sent; }));
  EXPECT_EQ(alice.messages(bob_addr).size(), 2U);
}

// Both know each other afterwards, and both mailboxes are quiet.
void get_acquainted(Person& alice, Person& bob) {
  alice.send(bob_addr, "Hello");
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Hello"));
  bob.send(alice_addr, "Hello yourself");
  ASSERT_TRUE(alice.wait_for_text(bob_addr, "Hello yourself"));
}

TEST(TwoPeople, ReceiptTellsThatAMessageWasRead) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  get_acquainted(alice, bob);
  const auto sent = alice.send(bob_addr, "Did you read this?");
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Did you read this?"));
  ASSERT_TRUE(bob.act(chat::MarkSeen{.chat = bob.chat_with(alice_addr)->id}));
  EXPECT_TRUE(
      alice.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::read; }));
  // The receipt itself is no message (C-38), on either side.
  EXPECT_EQ(alice.messages(bob_addr).size(), 3U);
  EXPECT_EQ(bob.messages(alice_addr).size(), 3U);
}

TEST(TwoPeople, UnknownRecipientFailsWithTheServersWords) {
  Mailhost host;
  Person alice(host, alice_addr);
  const auto sent = alice.send("nobody@example.net", "Anybody there?");
  ASSERT_TRUE(alice.wait_until([&](store::Reader& reader) {
    return reader.message(sent.id)->value->state == State::failed;
  })) << static_cast<int>(alice.messages("nobody@example.net").front().state);
  const auto message = alice.messages("nobody@example.net").front();
  ASSERT_EQ(message.recipients.size(), 1U);
  EXPECT_NE(message.recipients.front().error, "");
}

TEST(TwoDevices, OwnMailAndSeenFlagsAppearOnTheOther) {
  Mailhost host;
  Person bob(host, bob_addr), laptop(host, alice_addr), desktop(host, alice_addr);
  laptop.send(bob_addr, "From the laptop");
  // C-89: the copy that the laptop filed, read and mine.
  ASSERT_TRUE(desktop.wait_for_text(bob_addr, "From the laptop"));
  EXPECT_TRUE(desktop.messages(bob_addr).front().outgoing);
  EXPECT_FALSE(desktop.chat_with(bob_addr)->request);

  bob.send(alice_addr, "To both of you");
  ASSERT_TRUE(laptop.wait_for_text(bob_addr, "To both of you"));
  ASSERT_TRUE(desktop.wait_for_text(bob_addr, "To both of you"));
  EXPECT_EQ(desktop.chat_with(bob_addr)->unread, 1);
  ASSERT_TRUE(laptop.act(chat::MarkSeen{.chat = laptop.chat_with(bob_addr)->id}));
  EXPECT_TRUE(desktop.wait_until([&](store::Reader&) { return desktop.chat_with(bob_addr)->unread == 0; }));
}

TEST(Trouble, MessagesWaitForTheSubmissionServer) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  host.command({{"cmd", "stop-submission"}});
  const auto sent = alice.send(bob_addr, "Are you there?");
  alice.restart();
  EXPECT_EQ(alice.messages(bob_addr).back().state, State::pending);
  host.command({{"cmd", "start-submission"}});
  alice.account().network_changed();
  EXPECT_TRUE(bob.wait_for_text(alice_addr, "Are you there?"));
  EXPECT_TRUE(
      alice.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::sent; }));
}

TEST(Trouble, LostConnectionsAreMadeAgain) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  get_acquainted(alice, bob);
  host.command({{"cmd", "kill-connections"}});
  alice.send(bob_addr, "Still there?");
  EXPECT_TRUE(bob.wait_for_text(alice_addr, "Still there?"));
  // Quiet first: a Dovecot that is killed while it makes or opens a mailbox leaves a lock behind that stands for
  // minutes. What the clients asked for last is over when another program has looked at both mailboxes.
  for (auto* person : {&alice, &bob}) ASSERT_TRUE(person->finish());
  for (const auto& user : {alice_addr, bob_addr})
    host.command({{"cmd", "doveadm"}, {"args", json::Array{"mailbox", "status", "-u", user, "messages", "INBOX"}}});
  host.command({{"cmd", "kill-server"}});
  alice.send(bob_addr, "And now?");
  host.command({{"cmd", "start-server"}});
  alice.account().network_changed();
  bob.account().network_changed();
  EXPECT_TRUE(bob.wait_for_text(alice_addr, "And now?"));
  const auto messages = bob.messages(alice_addr);
  EXPECT_EQ(std::ranges::count(messages, "Still there?", &store::MessageRow::text), 1);
  EXPECT_EQ(std::ranges::count(messages, "And now?", &store::MessageRow::text), 1);
}

TEST(Trouble, MailboxMadeAnewKeepsTheMessages) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  get_acquainted(alice, bob);
  const auto before = bob.messages(alice_addr);
  host.command({{"cmd", "doveadm"},
                {"args", json::Array{"mailbox", "update", "-u", bob_addr, "--uid-validity", "4242", "INBOX"}}});
  host.command({{"cmd", "kill-connections"}});
  bob.account().network_changed();
  ASSERT_TRUE(bob.sync()) << "a sync after the change";
  const auto after = bob.messages(alice_addr);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].id, before[i].id);
    EXPECT_TRUE(after[i].on_server);
  }
}

TEST(Trouble, WrongPasswordIsSaidInTheServersWords) {
  Mailhost host;
  const auto data = std::filesystem::temp_directory_path() / ("coi-live-wrong-" + std::to_string(::getpid()));
  {
    auto engine = engine::Engine::open(data, {}, [](const engine::Event&) {}).value();
    const auto login = engine->login({.addr = alice_addr,
                                      .imap_url = host.imap_url(),
                                      .smtp_url = host.smtp_url(),
                                      .tls_ca = host.ca(),
                                      .password = Secret("wrong"),
                                      .secrets = secrets::Mode::file},
                                     [](std::string_view) {});
    ASSERT_FALSE(login);
    EXPECT_EQ(login.error().kind(), ErrorKind::auth) << login.error().text();
    EXPECT_TRUE(engine->accounts().empty());
    const auto untrusted = engine->login({.addr = alice_addr,
                                          .imap_url = host.imap_url(),
                                          .smtp_url = host.smtp_url(),
                                          .password = Secret("secret"),
                                          .secrets = secrets::Mode::file},
                                         [](std::string_view) {});
    ASSERT_FALSE(untrusted);
    EXPECT_EQ(untrusted.error().kind(), ErrorKind::tls) << untrusted.error().text();
    EXPECT_TRUE(std::filesystem::is_empty(data / "accounts"));
  }
  std::filesystem::remove_all(data);
}

}  // namespace
}  // namespace coi::live

// A server that announces COI and keeps its METADATA; the sorting itself is played by doveadm, where the plugin will do
// it.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "person.h"
#include "wire/words.h"

namespace coi::live {
namespace {

// The word COI in the capabilities, as a COI server has it after login.
std::vector<std::string> announcing_coi(std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--announce", "COI"});
  return more;
}

std::string metadata(Mailhost& host, std::string_view user, std::string_view path) {
  return host.doveadm({"mailbox", "metadata", "get", "-s", "-u", user, "", path});
}

void set_metadata(Mailhost& host, std::string_view user, std::string_view path, std::string_view value) {
  host.doveadm({"mailbox", "metadata", "set", "-s", "-u", user, "", path, value});
}

// Where the message's first copy lies; empty while there is none.
std::string folder_of(Person& person, chat::MessageId message) {
  const auto copies = person.account().reader()->copies(message).value();
  return copies.empty() ? std::string() : copies.front().folder;
}

// What the device does when it has to connect anew.
void reconnect(Mailhost& host, Person& person) {
  host.command({{"cmd", "kill-connections"}});
  person.account().network_changed();
}

TEST(CoiServer, S04TheConfigurationIsReadAndWrittenWithoutMetadataInTheCapabilities) {
  Mailhost host(announcing_coi({"--without", "METADATA"}));
  set_metadata(host, bob_addr, wire::enabled_path, "yes");
  Person bob(host, bob_addr);
  ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return bob.account().status().coi_enabled; }));
  EXPECT_EQ(bob.account().status().filter, "none") << "S-12: an absent filter";
  ASSERT_TRUE(bob.act(chat::SetFilter{wire::Filter::seen}));
  ASSERT_TRUE(bob.sync());
  EXPECT_NE(metadata(host, bob_addr, wire::message_filter_path).find("seen"), std::string::npos);
}

TEST(CoiServer, S10FoldersLieBelowTheServersRootWithItsDelimiter) {
  Mailhost host(announcing_coi({"--separator", ".", "--prefix", "INBOX."}));
  host.doveadm({"mailbox", "create", "-u", alice_addr, "INBOX.Talk.Chats"});
  set_metadata(host, alice_addr, wire::mailbox_root_path, "Talk");
  set_metadata(host, alice_addr, wire::enabled_path, "yes");
  Person alice(host, alice_addr), bob(host, bob_addr);
  const auto sent = alice.send(bob_addr, "Filed below Talk");
  ASSERT_TRUE(alice.finish());
  EXPECT_EQ(folder_of(alice, sent.id), "INBOX.Talk.Chats");
}

TEST(CoiServer, S15OnIsExactlyYesAndReadAgainAtEveryConnect) {
  Mailhost host(announcing_coi());
  set_metadata(host, bob_addr, wire::enabled_path, "Yes");
  set_metadata(host, bob_addr, wire::message_filter_path, "active");
  Person bob(host, bob_addr);
  ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return bob.account().status().coi; }));
  EXPECT_FALSE(bob.account().status().coi_enabled) << "S-14: a foreign value is off";
  EXPECT_EQ(bob.account().status().filter, "none") << "of a server that does not sort";
  // S-19, S-18: the server turns it on and off by itself.
  set_metadata(host, bob_addr, wire::enabled_path, "yes");
  reconnect(host, bob);
  ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return bob.account().status().coi_enabled; }));
  EXPECT_EQ(bob.account().status().filter, "active");
  host.doveadm({"mailbox", "metadata", "unset", "-s", "-u", bob_addr, "", wire::enabled_path});
  reconnect(host, bob);
  ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return !bob.account().status().coi_enabled; }));
  EXPECT_EQ(bob.account().status().filter, "none");
}

TEST(CoiServer, C01S19NothingButTheUserTurnsItOn) {
  Mailhost host(announcing_coi());
  Person alice(host, alice_addr), bob(host, bob_addr);
  const auto sent = alice.send(bob_addr, "The server makes Chats, not me");
  ASSERT_TRUE(alice.finish());
  EXPECT_EQ(folder_of(alice, sent.id), "Sent");
  EXPECT_EQ(host.doveadm({"mailbox", "list", "-u", alice_addr}).find("Chats"), std::string::npos);
  // S-11: nor is the root ours to set.
  ASSERT_TRUE(alice.act(chat::SetFilter{wire::Filter::active}));
  ASSERT_TRUE(alice.sync());
  EXPECT_NE(metadata(host, alice_addr, wire::enabled_path).find("yes"), std::string::npos);
  EXPECT_EQ(metadata(host, alice_addr, wire::mailbox_root_path).find("COI"), std::string::npos);
}

TEST(CoiServer, S13S21TurningTheFilterOnWritesTheServersConfiguration) {
  Mailhost host(announcing_coi());
  Person bob(host, bob_addr);
  ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return bob.account().status().coi; }));
  EXPECT_FALSE(bob.account().status().coi_enabled) << "S-12: absent is off";
  ASSERT_TRUE(bob.act(chat::SetFilter{wire::Filter::active}));
  ASSERT_TRUE(bob.sync());
  EXPECT_NE(metadata(host, bob_addr, wire::enabled_path).find("yes"), std::string::npos);
  EXPECT_NE(metadata(host, bob_addr, wire::message_filter_path).find("active"), std::string::npos);
  // S-22: reset by the word.
  ASSERT_TRUE(bob.act(chat::SetFilter{wire::Filter::none}));
  ASSERT_TRUE(bob.sync());
  EXPECT_NE(metadata(host, bob_addr, wire::message_filter_path).find("none"), std::string::npos);
}

TEST(CoiServer, S26MailThatTheServerMovesKeepsItsMessageAndItsFlags) {
  Mailhost host(announcing_coi());
  host.doveadm({"mailbox", "create", "-u", bob_addr, "COI/Chats"});
  set_metadata(host, bob_addr, wire::enabled_path, "yes");
  set_metadata(host, bob_addr, wire::message_filter_path, "seen");
  Person alice(host, alice_addr), bob(host, bob_addr);
  ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return bob.account().status().coi_enabled; }));
  EXPECT_EQ(bob.account().status().filter, "seen");
  alice.send(bob_addr, "Read and moved");
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Read and moved"));
  const auto before = bob.messages(alice_addr).front();
  ASSERT_TRUE(bob.act(chat::MarkSeen{.chat = bob.chat_with(alice_addr)->id}));
  ASSERT_TRUE(bob.sync());
  // C-87: on a COI server the client never moves; the server does, after \Seen.
  EXPECT_EQ(folder_of(bob, before.id), "INBOX");
  host.doveadm({"move", "-u", bob_addr, "COI/Chats", "mailbox", "INBOX", "seen"});
  ASSERT_TRUE(bob.sync());
  const auto after = bob.messages(alice_addr);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after.front().id, before.id);
  EXPECT_EQ(after.front().state, store::MessageRow::State::seen);
  const auto copies = bob.account().reader()->copies(before.id).value();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies.front().folder, "COI/Chats");
}

// How many mails the clients asked the bodies of.
int bodies_asked_for(const std::string& rawlog) {
  int mails = 0;
  std::istringstream lines(rawlog);
  for (std::string line; std::getline(lines, line);) {
    const auto set = line.find("UID FETCH ");
    if (set == std::string::npos || line.find("BODY.PEEK[]") == std::string::npos) continue;
    const auto from = set + std::string_view("UID FETCH ").size();
    if (const auto uids = NumberSet::parse(std::string_view(line).substr(from, line.find(' ', from) - from)))
      mails += static_cast<int>(uids->size());
    else
      ++mails;  // a set up to "*": what arrived
  }
  return mails;
}

TEST(FirstSync, ShowsTheNewestMailsAndFillsInTheRest) {
  Mailhost host({"--rawlog"});
  constexpr int count = 1200;
  for (int i = 1; i <= count; ++i)
    host.deliver(alice_addr, "From: Eve <eve@example.com>\r\nTo: alice@example.org\r\nSubject: news\r\nMessage-ID: <" +
                                 std::to_string(i) + "@example.com>\r\n\r\nmail " + std::to_string(i) + "\r\n");
  Person alice(host, alice_addr);
  ASSERT_TRUE(alice.wait_for_text("eve@example.com", "mail 1200"));
  ASSERT_TRUE(alice.wait_until([&](store::Reader&) {
    return alice.account().progress().finished && alice.messages("eve@example.com").size() == count;
  })) << alice.messages("eve@example.com").size();
  const auto messages = alice.messages("eve@example.com");
  for (int i = 1; i <= count; ++i)
    ASSERT_EQ(std::ranges::count(messages, "mail " + std::to_string(i), &store::MessageRow::text), 1) << i;
  // The row ids tell the order of fetching: everything of the first screen came before the oldest mail.
  const auto row_of = [&](const std::string& text) {
    return std::ranges::find(messages, text, &store::MessageRow::text)->id;
  };
  EXPECT_LT(row_of("mail 1200"), row_of("mail 1"));
  EXPECT_LT(row_of("mail 701"), row_of("mail 700"));
  // The live connection does not fetch what the backfill fetches: a new message would wait behind the history.
  EXPECT_EQ(bodies_asked_for(host.rawlog(alice_addr)), count);
}

}  // namespace
}  // namespace coi::live

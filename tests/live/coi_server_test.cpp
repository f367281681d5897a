// A server that announces COI and keeps its METADATA; the sorting itself is played by doveadm, where the plugin will do
// it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "person.h"
#include "wire/words.h"

namespace coi::live {
namespace {

const std::string alice_addr = "alice@example.org";
const std::string bob_addr = "bob@example.net";

// The word COI in the capabilities, as a COI server has it after login.
class AnnouncesCoi {
 public:
  AnnouncesCoi()
      : file_(std::filesystem::temp_directory_path() / ("coi-announce-" + std::to_string(::getpid()) + ".conf")) {
    std::ofstream(file_) << "protocol imap {\n  imap_capability = +COI\n}\n";
    std::filesystem::permissions(file_, std::filesystem::perms(0644));
  }
  ~AnnouncesCoi() { std::filesystem::remove(file_); }
  std::vector<std::string> arguments() const { return {"--include", file_.string()}; }

 private:
  std::filesystem::path file_;
};

std::string doveadm(Mailhost& host, json::Array arguments) {
  return std::string(host.command({{"cmd", "doveadm"}, {"args", std::move(arguments)}}).at("stdout").as_string());
}

std::string metadata(Mailhost& host, std::string_view user, std::string_view path) {
  return doveadm(host, {"mailbox", "metadata", "get", "-s", "-u", user, "", path});
}

TEST(CoiServer, S13S21TurningTheFilterOnWritesTheServersConfiguration) {
  const AnnouncesCoi announcement;
  Mailhost host(announcement.arguments());
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
  const AnnouncesCoi announcement;
  Mailhost host(announcement.arguments());
  doveadm(host, {"mailbox", "create", "-u", bob_addr, "COI/Chats"});
  doveadm(host, {"mailbox", "metadata", "set", "-s", "-u", bob_addr, "", wire::enabled_path, "yes"});
  doveadm(host, {"mailbox", "metadata", "set", "-s", "-u", bob_addr, "", wire::message_filter_path, "seen"});
  Person alice(host, alice_addr), bob(host, bob_addr);
  ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return bob.account().status().coi_enabled; }));
  EXPECT_EQ(bob.account().status().filter, "seen");
  alice.send(bob_addr, "Read and moved");
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Read and moved"));
  const auto before = bob.messages(alice_addr).front();
  ASSERT_TRUE(bob.act(chat::MarkSeen{.chat = bob.chat_with(alice_addr)->id}));
  ASSERT_TRUE(bob.sync());
  // C-87: on a COI server the client never moves; the server does, after \Seen.
  EXPECT_EQ(bob.account().reader()->copies(before.id)->front().folder, "INBOX");
  doveadm(host, {"move", "-u", bob_addr, "COI/Chats", "mailbox", "INBOX", "seen"});
  ASSERT_TRUE(bob.sync());
  const auto after = bob.messages(alice_addr);
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after.front().id, before.id);
  EXPECT_EQ(after.front().state, store::MessageRow::State::seen);
  const auto copies = bob.account().reader()->copies(before.id).value();
  ASSERT_EQ(copies.size(), 1U);
  EXPECT_EQ(copies.front().folder, "COI/Chats");
}

TEST(FirstSync, ShowsTheNewestMailsAndFillsInTheRest) {
  Mailhost host;
  constexpr int count = 700;
  for (int i = 1; i <= count; ++i)
    host.deliver(alice_addr, "From: Eve <eve@example.com>\r\nTo: alice@example.org\r\nSubject: news\r\nMessage-ID: <" +
                                 std::to_string(i) + "@example.com>\r\n\r\nmail " + std::to_string(i) + "\r\n");
  Person alice(host, alice_addr);
  ASSERT_TRUE(alice.wait_for_text("eve@example.com", "mail 700"));
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
  EXPECT_LT(row_of("mail 700"), row_of("mail 1"));
  EXPECT_LT(row_of("mail 201"), row_of("mail 200"));
}

}  // namespace
}  // namespace coi::live

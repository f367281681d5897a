// Servers whose answers are long, or have no end: the account says so, and nothing is taken beyond what the mailbox
// gives them to say.
#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

constexpr int many = 20'000;

std::string lines(const std::string& pattern) {
  std::string text;
  for (int i = 1; i <= many; ++i) text += fmt::format(fmt::runtime(pattern), i) + "\r\n";
  return text;
}

bool says(Device& device, const std::string& words) {
  return device.wait_until([&] { return device.has_said(words); });
}

struct Flood {
  std::string during, line;
  friend void PrintTo(const Flood& flood, std::ostream* out) { *out << flood.during << ": " << flood.line; }
};

class Endless : public testing::TestWithParam<Flood> {};

TEST_P(Endless, AnswerEndsTheConnectionAndTheAccountSaysWhy) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  server.put("INBOX", mail("one"));
  const auto flood = lines(GetParam().line);
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    return command.starts_with(GetParam().during) ? std::optional(flood) : std::nullopt;
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(says(device, "the server's answer does not end"));
  EXPECT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::offline; }));
}

INSTANTIATE_TEST_SUITE_P(Floods, Endless,
                         testing::Values(Flood{"LIST", "* OK still working"}, Flood{"LIST", "+ go on"},
                                         Flood{"LIST", "* OK [ALERT] number {}"}, Flood{"LIST", "* CAPABILITY X{}"},
                                         Flood{"SELECT", "* {} EXISTS"}, Flood{"SELECT", "* FLAGS (x{})"},
                                         Flood{"UID SEARCH", "* {0} FETCH (UID {0} FLAGS (\\Seen))"},
                                         Flood{"UID SEARCH", "* VANISHED {}"}, Flood{"UID SEARCH", "* 1 EXPUNGE"},
                                         Flood{"UID FETCH", "* 1 FETCH (FLAGS ())"}, Flood{"UID FETCH", "* {} RECENT"},
                                         Flood{"IDLE", "+ idling\r\n* OK Still here"},
                                         Flood{"NOTIFY", "* STATUS x{} (UIDNEXT 2)"}));

// Each is one short line, and all of them are kept.
TEST(EndlessFolders, EndTheConnectionToo) {
  constexpr int too_many = 50'001;
  std::string folders;
  for (int i = 1; i <= too_many; ++i) folders += fmt::format("* LIST () \"/\" x{}\r\n", i);
  ImapServer server("IDLE NOTIFY UIDPLUS");
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    return command.starts_with("LIST") ? std::optional(folders + tag + " OK done\r\n") : std::nullopt;
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(says(device, "the server names more than 50000 folders"));
  EXPECT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::offline; }));
}

// Flags are handed on while the server talks; they do not wait for the end of its answer.
TEST(LongAnswer, IsNotKeptUntilItsEnd) {
  constexpr std::uint32_t mails = 1100;
  ImapServer server("IDLE NOTIFY UIDPLUS");
  for (std::uint32_t i = 1; i <= mails; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)));
  Device device(server.port(), closed_port());
  // Not by reading them all each time: that takes most of the time that they have.
  ASSERT_TRUE(device.wait_until([&] { return device.account().reader()->counts()->value.requests.unread == mails; }));
  std::string flags;
  for (std::uint32_t i = 1; i <= mails; ++i) flags += fmt::format("* {0} FETCH (UID {0} FLAGS (\\Seen))\r\n", i);
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    return command.starts_with("UID FETCH 1101:*") ? std::optional(flags) : std::nullopt;
  });
  server.put("INBOX", mail("the last one"));
  EXPECT_TRUE(device.wait_until([&] { return device.is_seen(eve, "mail 1"); }));
}

// What a mailbox of many mails says of them is no flood, and is seen to go on.
TEST(LongAnswer, IsTakenAndSeenToGoOn) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  server.put("INBOX", mail("one"));
  Device device(server.port(), closed_port(), {.times = {.long_answer = std::chrono::milliseconds(1)}});
  ASSERT_TRUE(device.wait_until([&] { return server.count("IDLE") > 0; }));
  std::string flags;
  for (int i = 0; i < 6000; ++i) flags += "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n";
  server.say_to_idle(flags + "* OK Still here");
  EXPECT_TRUE(says(device, " kB so far"));
  server.put("INBOX", mail("two"));
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 2; }));
  EXPECT_TRUE(device.wait_until([&] { return device.account().status().problem.empty(); }));
  EXPECT_EQ(server.connections(), 1);
}

TEST(LongAnswer, ThatIsSlowIsSeenToGoOnToo) {
  ScriptedServer server([&](Peer& peer) {
    peer.send("* OK [CAPABILITY IMAP4rev1] hello\r\n");
    while (const auto line = peer.line()) {
      if (line->contains("LIST"))
        while (peer.send("* OK still working\r\n")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      peer.send(line->substr(0, line->find(' ')) + " OK done\r\n");
    }
  });
  Device device(
      server.port(), closed_port(),
      {.times = {.long_answer = std::chrono::milliseconds(10), .slow_answer = std::chrono::milliseconds(100)}});
  EXPECT_TRUE(says(device, "is long and goes on"));
}

// One octet after the other is no answer.
TEST(LongAnswer, ThatTricklesIsNoneAndTheLinkIsReplaced) {
  std::atomic<int> lists = 0;
  ScriptedServer server([&](Peer& peer) {
    peer.send("* OK [CAPABILITY IMAP4rev1] hello\r\n");
    while (const auto line = peer.line()) {
      const auto tag = line->substr(0, line->find(' '));
      if (!line->contains("LIST")) {
        peer.send(tag + " OK done\r\n");
        continue;
      }
      ++lists;
      peer.send("* LIST () \"/\" \"");
      while (peer.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
      return;
    }
  });
  Device device(server.port(), closed_port(),
                {.times = {.command = std::chrono::milliseconds(1500), .silence = std::chrono::milliseconds(100)}});
  EXPECT_TRUE(says(device, "does not answer at the moment"));
  EXPECT_TRUE(device.wait_until([&] { return lists >= 2; }));
}

}  // namespace
}  // namespace coi::engine::test

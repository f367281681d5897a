// What servers do to connections that wait: refuse to let them idle, end them, or allow too few.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <list>
#include <thread>

#include <fmt/format.h>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

// RFC 2177: NO and BAD are answers to IDLE too. Then NOOP has to tell.
TEST(Connection, WhereIdleIsRefusedNoopTellsOfNews) {
  for (const std::string refusal : {"NO not for you", "BAD what?"}) {
    ImapServer server;
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      return command == "IDLE" ? std::optional(tag + " " + refusal + "\r\n") : std::nullopt;
    });
    Device device(server.port(), closed_port(), {.times = {.noop = std::chrono::milliseconds(10)}});
    ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server.count("IDLE") > 0; }));
    server.put("INBOX", mail("told-by-noop"));
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
    server.put("COI/Chats", mail("looked-for"));
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 2; }));
    // The second connection may have asked before the first one was refused.
    EXPECT_LE(server.count("IDLE"), 2) << "each connection learns it once";
  }
}

TEST(Connection, AnIdleThatTheServerEndsAtOnceIsNotBegunAgainAtOnce) {
  using Clock = std::chrono::steady_clock;
  std::atomic<Clock::time_point> first{}, fourth{};
  ImapServer server("IDLE NOTIFY UIDPLUS");
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command != "IDLE") return std::nullopt;
    const auto count = server.count("IDLE");
    if (count == 1) first = Clock::now();
    if (count == 4) fourth = Clock::now();
    return "+ idling\r\n" + tag + " OK enough\r\n";
  });
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return fourth.load() != Clock::time_point(); }));
  // Some of them may have been ended by us, for another reason.
  EXPECT_GE(fourth.load() - first.load(), std::chrono::seconds(1));
}

// "Still here", a busy inbox: that the server speaks does not mean that it tells of every folder.
TEST(Connection, FoldersThatNothingTellsOfAreLookedAtHoweverMuchIsSaidOfOthers) {
  ImapServer server;
  Device device(server.port(), closed_port(), {.times = {.poll = std::chrono::milliseconds(300)}});
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server.count("IDLE") > 1; }));
  server.put("Sent", mail("sent-elsewhere", "me@example.org", eve));
  EXPECT_TRUE(device.wait_until([&] { return server.say_to_idle("* OK Still here"), device.texts(eve).size() == 1; }));
}

// Nothing tells of anything there: all folders are looked at with the same pace.
TEST(Connection, WithoutIdleTheOtherFoldersAreLookedAtAsOftenAsTheOpenOne) {
  ImapServer server("UIDPLUS");
  Device device(server.port(), closed_port(), {.times = {.noop = std::chrono::milliseconds(10)}});
  ASSERT_TRUE(device.wait_until([&] { return server.count("NOOP") > 0; }));
  server.put("COI/Chats", mail("in-another-folder"));
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
}

// The one connection too many ends the oldest, which is ours, and the watcher with it.
TEST(Connection, WhereOneConnectionEndsTheOtherOneOnlyIsMade) {
  ImapServer server;
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("EXAMINE COI/Chats")) return std::nullopt;
    for (int looks = 0; looks < 200 && !server.cut_idle("INBOX"); ++looks)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return std::nullopt;
  });
  Device device(server.port(), closed_port(), {.times = {.poll = std::chrono::milliseconds(100)}});
  ASSERT_TRUE(device.wait_until([&] {
    if (device.account().status().state == ConnectionState::offline) device.account().network_changed();
    return device.account().status().connection_limit;
  }));
  ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
  EXPECT_EQ(server.count("EXAMINE COI/Chats"), 3);
  server.put("COI/Chats", mail("looked-for"));
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
  EXPECT_EQ(server.count("EXAMINE COI/Chats"), 3);
}

TEST(Connection, AWatchThatEndsSoonTimeAndAgainIsGivenUpUntilTheNextConnection) {
  ImapServer server;
  Device device(server.port(), closed_port());
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(device.wait_until([&] { return server.cut_idle("COI/Chats"); })) << "after " << i;
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().connection_limit; }));
  ASSERT_TRUE(device.wait_until([&] { return server.cut_idle("INBOX"); }));
  EXPECT_TRUE(device.wait_until([&] { return server.cut_idle("COI/Chats"); }));
  EXPECT_FALSE(device.account().status().connection_limit);
}

// A folder that is gone is no matter of connections.
TEST(Connection, AWatchedFolderThatIsNotOpenedIsNoSignOfALimit) {
  ImapServer server;
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    return command.starts_with("EXAMINE COI/Chats") ? std::optional(tag + " NO gone\r\n") : std::nullopt;
  });
  Device device(server.port(), closed_port(), {.times = {.poll = std::chrono::milliseconds(100)}});
  ASSERT_TRUE(device.wait_until([&] { return server.count("STATUS") > 6; }));
  EXPECT_FALSE(device.account().status().connection_limit);
  EXPECT_EQ(server.count("EXAMINE COI/Chats"), 1);
}

// A BYE says that the connection ends, whatever its code: our limits, which would be met again, are not meant.
TEST(Connection, ThatTheServerEndsForALimitOfItsOwnIsMadeAgainSoon) {
  ImapServer server;
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    return command.starts_with("LIST") && server.count("LIST") == 1 ? std::optional("* BYE [LIMIT] too busy\r\n")
                                                                    : std::nullopt;
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return device.is_online(); }));
}

// The answer to it can only end the connection. That is no reason to leave the history alone for half an hour.
TEST(Connection, AnOriginalBeyondTheLimitsDoesNotStopTheHistory) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  server.answer_with([](const std::string&, const std::string& command) -> std::optional<std::string> {
    return command.ends_with("(UID BODY.PEEK[])") ? std::optional("* 1 FETCH (UID 1 BODY[] {99999999}\r\n")
                                                  : std::nullopt;
  });
  server.put("INBOX", mail("too-large"));
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && device.texts(eve).size() == 1; }));
  auto reader = device.account().reader().value();
  const auto message = reader.messages(reader.find_chats(eve)->front(), {.most = 1})->value.rows.front().id;
  std::promise<Result<std::string>> fetched;
  device.account().fetch_original(message, [&](Result<std::string> octets) { fetched.set_value(std::move(octets)); });
  const auto original = fetched.get_future().get();
  ASSERT_FALSE(original);
  EXPECT_EQ(original.error().kind(), ErrorKind::limit);
  constexpr int more_than_the_first_screen = 550;
  for (int i = 0; i < more_than_the_first_screen; ++i) server.put("INBOX", mail("mail-" + std::to_string(i)), true);
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1 + more_than_the_first_screen; }));
}

// The rule of engine/pause.h: a turn that changed nothing is followed by a pause, whatever the server says.
class SaidAtIdle {
 public:
  SaidAtIdle(std::string said, const std::string& capabilities) : said_(std::move(said)), server_(capabilities) {
    server_.put("INBOX", mail("first"));
    server_.add([this](const std::string&, const std::string& command) -> std::optional<std::string> {
      return command == "IDLE" ? std::optional(said_ + "\r\n") : std::nullopt;
    });
    device_.emplace(server_.port(), closed_port());
  }
  void come_online() {
    ASSERT_TRUE(device_->wait_until([&] { return device_->is_online() && server_.count("IDLE") > 0; })) << said_;
  }
  void begin() {
    before_ = counts();
    begun_ = std::chrono::steady_clock::now();
  }
  // Since begin() one a second of each of the two connections that there may be. In a loop it would be thousands.
  void expect_few_commands() {
    const auto now = counts();
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::chrono::steady_clock::now() - begun_).count();
    for (std::size_t i = 0; i < now.size(); ++i)
      EXPECT_LE(now.at(i) - before_.at(i), 2 * (seconds + 2)) << counted.at(i) << ": " << said_;
  }
  void expect_new_mail() {
    server_.put("INBOX", mail("second"));
    EXPECT_TRUE(device_->wait_until([&] { return device_->texts(eve).size() == 2; })) << said_;
  }

 private:
  static constexpr std::array<const char*, 3> counted = {"IDLE", "NOOP", "SELECT INBOX"};
  std::array<int, 3> counts() const {
    return {server_.count(counted[0]), server_.count(counted[1]), server_.count(counted[2])};
  }

  const std::string said_;
  ImapServer server_;
  std::optional<Device> device_;
  std::array<int, 3> before_{};
  std::chrono::steady_clock::time_point begun_;
};

TEST(Connection, WhatTheServerSaysAtTheBeginningOfEachIdleIsNoNewsByItself) {
  std::list<SaidAtIdle> all;
  for (const auto* said : {"* OK Still here", "* 1 EXISTS", "* 1 RECENT", "* 1 FETCH (UID 1 FLAGS (\\Seen))",
                           "* 1 FETCH (FLAGS (\\Seen))", "* FLAGS (\\Seen)"})
    for (const auto* capabilities : {"IDLE NOTIFY UIDPLUS", "IDLE UIDPLUS"}) all.emplace_back(said, capabilities);
  for (auto& one : all) one.come_online();
  for (auto& one : all) one.begin();
  std::this_thread::sleep_for(std::chrono::seconds(3));  // what is counted is how often something happens in it
  for (auto& one : all) one.expect_few_commands();
  for (auto& one : all) one.expect_new_mail();
}

TEST(Connection, MailsThatAreToldAndNeverThereAreLookedForOnceASecond) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  server.add([](const std::string&, const std::string& command) -> std::optional<std::string> {
    return command == "IDLE" ? std::optional("* 7 EXISTS\r\n* 0 EXISTS\r\n* 7 EXISTS\r\n") : std::nullopt;
  });
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server.count("IDLE") > 0; }));
  const auto begun = std::chrono::steady_clock::now();
  const auto before = server.count("UID FETCH");
  device.wait_until([&] { return std::chrono::steady_clock::now() - begun > std::chrono::milliseconds(2500); });
  EXPECT_LE(server.count("UID FETCH") - before, 4);
  EXPECT_LE(server.count("NOOP"), 6);
}

// A server that is always about to tell something of another folder.
TEST(Connection, NewsThatBringNothingAreFollowedByAPause) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  std::atomic<int> told = 0;
  server.add([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("SELECT")) return std::nullopt;
    return fmt::format("* STATUS Sent (UIDNEXT {0})\r\n* STATUS INBOX (UIDNEXT {0})\r\n", 1000 + ++told);
  });
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
  const auto begun = std::chrono::steady_clock::now();
  const auto before = server.count("SELECT");
  device.wait_until([&] { return std::chrono::steady_clock::now() - begun > std::chrono::milliseconds(2500); });
  EXPECT_LE(server.count("SELECT") - before, 12);
}

// Busy for a moment (Exchange: "Server Unavailable. 15", Dovecot: "[INUSE]").
TEST(Connection, AnInboxThatIsRefusedIsAskedForAgainSoonAndNobodyIsOnlineWithoutIt) {
  for (const std::string capabilities : {"IDLE NOTIFY UIDPLUS", "IDLE UIDPLUS"}) {
    ImapServer server(capabilities);
    std::atomic<bool> refuse = true;
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (!refuse || !command.starts_with("SELECT INBOX")) return std::nullopt;
      return tag + " NO [SERVERBUG] Server Unavailable. 15\r\n";
    });
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.wait_until([&] {
      EXPECT_FALSE(device.is_online());
      return device.account().status().problem.contains("Server Unavailable. 15");
    }));
    ASSERT_TRUE(device.wait_until([&] { return server.count("SELECT INBOX") >= 2; }));
    EXPECT_FALSE(device.is_online());
    server.put("INBOX", mail("waits"));
    refuse = false;
    ASSERT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
    ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
    EXPECT_EQ(device.account().status().problem, "");
    EXPECT_LE(server.connections(), capabilities.contains("NOTIFY") ? 1 : 2);
  }
}

// A connection whose DONE is never answered: the link has gone dead without a word.
class DeadLink : public testing::Test {
 protected:
  DeadLink() {
    server_.answer_with([this](const std::string& tag, const std::string&) -> std::optional<std::string> {
      return tag == "DONE" && dead_.exchange(false) ? std::optional("") : std::nullopt;
    });
  }

  ImapServer server_{"IDLE NOTIFY UIDPLUS"};
  std::atomic<bool> dead_ = false;
};

TEST_F(DeadLink, IsReplacedSoonWhenTheNetworkChanged) {
  Device device(server_.port(), closed_port(), {.times = {.probe = std::chrono::milliseconds(100)}});
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server_.count("IDLE") > 0; }));
  dead_ = true;
  device.account().network_changed();
  EXPECT_TRUE(device.wait_until([&] { return server_.connections() == 2; }));
}

TEST_F(DeadLink, IsReplacedSoonWhenTheUserAsks) {
  Device device(server_.port(), closed_port(), {.times = {.probe = std::chrono::milliseconds(100)}});
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server_.count("IDLE") > 0; }));
  dead_ = true;
  server_.put("INBOX", mail("waits"), true);
  EXPECT_TRUE(device.sync());
  EXPECT_EQ(device.texts(eve).size(), 1);
  EXPECT_EQ(server_.connections(), 2);
}

TEST_F(DeadLink, IsNoticedByTheRenewalOfItsIdle) {
  Device device(server_.port(), closed_port(),
                {.times = {.idle_renewal = std::chrono::milliseconds(50), .renewal = std::chrono::milliseconds(100)}});
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server_.count("IDLE") > 0; }));
  dead_ = true;
  EXPECT_TRUE(device.wait_until([&] { return server_.connections() >= 2; }));
}

TEST(Connection, ThatASilentServerKeepsWaitingSaysSo) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  std::atomic<bool> silent = true;
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    while (silent && command.starts_with("LIST")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return std::nullopt;
  });
  Device device(server.port(), closed_port(), {.times = {.silence = std::chrono::milliseconds(50)}});
  EXPECT_TRUE(device.wait_until([&] { return device.account().status().problem.contains("does not answer"); }));
  silent = false;
  EXPECT_TRUE(device.wait_until([&] { return device.is_online(); }));
  EXPECT_EQ(device.account().status().problem, "");
  EXPECT_EQ(server.connections(), 1);
}

TEST(Status, OfAnAccountThatWasOpenedJustNowHasTheStoredFilter) {
  Device device(closed_port(), closed_port());
  std::promise<void> stored;
  device.account().act(chat::SetFilter{wire::Filter::seen}, [&](const auto&) { stored.set_value(); });
  stored.get_future().wait();
  device.restart();
  EXPECT_EQ(device.account().status().filter, "seen");
}

}  // namespace
}  // namespace coi::engine::test

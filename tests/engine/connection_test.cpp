// What servers do to connections that wait: refuse to let them idle, end them, or allow too few.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

bool is_online(Device& device) { return device.account().status().state == ConnectionState::online; }

// RFC 2177: NO and BAD are answers to IDLE too. Then NOOP has to tell.
TEST(Connection, WhereIdleIsRefusedNoopTellsOfNews) {
  for (const std::string refusal : {"NO not for you", "BAD what?"}) {
    ImapServer server;
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      return command == "IDLE" ? std::optional(tag + " " + refusal + "\r\n") : std::nullopt;
    });
    Device device(server.port(), closed_port(), {.times = {.noop = std::chrono::milliseconds(10)}});
    ASSERT_TRUE(device.wait_until([&] { return is_online(device) && server.count("IDLE") > 0; }));
    server.put("INBOX", mail("told-by-noop"));
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
    server.put("COI/Chats", mail("looked-for"));
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 2; }));
    EXPECT_EQ(server.count("IDLE"), 1) << "a connection that idles in vain, and none that watches";
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
  ASSERT_TRUE(device.wait_until([&] { return is_online(device) && server.count("IDLE") > 1; }));
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
    if (command.starts_with("EXAMINE COI/Chats")) server.cut_idle("INBOX");
    return std::nullopt;
  });
  Device device(server.port(), closed_port(), {.times = {.poll = std::chrono::milliseconds(100)}});
  ASSERT_TRUE(device.wait_until([&] {
    device.account().network_changed();
    return device.account().status().connection_limit;
  }));
  ASSERT_TRUE(device.wait_until([&] { return is_online(device); }));
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
  ASSERT_TRUE(device.wait_until([&] { return server.count("STATUS") > 50; }));
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
  EXPECT_TRUE(device.wait_until([&] { return is_online(device); }));
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
  ASSERT_TRUE(device.wait_until([&] { return is_online(device) && device.texts(eve).size() == 1; }));
  auto reader = device.account().reader().value();
  const auto message = reader.messages(reader.find_chats(eve)->front(), 1, std::nullopt)->value.front().id;
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

}  // namespace
}  // namespace coi::engine::test

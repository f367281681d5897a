// Servers that end the connection, or fall silent, at a command that an account gets along without.
#include <atomic>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

constexpr auto everything =
    "IDLE NOTIFY UIDPLUS ID ENABLE CONDSTORE NAMESPACE QUOTA LIST-EXTENDED SPECIAL-USE ESEARCH COMPRESS=DEFLATE";

class HangUps : public testing::TestWithParam<const char*> {};

TEST_P(HangUps, AtWhatIsNotNeededKeepNoAccountOffline) {
  const std::string fatal = GetParam();
  ImapServer server(everything);
  server.put("INBOX", mail("one"));
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with(fatal)) return std::nullopt;
    server.cut();
    return "";
  });
  Environment environment;
  environment.times.noop = std::chrono::milliseconds(200);
  Device device(server.port(), closed_port(), environment);
  ASSERT_TRUE(device.wait_until([&] {
    if (server.count(fatal) < 2) device.account().sync([](const auto&) {});
    return server.count(fatal) >= 2;
  }));
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  const auto times = server.count(fatal);
  server.put("INBOX", mail("two"));
  EXPECT_TRUE(device.has(2));
  EXPECT_TRUE(device.sync());
  // The next connection knows it as well.
  server.cut();
  server.put("INBOX", mail("three"));
  EXPECT_TRUE(device.has(3));
  EXPECT_EQ(server.count(fatal), times);
}

INSTANTIATE_TEST_SUITE_P(Commands, HangUps,
                         testing::Values("ID (", "ENABLE", "NAMESPACE", "LIST \"\" \"*\" RETURN", "CREATE", "NOTIFY",
                                         "GETQUOTAROOT", "SELECT INBOX (CONDSTORE)", "UID SEARCH RETURN", "IDLE"));

TEST(SilentServer, AnIdleThatIsNeverTakenIsWaitedForTwice) {
  ImapServer server("IDLE UIDPLUS");
  server.answer_with([](const std::string&, const std::string& command) -> std::optional<std::string> {
    return command == "IDLE" ? std::optional("") : std::nullopt;
  });
  Environment environment;
  environment.times.noop = environment.times.idle_renewal = std::chrono::milliseconds(300);
  environment.times.renewal = std::chrono::seconds(1);
  Device device(server.port(), closed_port(), environment);
  ASSERT_TRUE(device.wait_until([&] { return server.count("NOOP") > 2; }));
  const auto idles = server.count("IDLE");
  EXPECT_GE(idles, 2);
  EXPECT_LE(idles, 4) << "of two connections";
  server.put("INBOX", mail("one"));
  EXPECT_TRUE(device.has(1));
  EXPECT_TRUE(device.sync());
  EXPECT_EQ(server.count("IDLE"), idles);
}

// Once is the network's doing.
TEST(SilentServer, ThatHangsUpOnceIsAskedAgain) {
  ImapServer server(everything);
  std::atomic<bool> cut = false;
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("NOTIFY") || cut.exchange(true)) return std::nullopt;
    server.cut();
    return "";
  });
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return server.count("IDLE") > 0; }));
  server.cut();
  ASSERT_TRUE(device.wait_until([&] { return server.count("NOTIFY") == 3; }));
}

}  // namespace
}  // namespace coi::engine::test

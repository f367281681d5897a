// Servers without CONDSTORE (RFC 7162), and a large inbox: what is known of it is not asked for again and again, and
// the flags of old mail are looked at in pieces, at leisure.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "device.h"
#include "imap_server.h"
#include "mails.h"
#include "submission_server.h"

namespace coi::engine::test {
namespace {

constexpr auto without_condstore = "IDLE NOTIFY UIDPLUS ESEARCH";

// How often all of the inbox was listed, by SEARCH or by FETCH.
int lists_of_inbox(const ImapServer& server) {
  int lists = 0;
  bool is_open = false;
  for (const auto& line : server.heard()) {
    if (line.starts_with("SELECT") || line.starts_with("EXAMINE")) is_open = line.contains(" INBOX");
    const bool is_list =
        (line.starts_with("UID SEARCH") && line.ends_with(" ALL")) || line.starts_with("UID FETCH 1:*");
    lists += is_open && is_list ? 1 : 0;
  }
  return lists;
}

TEST(NoCondstore, AnOwnMessageCostsNoListingOfTheInbox) {
  ImapServer server(without_condstore);
  SubmissionServer submission;
  for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
  Device device(server.port(), submission.port());
  ASSERT_TRUE(device.has(3) && device.wait_until([&] { return server.count("IDLE") > 0; }));
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return device.is_sent(message) && server.mails("COI/Chats").size() == 1; }));
  const auto opened = server.count("SELECT INBOX");
  ASSERT_TRUE(device.sync());  // every folder is opened again, and the inbox once more after them
  const auto waits_again = [&] {
    return server.count("SELECT INBOX") == opened + 2 && server.heard().back() == "IDLE";
  };
  ASSERT_TRUE(device.wait_until(waits_again));
  EXPECT_EQ(lists_of_inbox(server), 1) << "when it was opened first";
  server.put("INBOX", mail("four"));
  EXPECT_TRUE(device.has(4));
  EXPECT_EQ(lists_of_inbox(server), 1);
}

TEST(NoCondstore, TheFlagsOfOldMailAreLookedAtInPieces) {
  constexpr std::size_t mails = 1000;
  ImapServer server(without_condstore);
  for (std::size_t i = 1; i <= mails; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)));
  Device device(server.port(), closed_port(), {.times = {.older_flags = std::chrono::milliseconds(100)}});
  ASSERT_TRUE(device.has(mails));
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID FETCH 1:") || !command.ends_with(" (UID FLAGS)")) return std::nullopt;
    return fmt::format("* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n{} OK done\r\n", tag);
  });
  device.restart();
  EXPECT_TRUE(device.wait_until([&] { return device.is_seen(eve, "mail 1"); }));
  // Those of the first look, of the next one, and what is left.
  for (const auto* piece :
       {"UID FETCH 901:1000 (UID FLAGS)", "UID FETCH 501:900 (UID FLAGS)", "UID FETCH 101:500 (UID FLAGS)"})
    EXPECT_GT(server.count(piece), 0) << piece;
  EXPECT_EQ(server.count("UID FETCH 1:100 (UID FLAGS)"), 1);
}

}  // namespace
}  // namespace coi::engine::test

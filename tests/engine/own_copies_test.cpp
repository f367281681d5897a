// Servers that file what they send by themselves, and what becomes of our own copies there: one message, one copy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include <fmt/format.h>

#include "device.h"
#include "imap_server.h"
#include "submission_server.h"

namespace coi::engine::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class OwnCopies : public testing::Test {
 protected:
  // With a clock that stands still until it is moved.
  Environment environment() {
    return {.clock = [this] { return now_.load(); },
            .at_step =
                [this](std::string_view step) {
                  if (step == out_done) ++filed_;
                }};
  }
  void send(Device& device, const std::string& text) {
    const auto message = device.send(text);
    ASSERT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
  }
  // A message whose copy we append, beside the server's.
  void send_and_learn(Device& device) {
    ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
    send(device, "first");
    ASSERT_TRUE(device.wait_until([&] { return filed_ == 1; }));
    ASSERT_TRUE(device.sync());
  }
  bool has(std::size_t sent, std::size_t chats) const {
    return mailbox_.mails("Sent").size() == sent && mailbox_.mails("COI/Chats").size() == chats;
  }

  std::atomic<UnixMs> now_ = 1'795'000'000'000;
  std::atomic<int> filed_ = 0;
  std::atomic<bool> server_files_ = true;
  std::function<std::string(std::string)> rewritten_ = [](std::string octets) { return octets; };
  ImapServer mailbox_{"IDLE NOTIFY UIDPLUS"};
  SubmissionServer submission_{[this](const std::string& said) {
    if (said.starts_with("BDAT") && server_files_) mailbox_.put("Sent", rewritten_(submission_.mails().back()), true);
    return std::string();
  }};
};

TEST_F(OwnCopies, ThatTheServerFilesAreKnownBySeeingOne) {
  Device device(mailbox_.port(), submission_.port(), environment());
  send_and_learn(device);
  EXPECT_TRUE(device.wait_until([&] { return has(1, 0); })) << "ours is one too many";
  send(device, "second");
  ASSERT_TRUE(device.sync());
  now_ += 10 * minute;
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(has(2, 0));
  EXPECT_EQ(mailbox_.count("APPEND"), 1);
  EXPECT_THAT(device.messages("you@example.net"), SizeIs(2));
}

TEST_F(OwnCopies, ThatTheServerFilesAreKnownToTheNextRunOfTheProgram) {
  Device device(mailbox_.port(), submission_.port(), environment());
  send_and_learn(device);
  ASSERT_TRUE(device.wait_until([&] { return has(1, 0); }));
  device.restart();
  send(device, "second");
  ASSERT_TRUE(device.sync());
  EXPECT_EQ(mailbox_.count("APPEND"), 1);
}

// No sent mail stays without a copy.
TEST_F(OwnCopies, AreFiledHereAgainWhenTheServerNoLongerDoesIt) {
  Device device(mailbox_.port(), submission_.port(), environment());
  send_and_learn(device);
  ASSERT_TRUE(device.wait_until([&] { return has(1, 0); }));
  server_files_ = false;
  send(device, "second");
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(has(1, 0)) << "it has its time";
  now_ += 3 * minute;
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(device.wait_until([&] { return has(1, 1); }));
  send(device, "third");
  EXPECT_TRUE(device.wait_until([&] { return has(1, 2); })) << "at once, from now on";
}

// A folder for sent mail that shows what lies elsewhere: its mail is ours, and the only one.
TEST_F(OwnCopies, AreNotRemovedWhereSentShowsNoOtherMail) {
  mailbox_.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (mailbox_.count("UID STORE") == 0 || !command.starts_with("UID FETCH 1 (UID FLAGS)")) return std::nullopt;
    return "* 1 FETCH (UID 1 FLAGS (\\Seen \\Deleted))\r\n" + tag + " OK done\r\n";
  });
  Device device(mailbox_.port(), submission_.port(), environment());
  send_and_learn(device);
  EXPECT_TRUE(device.wait_until([&] { return mailbox_.count("UID STORE 1 -FLAGS") == 1; }));
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(has(1, 1));
  EXPECT_EQ(mailbox_.count("UID EXPUNGE"), 0);
}

TEST_F(OwnCopies, AreNotRemovedBesideOneThatSaysSomethingElse) {
  rewritten_ = [](std::string octets) { return octets + "-- \r\nscanned by the provider\r\n"; };
  Device device(mailbox_.port(), submission_.port(), environment());
  send_and_learn(device);
  send(device, "second");
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(has(2, 1)) << "none is appended any more, none is removed";
  EXPECT_EQ(mailbox_.count("UID EXPUNGE"), 0);
}

}  // namespace
}  // namespace coi::engine::test

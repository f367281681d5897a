// Copies of deleted mails at a server that does not remove them at once.
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <optional>

#include "device.h"
#include "imap_server.h"
#include "submission_server.h"

namespace coi::engine::test {
namespace {

class Deleting : public testing::TestWithParam<const char*> {};

// A server that refuses to expunge, or cannot without taking others with it, is asked again.
TEST_P(Deleting, IsDoneWhenTheMailIsGone) {
  const std::string command = GetParam();
  std::atomic<UnixMs> now = 1'795'000'000'000;
  ImapServer mailbox(command == "UID EXPUNGE" ? "IDLE NOTIFY UIDPLUS" : "IDLE NOTIFY");
  SubmissionServer submission;
  std::atomic<bool> refused = false;
  mailbox.answer_with([&](const std::string& tag, const std::string& line) -> std::optional<std::string> {
    if (line.starts_with("UID SEARCH DELETED"))
      return (refused.exchange(true) ? "* SEARCH 1\r\n" : "* SEARCH 1 7\r\n") + tag + " OK\r\n";
    if (line == "UID EXPUNGE 1" && !refused.exchange(true)) return tag + " NO not now\r\n";
    if (line == "EXPUNGE") return "* 1 EXPUNGE\r\n" + tag + " OK\r\n";
    return std::nullopt;
  });
  Device device(mailbox.port(), submission.port(), {.clock = [&] { return now.load(); }});
  const auto message = device.send("a mistake");
  ASSERT_TRUE(device.wait_until([&] { return device.is_sent(message) && mailbox.count("APPEND") == 1; }));
  std::promise<bool> stored;
  device.account().act(chat::DeleteMessage{.message = message},
                       [&](const Result<store::Changes>& changes) { stored.set_value(changes.has_value()); });
  ASSERT_TRUE(stored.get_future().get());
  const std::string last = command == "EXPUNGE" ? "UID SEARCH DELETED" : "UID EXPUNGE";
  ASSERT_TRUE(device.wait_until([&] { return refused.load(); }));
  EXPECT_TRUE(device.wait_for_hours(now, [&] { return mailbox.count(last) == 2; }));
  EXPECT_TRUE(device.wait_until([&] { return mailbox.count(command) > 0; }));
}

// The place of the copy is known only when the server has answered, after the message was deleted.
TEST(Deletion, WhileTheOwnCopyIsBeingFiledTakesThatToo) {
  ImapServer mailbox(with_notify);
  SubmissionServer submission;
  std::optional<Device> device;
  std::promise<chat::MessageId> sent;
  std::atomic<bool> deleted = false;
  mailbox.answer_with([&](const std::string&, const std::string& line) -> std::optional<std::string> {
    if (!line.starts_with("APPEND COI/Chats") || deleted.exchange(true)) return std::nullopt;
    std::promise<bool> stored;
    device->account().act(chat::DeleteMessage{.message = sent.get_future().get()},
                          [&](const Result<store::Changes>& changes) { stored.set_value(changes.has_value()); });
    EXPECT_TRUE(stored.get_future().get());
    return std::nullopt;
  });
  device.emplace(mailbox.port(), submission.port());
  sent.set_value(device->send("a mistake"));
  ASSERT_TRUE(device->wait_until([&] { return deleted.load(); }));
  EXPECT_TRUE(device->wait_until([&] { return mailbox.count("UID EXPUNGE 1") == 1; }));
}

INSTANTIATE_TEST_SUITE_P(Commands, Deleting, testing::Values("UID EXPUNGE", "EXPUNGE"));

}  // namespace
}  // namespace coi::engine::test

// What waits for a time leaves at that, and not before.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <optional>

#include "device.h"
#include "mime/date.h"
#include "submission_server.h"

namespace coi::engine::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using State = store::MessageRow::State;

Result<store::Changes> act(Device& device, chat::Input input) {
  std::promise<Result<store::Changes>> done;
  device.account().act(std::move(input),
                       [&done](Result<store::Changes> changes) { done.set_value(std::move(changes)); });
  return done.get_future().get();
}

chat::MessageId send_at(Device& device, UnixMs at) {
  const auto sent = act(device, chat::SendMessage{.addr = "you@example.net", .text = "later", .not_before_ms = at});
  EXPECT_TRUE(sent) << (sent ? "" : sent.error().text());
  return sent->added.at(0);
}

TEST(SendLater, LeavesAtItsTimeAndWaitsForNoOther) {
  SubmissionServer server;
  Device device(closed_port(), server.port());
  const auto at = whole_seconds(system_now()) + 5000;  // its Date is that second, unless a whole one is lost
  const auto later = send_at(device, at);
  EXPECT_EQ(device.message(later).state, State::scheduled);
  const auto next = device.send("now");
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(next); })) << "the older one does not hold it up";
  EXPECT_EQ(device.message(later).state, State::scheduled);
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); }));
  EXPECT_GE(system_now(), at);
  EXPECT_LT(system_now(), at + 30'000) << "nobody looks once a minute";
  EXPECT_GT(device.message(later).sort_ms, device.message(next).sort_ms);
  EXPECT_GE(device.message(later).date_ms, at);
  ASSERT_THAT(server.mails(), SizeIs(2));
}

TEST(SendLater, WhatIsTakenBackNeverLeaves) {
  SubmissionServer server;
  std::atomic<UnixMs> ahead = 0;
  Environment environment;
  environment.clock = [&] { return system_now() + ahead; };
  Device device(closed_port(), server.port(), environment);
  const auto later = send_at(device, system_now() + 3'600'000);
  EXPECT_TRUE(act(device, chat::TakeBack{later}));
  ahead = 2LL * 3'600'000;
  const auto next = device.send("now");
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(next); }));
  ASSERT_THAT(server.mails(), SizeIs(1));
  EXPECT_THAT(server.mails().front(), HasSubstr("now"));
}

TEST(SendLater, IsSentNowWhenTheUserSaysSo) {
  SubmissionServer server;
  Device device(closed_port(), server.port());
  const auto later = send_at(device, system_now() + 3'600'000);
  EXPECT_TRUE(act(device, chat::Reschedule{later, 0}));
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); }));
  const auto taken = act(device, chat::TakeBack{later});
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().text(), HasSubstr("was sent"));
}

TEST(SendLater, AnotherTimeCounts) {
  SubmissionServer server;
  Device device(closed_port(), server.port());
  const auto later = send_at(device, system_now() + 3'600'000);
  EXPECT_TRUE(act(device, chat::Reschedule{later, system_now() + 500}));
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); }));
  EXPECT_LT(device.message(later).date_ms, system_now() + 60'000) << "the Date is the new time";
}

TEST(Timer, WhatBecameDueWhileTheProgramDidNotRunGoesAtItsStart) {
  SubmissionServer server;
  std::atomic<UnixMs> ahead = 0;
  Environment environment;
  environment.clock = [&] { return system_now() + ahead; };
  Device device(closed_port(), server.port(), environment);
  const auto chat = device.message(device.send("Hello")).chat;
  ASSERT_TRUE(act(device, chat::SetTimer{.chat = chat, .seconds = 3600}));
  const auto sent = device.send("burn after reading");
  ASSERT_TRUE(device.wait_until([&] { return device.is_sent(sent); }));
  device.configure([&](AccountConfig&) { ahead = 2LL * 3'600'000; });  // between its end and its next start
  EXPECT_TRUE(device.wait_until([&] { return !device.account().reader()->message(sent)->value; }));
}

// The clock is set, or the machine was asleep: no timer of ours runs meanwhile. The change comes between any two of the
// engine's looks at the clock.
TEST(SendLater, IsInTimeAlsoWhenTheClockIsSet) {
  for (const int looks : {0, 1, 2, 3, 4}) {
    SubmissionServer server;
    std::atomic<int> left = 1'000'000;
    Environment environment;
    environment.clock = [&left] { return system_now() + (left-- > 0 ? 0 : 2 * 3'600'000); };
    environment.times.clock = std::chrono::milliseconds(50);
    Device device(closed_port(), server.port(), environment);
    const auto later = send_at(device, system_now() + 3'600'000);
    left = looks;
    EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); })) << looks;
  }
}

TEST(SendLater, FilesGoWithIt) {
  SubmissionServer server;
  Device device(closed_port(), server.port());
  const TemporaryDirectory folder;
  const auto path = folder.path() / "note.txt";
  std::ofstream(path) << "what the file says";
  auto files = device.account().add_files({path});
  ASSERT_TRUE(files);
  const auto blob = files->front().blob;
  const auto send = [&](UnixMs at) {
    const auto sent = act(device, chat::SendMessage{.addr = "you@example.net", .files = *files, .not_before_ms = at});
    return sent.value().added.at(0);
  };
  const auto later = send(system_now() + 300);
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); }));
  ASSERT_THAT(server.mails(), SizeIs(1));
  EXPECT_THAT(server.mails().front(), HasSubstr("note.txt"));
  const auto lost = send(system_now() + 3'600'000);
  std::filesystem::remove(device.account().directory() / "blobs" / blob);
  EXPECT_TRUE(act(device, chat::Reschedule{lost, 0}));
  EXPECT_TRUE(device.wait_until([&] { return device.message(lost).state == State::failed; }));
  EXPECT_THAT(device.message(lost).recipients.at(0).error, HasSubstr("no longer on this device"));
}

// RFC 4865: until the time that the client says, for a day at most; `says` may answer otherwise.
SubmissionServer::Reply keeps_for_later(SubmissionServer::Reply says = [](const std::string&) {
  return std::string();
}) {
  return [says](const std::string& said) -> std::string {
    if (auto answer = says(said); !answer.empty()) return answer;
    if (said.starts_with("EHLO"))
      return "250-here\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-FUTURERELEASE 86400 2030-01-01T00:00:00Z\r\n250 AUTH "
             "PLAIN";
    return {};
  };
}

struct AtServer {
  std::vector<std::string> commands;
  std::mutex mutex;
  SubmissionServer server;
  std::atomic<UnixMs> ahead = 0;
  std::optional<Device> device;

  explicit AtServer(std::string to_mail = {}, bool wanted = true)
      : server(keeps_for_later([this, to_mail](const std::string& said) -> std::string {
          std::lock_guard lock(mutex);
          commands.push_back(said);
          return said.find("HOLDUNTIL") != std::string::npos ? to_mail : "";
        })) {
    Environment environment;
    environment.clock = [this] { return system_now() + ahead; };
    environment.times.clock = std::chrono::milliseconds(200);
    device.emplace(closed_port(), server.port(), environment);
    device->configure([wanted](AccountConfig& config) { config.hold_at_server = wanted; });
    // What the server offers is known by then.
    const auto first = device->send("first");
    EXPECT_TRUE(device->wait_until([&] { return device->is_sent(first); }));
  }
  ~AtServer() { device.reset(); }

  std::string mail_command() {
    std::lock_guard lock(mutex);
    for (const auto& said : commands)
      if (said.find("HOLDUNTIL") != std::string::npos) return said;
    return "";
  }
};

TEST(HoldAtServer, TheServerHasItAtOnceAndItCannotBeTakenBack) {
  AtServer test;
  auto& device = *test.device;
  const auto at = whole_seconds(system_now()) + 3'600'000;
  const auto later = send_at(device, at);
  EXPECT_TRUE(device.wait_until([&] { return test.server.mails().size() == 2; }));
  EXPECT_THAT(test.mail_command(), HasSubstr(" HOLDUNTIL=" + to_rfc3339(at).substr(0, 19) + "Z"));
  EXPECT_THAT(test.server.mails().back(), HasSubstr("Date: " + mime::format_date(at, std::chrono::minutes{0})));
  const auto is_taken = [&] {
    return device.message(later).recipients.at(0).state == store::RecipientRow::State::sent;
  };
  EXPECT_TRUE(device.wait_until(is_taken));
  EXPECT_EQ(device.message(later).state, State::scheduled);
  EXPECT_TRUE(device.message(later).at_server);
  for (const chat::Input& wish : {chat::Input(chat::TakeBack{later}), chat::Input(chat::Reschedule{later, at + 1000}),
                                  chat::Input(chat::RetryMessage{later})}) {
    const auto done = act(device, wish);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().text(), HasSubstr("has the message already"));
  }
  const auto next = device.send("now");
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(next); }));
  EXPECT_LT(device.message(next).date_ms, at) << "it follows nothing of tomorrow";
  test.ahead = 3'600'000;
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); }));
  EXPECT_EQ(device.message(later).date_ms, at);
  EXPECT_THAT(test.server.mails(), SizeIs(3)) << "it was not sent again";
}

TEST(HoldAtServer, WhatTheServerRefusesToKeepWaitsHere) {
  AtServer test("501 5.5.4 not so long");
  auto& device = *test.device;
  const auto later = send_at(device, system_now() + 3'600'000);
  EXPECT_TRUE(device.wait_until([&] { return !device.message(later).at_server; }));
  EXPECT_THAT(test.mail_command(), HasSubstr("HOLDUNTIL")) << "it was asked";
  EXPECT_EQ(device.message(later).state, State::scheduled);
  const auto next = device.send("now");
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(next); }));
  EXPECT_THAT(test.server.mails(), SizeIs(2)) << "nothing of it left";
  test.ahead = 3'600'000;
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); }));
  EXPECT_THAT(test.server.mails(), SizeIs(3));
}

TEST(HoldAtServer, OnlyWhereTheUserWantsItAndForWhatWaitsLongAndNotTooLong) {
  AtServer unwanted({}, false);
  AtServer wanted;
  const auto waits_here = [](AtServer& test, UnixMs wait) {
    return !test.device->message(send_at(*test.device, system_now() + wait)).at_server;
  };
  EXPECT_TRUE(waits_here(unwanted, 3'600'000));
  EXPECT_TRUE(waits_here(wanted, 30'000)) << "that is for taking it back";
  EXPECT_TRUE(waits_here(wanted, 2LL * 86'400'000)) << "longer than the server keeps it";
  EXPECT_FALSE(waits_here(wanted, 3'600'000));
}

// Of a restart in which the time has come.
TEST(SendLater, WhatIsOverdueGoesWithTheNextStart) {
  SubmissionServer server;
  std::atomic<UnixMs> ahead = 0;
  Environment environment;
  environment.clock = [&ahead] { return system_now() + ahead; };
  Device device(closed_port(), server.port(), environment);
  const auto later = send_at(device, system_now() + 3'600'000);
  device.restart();
  EXPECT_EQ(device.message(later).state, State::scheduled);
  EXPECT_THAT(server.mails(), IsEmpty());
  ahead = 2 * 3'600'000;
  device.restart();
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(later); }));
  EXPECT_GT(device.message(later).date_ms, system_now() + 3'600'000) << "dated when it went";
}

}  // namespace
}  // namespace coi::engine::test

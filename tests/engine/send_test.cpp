// What a submission server may say that is no word about the mail, and how long it is left alone then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>

#include "device.h"
#include "engine/account_thread.h"
#include "imap_server.h"
#include "submission_server.h"

namespace coi::engine::test {
namespace {

using testing::HasSubstr;

// RFC 5321 3.8 and 4.2.1: "service not available". Were it a try of the mail, the mail would rest for 15 seconds now
// and longer each time, whatever the network does.
TEST(Send, A421BeforeTheMailIsThereIsNoTryOfIt) {
  for (const std::string at : {"connect", "EHLO", "AUTH", "MAIL", "RCPT"}) {
    std::atomic<int> refusals = 0;
    SubmissionServer server([&](const std::string& said) -> std::string {
      return said.starts_with(at) && refusals < 3 ? (++refusals, "421 4.3.2 shutting down") : "";
    });
    Device device(closed_port(), server.port());
    const auto message = device.send("hello");
    for (int i = 1; i <= 3; ++i) {
      ASSERT_TRUE(device.wait_until([&] { return refusals >= i; })) << at;
      ASSERT_TRUE(device.wait_until([&] { return !device.account().status().sending_problem.empty(); })) << at;
      EXPECT_THAT(device.account().status().sending_problem, HasSubstr("421 4.3.2 shutting down")) << at;
      device.account().network_changed();
    }
    EXPECT_TRUE(device.wait_until([&] { return device.is_sent(message); })) << at;
    EXPECT_EQ(server.connections(), 4) << at;
    EXPECT_EQ(server.mails().size(), 1U) << at;
    EXPECT_EQ(device.account().status().sending_problem, "") << at;
  }
}

// The server has seen the whole mail and does not take it: that may be the mail's fault, and counts.
TEST(Send, A421InsteadOfTakingTheMailIsATryOfIt) {
  SubmissionServer server(
      [](const std::string& said) -> std::string { return said.starts_with("BDAT") ? "421 4.3.0 no" : ""; });
  Device device(closed_port(), server.port());
  const auto message = device.send("hello");
  EXPECT_TRUE(device.wait_until([&] { return device.message(message).recipients.front().error.ends_with("no"); }));
  EXPECT_EQ(server.connections(), 1);
}

// The mail would have to be taken for one that may have arrived, and wait a minute for its copy.
TEST(Send, AKeptConnectionThatIsGoneIsNotUsed) {
  SubmissionServer server([](const std::string&) { return std::string(); });
  Device device(closed_port(), server.port());
  const auto first = device.send("first");
  ASSERT_TRUE(device.wait_until([&] { return device.is_sent(first); }));
  device.account().network_changed();
  server.cut();
  const auto second = device.send("second");
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(second); }));
  EXPECT_EQ(server.mails().size(), 2U);
}

// At this mail the server hangs up every time: those behind it do not wait for ever.
TEST(Send, AMailThatEndsEveryConnectionLetsTheNextOnesPass) {
  SubmissionServer server([](const std::string& said) -> std::string {
    return said == "RCPT TO:<bad@example.net>" ? "421 4.3.0 I crash" : "";
  });
  Device device(closed_port(), server.port());
  device.send("hello", "bad@example.net");
  const auto good = device.send("hello", "good@example.net");
  EXPECT_TRUE(device.wait_until([&] {
    device.account().network_changed();
    return device.is_sent(good);
  }));
}

// Postfix and others hang up on who goes on sending: the answer is there, and what is written comes back as an error.
TEST(Send, ARefusalAmidTheDataIsTheMailsFate) {
  bool amid_data = false;
  SubmissionServer server([&](const std::string& said) -> std::string {
    if (said.starts_with("EHLO")) return "250-here\r\n250 AUTH PLAIN";
    if (amid_data) return "552 5.3.4 more than we take";
    amid_data = said == "DATA";
    return amid_data ? "354 go on" : "";
  });
  ImapServer mailbox;
  Device device(mailbox.port(), server.port());
  std::string text;
  while (text.size() < 16'000'000) text += "a line of the many lines of a very long text\n";
  const auto message = device.send(text);
  ASSERT_TRUE(device.wait_until([&] { return device.message(message).state == store::MessageRow::State::failed; }));
  EXPECT_THAT(device.message(message).recipients.at(0).error, HasSubstr("more than we take"));
}

// A link that is dead is told of long before the server's time is over, and replaced when the network comes back.
TEST(Send, ASilentServerIsToldOfAndReplaced) {
  using std::chrono::milliseconds;
  std::atomic<int> mails = 0;
  SubmissionServer server([&](const std::string& said) -> std::string {
    // One command at a time, so that the mail's end is not among what was sent when the server falls silent.
    if (said.starts_with("EHLO")) return "250-here\r\n250 AUTH PLAIN";
    if (said.starts_with("DATA")) return "354 go on";
    if (said.starts_with("MAIL") && ++mails == 1) return "250-wait";  // the rest of the answer never comes
    return "";
  });
  Device device(closed_port(), server.port(), {.times = {.probe = milliseconds(10), .silence = milliseconds(10)}});
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until(
      [&] { return device.account().status().sending_problem.find("has not answered") != std::string::npos; }));
  EXPECT_EQ(server.connections(), 1);
  EXPECT_TRUE(device.wait_until([&] {
    device.account().network_changed();
    return device.is_sent(message);
  }));
  EXPECT_EQ(device.account().status().sending_problem, "");
}

// The same before the first mail, whatever it is that the server does not say.
TEST(Send, AServerThatIsSilentFromTheFirstIsToldOf) {
  using std::chrono::milliseconds;
  for (const std::string at : {"connect", "EHLO", "AUTH"}) {
    std::atomic<bool> dead = true;
    SubmissionServer server([&](const std::string& said) -> std::string {
      return said.starts_with(at) && dead ? (said == "connect" ? "220-wait" : "250-wait") : "";
    });
    Device device(closed_port(), server.port(), {.times = {.probe = milliseconds(10), .silence = milliseconds(10)}});
    const auto message = device.send("hello");
    ASSERT_TRUE(device.wait_until([&] {
      return device.account().status().sending_problem.find("has not answered") != std::string::npos;
    })) << at;
    dead = false;
    EXPECT_TRUE(device.wait_until([&] {
      device.account().network_changed();
      return device.is_sent(message);
    })) << at;
    EXPECT_EQ(device.account().status().sending_problem, "") << at;
  }
}

// Without the answer nobody would know whether the mail is there, and it would wait a minute for its copy.
TEST(Send, AnAnswerThatIsOnItsWayIsWaitedForAtTheEnd) {
  std::atomic<int> asked = 0;
  SubmissionServer server([&](const std::string& said) -> std::string {
    if (said.starts_with("BDAT") && ++asked == 1) std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return "";
  });
  Device device(closed_port(), server.port());
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return !server.mails().empty(); }));
  device.restart();
  EXPECT_TRUE(device.is_sent(message));
  EXPECT_EQ(server.mails().size(), 1U);
}

TEST(Send, AnAnswerThatDoesNotComeIsNotWaitedForLong) {
  SubmissionServer server([](const std::string& said) { return said.starts_with("BDAT") ? "250-wait" : ""; });
  Device device(closed_port(), server.port());
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return !server.mails().empty(); }));
  const auto begun = std::chrono::steady_clock::now();
  device.restart();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
  EXPECT_FALSE(device.is_sent(message));
}

// The program is told to end, and this thread gets no time for longer than it waits, right before the mail leaves: it
// need not wait for an answer, for nobody has it.
TEST(Send, AnEndBeforeTheMailLeftHoldsNothingBack) {
  std::atomic<bool> handed = false;
  SubmissionServer server;
  Device device(closed_port(), server.port(),
                {.times = {.last_answer = std::chrono::milliseconds(100)}, .at_step = [&](std::string_view step) {
                   if (step == out_begun && !handed.exchange(true))
                     std::this_thread::sleep_for(std::chrono::milliseconds(600));
                 }});
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return handed.load(); }));
  device.restart();
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
  EXPECT_EQ(server.mails().size(), 1U);
}

// What waits for its next try goes at the user's word, and what is newer stays behind it.
TEST(Send, AMailThatWaitsGoesNowAndFirst) {
  for (const std::string how : {"sync", "network", "retry", "another message"}) {
    std::atomic<bool> later = true;
    std::atomic<int> tries = 0;
    SubmissionServer server([&](const std::string& said) -> std::string {
      if (said.starts_with("MAIL")) ++tries;
      return said.starts_with("BDAT") && later ? "451 4.3.0 later" : "";
    });
    ImapServer mailbox;
    Device device(mailbox.port(), server.port());
    const auto first = device.send("first");
    ASSERT_TRUE(device.wait_until([&] { return !device.message(first).recipients.front().error.empty(); })) << how;
    const auto second = device.send("second");
    ASSERT_TRUE(device.wait_until([&] { return tries == 2; })) << how;
    ASSERT_TRUE(device.wait_until([&] { return !device.message(first).recipients.front().error.empty(); })) << how;
    EXPECT_EQ(device.message(second).recipients.front().error, "") << how;
    later = false;
    if (how == "sync") (void)device.sync();
    if (how == "network") device.account().network_changed();
    if (how == "retry") device.account().act(chat::RetryMessage{.message = first}, [](const auto&) {});
    if (how == "another message") device.send("third");
    EXPECT_TRUE(device.wait_until([&] { return device.is_sent(first) && device.is_sent(second); })) << how;
    const auto mails = server.mails();
    ASSERT_GE(mails.size(), 3U) << how;
    EXPECT_NE(mails.at(2).find("first"), std::string::npos) << how;
    EXPECT_NE(mails.at(3).find("second"), std::string::npos) << how;
  }
}

TEST(Send, ARejectedLoginIsTriedAgainWhenTheUserAsksAndNotBefore) {
  std::atomic<bool> locked_out = true;
  SubmissionServer server([&](const std::string& said) -> std::string {
    return said.starts_with("AUTH") && locked_out ? "535 5.7.8 wrong password" : "";
  });
  ImapServer mailbox;
  Device device(mailbox.port(), server.port());
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().sending_problem.empty(); }));
  EXPECT_THAT(device.account().status().sending_problem, HasSubstr("wrong password"));
  // The mailbox goes, comes again, and has new work.
  const auto before = mailbox.connections();
  mailbox.cut();
  ASSERT_TRUE(device.wait_until([&] { return mailbox.connections() > before; }));
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  device.account().network_changed();
  device.send("one more");
  EXPECT_EQ(server.connections(), 1);
  locked_out = false;
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
  EXPECT_EQ(server.connections(), 2);
}

Result<store::Changes> try_to_send(Device& device, const std::string& text) {
  std::promise<Result<store::Changes>> outcome;
  device.account().act(chat::SendMessage{.addr = "you@example.net", .text = text},
                       [&](Result<store::Changes> changes) { outcome.set_value(std::move(changes)); });
  return outcome.get_future().get();
}

// No file can be written to as long as it lives.
class NoRoom {
 public:
  NoRoom() {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit none{.rlim_cur = 0, .rlim_max = before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoRoom() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  NoRoom(const NoRoom&) = delete;
  NoRoom& operator=(const NoRoom&) = delete;

 private:
  rlimit before_ = {};
};

// Attempts to store it are counted by looks at the clock; one that spins has thousands before the second is seen.
TEST(Send, AnAnswerThatFindsNoRoomIsStoredLaterAndNotTriedWithoutPause) {
  std::optional<NoRoom> no_room;
  std::atomic<int> looks = 0;
  SubmissionServer server([&](const std::string& said) {
    if (said.starts_with("BDAT")) {
      no_room.emplace();
      looks = 0;
    }
    return std::string();
  });
  Device device(closed_port(), server.port(), {.clock = [&] { return ++looks, system_now(); }});
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().sending_problem.empty(); }));
  const auto before = looks.load();
  ASSERT_TRUE(device.wait_until([&] { return looks > before; }));
  EXPECT_LT(looks, 50);
  no_room.reset();
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
  EXPECT_EQ(server.mails().size(), 1U);
}

// The worker knew of the mail before it was stored.
TEST(Send, AMessageThatCannotBeStoredDoesNotLeave) {
  SubmissionServer server;
  Device device(closed_port(), server.port());
  const auto first = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return device.is_sent(first); }));
  {
    const NoRoom no_room;
    const auto refused = try_to_send(device, "no room");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(is_own_trouble(refused.error().kind())) << refused.error().text();
  }
  const auto second = device.send("there is room");
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(second); }));
  EXPECT_THAT(server.mails(), testing::ElementsAre(HasSubstr("hello"), HasSubstr("there is room")));
}

TEST(Send, ARejectedLoginIsTriedAgainForAMessageThatTheUserSendsAgain) {
  std::atomic<bool> locked_out = true;
  SubmissionServer server([&](const std::string& said) -> std::string {
    return said.starts_with("AUTH") && locked_out ? "535 5.7.8 wrong password" : "";
  });
  Device device(closed_port(), server.port());
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().sending_problem.empty(); }));
  locked_out = false;
  std::promise<std::string> stored;
  device.account().act(chat::RetryMessage{.message = message}, [&](const Result<store::Changes>& changes) {
    stored.set_value(changes ? "" : changes.error().text());
  });
  EXPECT_EQ(stored.get_future().get(), "");
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
}

TEST(Send, IsTriedAtOnceWhenTheMailboxCanBeReachedAgain) {
  // A server that does not speak TLS is left alone for minutes.
  SubmissionServer server([](const std::string&) { return std::string(); });
  ImapServer mailbox;
  mailbox.refuse(true);
  Device device(mailbox.port(), server.port(), {}, net::Security::tls);
  device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().sending_problem.empty(); }));
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().problem.empty(); }));
  EXPECT_EQ(server.connections(), 1);
  mailbox.refuse(false);
  EXPECT_TRUE(device.wait_until([&] { return server.connections() == 2; }));
}

// RFC 1870: known from the first connection on, also to the next run of the program.
TEST(Send, AMailThatTheServerWouldNotTakeIsRefusedBeforeItIsStored) {
  std::atomic<int> kilobytes = 100;
  SubmissionServer server([&](const std::string& said) -> std::string {
    if (!said.starts_with("EHLO")) return "";
    return fmt::format("250-here\r\n250-CHUNKING\r\n250-SIZE {}\r\n250 AUTH PLAIN", kilobytes * 1000);
  });
  Device device(closed_port(), server.port());
  const auto first = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return device.is_sent(first); }));
  const std::string text(120'000, 'x');
  for (const bool restarted : {false, true}) {
    if (restarted) device.restart();
    const auto refused = try_to_send(device, text);
    ASSERT_FALSE(refused) << restarted;
    EXPECT_EQ(refused.error().kind(), ErrorKind::limit);
    EXPECT_THAT(refused.error().text(),
                testing::ContainsRegex("takes mails of up to 100 kB; this one would have 12[0-9] kB"));
    const auto file = device.account().directory() / "picture.jpg";
    std::ofstream(file) << std::string(70'054, 'x');
    const auto files = device.account().add_files({file});
    ASSERT_FALSE(files) << restarted;
    EXPECT_EQ(files.error().kind(), ErrorKind::limit);
    EXPECT_THAT(files.error().text(),
                HasSubstr("picture.jpg is too large for a mail, which takes files of up to 70.1 kB"));
  }
  EXPECT_EQ(device.messages("you@example.net").size(), 1U);
  // It takes more now, or says no bound any more.
  for (const int now : {200, 0}) {
    kilobytes = now;
    device.restart();
    const auto next = device.send("hello again");
    ASSERT_TRUE(device.wait_until([&] { return device.is_sent(next); }));
    const auto large = device.send(text);
    EXPECT_TRUE(device.wait_until([&] { return device.is_sent(large); }));
  }
}

}  // namespace
}  // namespace coi::engine::test

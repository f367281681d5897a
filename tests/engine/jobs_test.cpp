// The jobs on the mailbox at a server that ends connections, refuses, or has lost the thread.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "base/number_set.h"
#include "device.h"
#include "imap_server.h"
#include "submission_server.h"

namespace coi::engine::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

// The server's time for its answer begins when it has all of the mail.
TEST(OwnCopy, OfALargeMailTakesAsLongAsTheLinkNeeds) {
  SubmissionServer submission;
  ImapServer mailbox;
  mailbox.read_literals_after(std::chrono::seconds(6));
  Device device(mailbox.port(), submission.port(), {.times = {.command = std::chrono::seconds(4)}});
  ASSERT_TRUE(device.wait_until([&] { return mailbox.count("IDLE") > 0; }));
  device.send(std::string(12'000'000, 'x'));
  const auto filed = [&] { return mailbox.mails("COI/Chats").size() + mailbox.mails("Sent").size() > 0; };
  EXPECT_TRUE(device.wait_until([&] { return filed() && device.account().status().problem.empty(); }));
  EXPECT_LE(mailbox.connections(), 2) << "none was given up";
}

const std::string you = "you@example.net";

class Jobs : public testing::Test {
 protected:
  explicit Jobs(std::string capabilities = with_notify) : mailbox_(std::move(capabilities)) {}

  // With a clock that stands still until it is moved.
  Environment environment() {
    return {.clock = [this] { return now_.load(); },
            .at_step =
                [this](std::string_view step) {
                  if (step == out_done) ++outcomes_;
                }};
  }
  // The pauses between two connections are not what these tests are about.
  static bool wait_without_pauses(Device& device, const std::function<bool()>& ready) {
    return device.wait_until([&] { return device.account().network_changed(), ready(); });
  }
  // Until take_back(): every connection is lost, and none is made.
  void lose_mailbox(Device& device) {
    mailbox_.refuse(true);
    mailbox_.cut();
    ASSERT_TRUE(device.wait_until([&] { return !device.account().status().problem.empty(); }));
  }
  std::vector<std::string> heard(std::string_view word) const {
    auto all = mailbox_.heard();
    std::erase_if(all, [&](const auto& line) { return !line.contains(word); });
    return all;
  }

  std::atomic<UnixMs> now_ = 1'795'000'000'000;
  std::atomic<int> outcomes_ = 0;  // of jobs, noted
  ImapServer mailbox_;
  SubmissionServer submission_;
};

// A server hangs up on a mail that it finds too large. The account works on, and one day this is over.
TEST_F(Jobs, OneAmidWhichTheConnectionEndsEachTimeIsGivenUp) {
  mailbox_.answer_with([](const std::string&, const std::string& command) -> std::optional<std::string> {
    return command.starts_with("APPEND") ? std::optional("* BYE too large\r\n") : std::nullopt;
  });
  Device device(mailbox_.port(), submission_.port(), environment());
  device.send("hello");
  ASSERT_TRUE(wait_without_pauses(device, [&] { return mailbox_.count("APPEND") == 2; }));
  ASSERT_TRUE(wait_without_pauses(device, [&] { return device.is_online(); }));
  ASSERT_TRUE(device.sync());
  EXPECT_EQ(mailbox_.count("APPEND"), 2);
  for (int tries = 3; tries <= 11; ++tries) {
    EXPECT_EQ(outcomes_, tries - 2);
    now_ += hour;
    ASSERT_TRUE(device.sync());
    ASSERT_TRUE(wait_without_pauses(device, [&] { return mailbox_.count("APPEND") == tries; })) << tries;
    ASSERT_TRUE(wait_without_pauses(device, [&] { return device.is_online(); }));
  }
  now_ += 24 * hour;
  ASSERT_TRUE(device.sync());
  EXPECT_EQ(mailbox_.count("APPEND"), 11);
}

// Lost amid this and that: no word about the job. Were it counted, the job would rest, and the clock stands still.
TEST_F(Jobs, ABadNetworkIsNoFailureOfTheJobThatItMeets) {
  std::atomic<int> appends = 0;
  std::atomic<bool> lose_next = false;
  mailbox_.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (command.starts_with("LIST") && lose_next.exchange(false)) return "* BYE\r\n";
    if (!command.starts_with("APPEND") || ++appends > 6) return std::nullopt;
    lose_next = true;
    return "* BYE\r\n";
  });
  Device device(mailbox_.port(), submission_.port(), environment());
  device.send("hello");
  EXPECT_TRUE(wait_without_pauses(device, [&] { return mailbox_.mails("COI/Chats").size() == 1; }));
  EXPECT_EQ(appends, 7);
}

// Another program deletes the folder: it is made again at once, and nothing waits.
TEST_F(Jobs, AFolderThatIsGoneIsMadeAgainAtOnce) {
  for (const std::string refusal : {"NO [TRYCREATE] no such mailbox", "NO it is not there"}) {
    Device device(mailbox_.port(), submission_.port(), environment());
    ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
    mailbox_.remove("COI/Chats");
    std::atomic<bool> gone = true;
    mailbox_.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (command.starts_with("CREATE")) gone = false;
      if (!gone) return std::nullopt;
      if (command.starts_with("APPEND")) return tag + " " + refusal + "\r\n";
      if (command.starts_with("LIST") && command.contains("COI/Chats")) return tag + " OK nothing\r\n";
      return std::nullopt;
    });
    device.send("hello");
    EXPECT_TRUE(device.wait_until([&] { return mailbox_.mails("COI/Chats").size() == 1; })) << refusal;
    mailbox_.answer_with({});
  }
}

// RFC 5530. That the server cannot say now whether the copy is there does not mean that it is not.
TEST_F(Jobs, ACopyIsNotFiledTwiceBecauseTheServerCannotLookForIt) {
  for (const std::string refused : {"UID SEARCH HEADER", "EXAMINE COI/Chats"}) {
    for (const std::string code : {"[UNAVAILABLE] ", "[LIMIT] ", "[INUSE] ", "[SERVERBUG] ", ""}) {
      ImapServer mailbox(with_notify);
      std::atomic<bool> lost = false;
      mailbox.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
        if (command.starts_with(refused) && lost) return tag + " NO " + code + "not now\r\n";
        if (!command.starts_with("APPEND") || lost.exchange(true)) return std::nullopt;
        mailbox.put("COI/Chats", submission_.mails().back(), true);
        mailbox.cut();
        return "";
      });
      Device device(mailbox.port(), submission_.port(), environment());
      device.send("hello");
      ASSERT_TRUE(wait_without_pauses(device, [&] { return lost && device.is_online(); }));
      now_ += hour;
      ASSERT_TRUE(device.sync());
      now_ += hour;
      ASSERT_TRUE(device.sync());
      EXPECT_THAT(mailbox.mails("COI/Chats"), SizeIs(1)) << refused << " NO " << code;
      EXPECT_EQ(mailbox.count("APPEND"), 1) << refused << " NO " << code;
    }
  }
}

// A mailbox that takes no keywords says so in words of its own; with a code of RFC 5530 it says something else.
TEST_F(Jobs, ACopyIsOfferedWithoutItsKeywordOnlyWhereThatMayBeTheReason) {
  for (const auto& [refusal, appends] : {std::pair("NO [UNAVAILABLE] later", 1),
                                         {"NO [OVERQUOTA] full", 1},
                                         {"NO no such flag", 2},
                                         {"BAD what is $Chat", 2}}) {
    ImapServer mailbox(with_notify);
    mailbox.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (command.starts_with("LIST") && command.contains("COI/Chats"))
        return "* LIST () \"/\" COI/Chats\r\n" + tag + " OK\r\n";
      if (!command.starts_with("APPEND")) return std::nullopt;
      return tag + " " + refusal + "\r\n";
    });
    outcomes_ = 0;
    Device device(mailbox.port(), submission_.port(), environment());
    device.send("hello");
    ASSERT_TRUE(device.wait_until([&] { return outcomes_ == 1; }));
    EXPECT_EQ(mailbox.count("APPEND"), appends) << refusal;
  }
}

TEST_F(Jobs, ACopyThatTheServerRefusesIsSaidUntilOneIsTaken) {
  std::atomic<bool> full = true;
  mailbox_.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("APPEND") || !full) return std::nullopt;
    return tag + " NO [OVERQUOTA] the mailbox is full\r\n";
  });
  Device device(mailbox_.port(), submission_.port(), environment());
  device.send("hello");
  const auto status = [&] { return device.account().status(); };
  const auto says_it = [&] { return status().problem.starts_with("a sent mail has no copy in the mailbox: "); };
  ASSERT_TRUE(device.wait_until(says_it));
  EXPECT_EQ(status().state, ConnectionState::online);
  EXPECT_THAT(status().problem, HasSubstr("the mailbox is full"));
  full = false;
  device.send("hello again");
  EXPECT_TRUE(device.wait_until([&] { return status().problem.empty(); }));
}

class JobsWithAnAppendLimit : public Jobs {
 protected:
  JobsWithAnAppendLimit() : Jobs("IDLE NOTIFY UIDPLUS APPENDLIMIT=3000") {}
};

// RFC 7889.
TEST_F(JobsWithAnAppendLimit, ACopyThatTheServerWouldNotTakeIsNotSentToIt) {
  Device device(mailbox_.port(), submission_.port(), environment());
  device.send("small");
  ASSERT_TRUE(device.wait_until([&] { return outcomes_ == 1; }));
  device.send(std::string(4000, 'x'));
  ASSERT_TRUE(device.wait_until([&] { return outcomes_ == 2; }));
  EXPECT_EQ(mailbox_.count("APPEND"), 1);
}

std::string chat_mail(const std::string& text, const std::string& more = {}) {
  return "From: " + you + "\r\nTo: me@example.org\r\nMessage-ID: <chat$" + text + "@example.net>\r\n" +
         "Chat-Version: 1.0\r\n" + more + "Content-Type: text/plain\r\n\r\n" + text + "\r\n";
}

chat::ChatId chat_with(Device& device, const std::string& addr) {
  return device.account().reader()->find_chats(addr)->front();
}

void mark_seen(Device& device, const std::string& addr) {
  std::promise<bool> stored;
  device.account().act(chat::MarkSeen{.chat = chat_with(device, addr)},
                       [&](const Result<store::Changes>& changes) { stored.set_value(changes.has_value()); });
  ASSERT_TRUE(stored.get_future().get());
}

// C-37. The look for a copy opens the folder for reading only, where no keyword can be stored, and the claim comes
// next.
TEST_F(Jobs, AReceiptIsClaimedThoughACopyWasLookedForInItsFolder) {
  Device device(mailbox_.port(), submission_.port(), environment());
  device.send("hello");  // an acquaintance
  ASSERT_TRUE(device.wait_until([&] { return outcomes_ == 1; }));
  mailbox_.put("COI/Chats", chat_mail("read-this", "Disposition-Notification-To: " + you + "\r\n"));
  ASSERT_TRUE(device.sync());
  ASSERT_TRUE(device.wait_until([&] { return device.texts(you).size() == 2; }));
  lose_mailbox(device);
  const auto message = device.send("meanwhile");
  ASSERT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
  mark_seen(device, you);
  mailbox_.refuse(false);
  EXPECT_TRUE(wait_without_pauses(device, [&] { return submission_.mails().size() == 3; }));  // the receipt
  EXPECT_THAT(heard("UID STORE"), Contains(HasSubstr("$MDNSent")));
}

// RFC 7162 section 3.1.3: the other device's keyword came between the look at the mail and the claim.
class ClaimsOfTwoDevices : public Jobs {
 protected:
  ClaimsOfTwoDevices() : Jobs("IDLE NOTIFY UIDPLUS ENABLE CONDSTORE") {}
  bool nothing_waits(Device& device) const {
    const auto queue = device.account().reader()->queue(now_).value();
    return queue.outgoing == 0 && queue.jobs == 0;
  }
};

TEST_F(ClaimsOfTwoDevices, C37TheOneThatComesSecondSendsNone) {
  std::atomic<bool> other_was_here = false;
  mailbox_.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command == "UID FETCH 1 (UID FLAGS MODSEQ)")
      return fmt::format("* 1 FETCH (UID 1 FLAGS ({}) MODSEQ ({}))\r\n{} OK done\r\n", other_was_here ? "$MDNSent" : "",
                         other_was_here ? 8 : 7, tag);
    if (!command.contains("$MDNSent")) return std::nullopt;
    other_was_here = true;
    return tag + " OK [MODIFIED 1] Conditional store failed.\r\n";
  });
  Device device(mailbox_.port(), submission_.port(), environment());
  device.send("hello");  // an acquaintance
  ASSERT_TRUE(device.wait_until([&] { return nothing_waits(device); }));
  mailbox_.put("INBOX", chat_mail("read-this", "Disposition-Notification-To: " + you + "\r\n"));
  ASSERT_TRUE(device.wait_until([&] { return device.texts(you).size() == 2; }));
  mark_seen(device, you);
  ASSERT_TRUE(device.wait_until([&] { return nothing_waits(device); }));
  EXPECT_THAT(heard("$MDNSent"), ElementsAre(HasSubstr("UID STORE 1 (UNCHANGEDSINCE 7) +FLAGS")));
  EXPECT_THAT(submission_.mails(), SizeIs(1));
}

// A chat mail in the inbox of an account that sorts, at a server without MOVE.
class MovesByCopy : public Jobs {
 protected:
  void sort_and_put(Device& device) {
    ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
    std::promise<bool> stored;
    device.account().act(chat::SetFilter{wire::Filter::active},
                         [&](const Result<store::Changes>& changes) { stored.set_value(changes.has_value()); });
    ASSERT_TRUE(stored.get_future().get());
    mailbox_.put("INBOX", octets_);
  }

  const std::string octets_ = chat_mail("to-be-moved");
};

TEST_F(MovesByCopy, IsNotCopiedTwiceWhenTheAnswerWasLost) {
  std::atomic<bool> lost = false;
  mailbox_.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID COPY") || lost.exchange(true)) return std::nullopt;
    mailbox_.put("COI/Chats", octets_, true);
    mailbox_.cut();
    return "";
  });
  Device device(mailbox_.port(), closed_port(), environment());
  sort_and_put(device);
  EXPECT_TRUE(wait_without_pauses(device, [&] { return mailbox_.mails("INBOX").empty(); }));
  EXPECT_THAT(mailbox_.mails("COI/Chats"), SizeIs(1));
  EXPECT_EQ(mailbox_.count("UID COPY"), 1);
}

TEST_F(MovesByCopy, IsOverOnlyWhenTheMailIsGoneFromWhereItWas) {
  std::atomic<bool> refused = false;
  mailbox_.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.contains("\\Deleted") || refused.exchange(true)) return std::nullopt;
    return tag + " NO not now\r\n";
  });
  Device device(mailbox_.port(), closed_port(), environment());
  sort_and_put(device);
  ASSERT_TRUE(device.wait_until([&] { return refused.load(); }));
  EXPECT_TRUE(device.wait_for_hours(now_, [&] { return mailbox_.mails("INBOX").empty(); }));
  EXPECT_THAT(mailbox_.mails("COI/Chats"), SizeIs(1));
  EXPECT_EQ(mailbox_.count("UID COPY"), 1);
}

// RFC 9738, announced or only said in the answer: a mail is removed from where it was when it has been copied, and no
// sooner.
class MovesWithALimit : public testing::Test {
 protected:
  static constexpr std::size_t mails = 5;
  // Starts with five chat mails in the inbox, which are to be moved.
  void move_all(ImapServer& mailbox, Device& device) {
    ASSERT_TRUE(device.wait_until([&] { return device.texts(you).size() == mails; }));
    std::promise<bool> stored;
    device.account().act(chat::SetFilter{wire::Filter::active},
                         [&](const Result<store::Changes>& changes) { stored.set_value(changes.has_value()); });
    ASSERT_TRUE(stored.get_future().get());
    ASSERT_TRUE(device.wait_until([&] { return mailbox.mails("INBOX").empty(); }));
    auto there = mailbox.mails("COI/Chats");
    std::ranges::sort(there);
    EXPECT_THAT(there, ElementsAreArray(octets_));
  }
  void fill(ImapServer& mailbox) {
    for (const auto& octets : octets_) mailbox.put("INBOX", octets);
  }

  const std::vector<std::string> octets_ = {chat_mail("a"), chat_mail("b"), chat_mail("c"), chat_mail("d"),
                                            chat_mail("e")};
};

TEST_F(MovesWithALimit, NameNoMoreMailsThanTheServerTakes) {
  ImapServer mailbox("IDLE NOTIFY UIDPLUS MESSAGELIMIT=2");
  fill(mailbox);
  Device device(mailbox.port(), closed_port(), {});
  move_all(mailbox, device);
  for (const std::string command : {"UID COPY ", "UID STORE ", "UID EXPUNGE "})
    for (const auto& line : mailbox.heard()) {
      if (!line.starts_with(command)) continue;
      const auto rest = line.substr(command.size());
      EXPECT_LE(NumberSet::parse(rest.substr(0, rest.find(' '))).value().size(), 2) << line;
    }
}

TEST_F(MovesWithALimit, GoOnWhereTheServerStopped) {
  ImapServer mailbox(with_notify);
  fill(mailbox);
  mailbox.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    // Once they are gone from the inbox, nothing is copied.
    if (!command.starts_with("UID COPY 1:5 ") || mailbox.mails("INBOX").empty()) return std::nullopt;
    for (const auto each : {3, 4}) mailbox.put("COI/Chats", octets_.at(each), true);
    return tag + " OK [MESSAGELIMIT 2 4] the rest another time\r\n";
  });
  Device device(mailbox.port(), closed_port(), {});
  move_all(mailbox, device);
  EXPECT_THAT(mailbox.heard(), Contains(StartsWith("UID COPY 1:3 ")));
}

// RFC 3501 section 6.4.7, RFC 6851 section 3.3.
class MovesToAFolderThatIsGone : public testing::TestWithParam<const char*> {};

TEST_P(MovesToAFolderThatIsGone, MakeItAgainAtOnce) {
  const std::string command = GetParam();
  ImapServer mailbox(command == "UID MOVE" ? "IDLE NOTIFY UIDPLUS MOVE" : with_notify);
  std::atomic<bool> gone = false, done = false;
  mailbox.answer_with([&](const std::string& tag, const std::string& line) -> std::optional<std::string> {
    if (line.starts_with("CREATE")) gone = false;
    if (!line.starts_with(command)) return std::nullopt;
    if (gone) return tag + " NO [TRYCREATE] no such mailbox\r\n";
    done = true;
    return command == "UID MOVE" ? std::optional(tag + " OK moved\r\n") : std::nullopt;
  });
  Device device(mailbox.port(), closed_port(), {});
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  std::promise<bool> stored;
  device.account().act(chat::SetFilter{wire::Filter::active},
                       [&](const Result<store::Changes>& changes) { stored.set_value(changes.has_value()); });
  ASSERT_TRUE(stored.get_future().get());
  mailbox.remove("COI/Chats");
  gone = true;
  mailbox.put("INBOX", chat_mail("to-be-moved"));
  EXPECT_TRUE(device.wait_until([&] { return done.load(); }));
  EXPECT_EQ(mailbox.count("CREATE COI/Chats"), 1);
}

INSTANTIATE_TEST_SUITE_P(Commands, MovesToAFolderThatIsGone, testing::Values("UID COPY", "UID MOVE"));

}  // namespace
}  // namespace coi::engine::test

// Mails that come while a folder is open or was not, told in ways that are rare: what is fetched, how often, and what
// makes a sound.
#include <atomic>
#include <future>
#include <optional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

// The first time that a command begins so, this is the answer; it is given the tag.
ImapServer::Answer once(std::string beginning, std::function<std::string(const std::string& tag)> answer) {
  return [beginning = std::move(beginning), answer = std::move(answer), done = std::make_shared<std::atomic<bool>>()](
             const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with(beginning) || done->exchange(true)) return std::nullopt;
    return answer(tag);
  };
}

class Arrivals : public testing::Test {
 protected:
  bool waits() {
    return device_->wait_until([&] { return server_.count("IDLE") > 0; });
  }
  // At a server that lets it in from now on; Eve is known.
  void start() {
    server_.refuse(true);
    device_.emplace(server_.port(), closed_port(), Environment{.clock = [this] { return system_now() + passed_; }});
    device_->know(eve);
    server_.refuse(false);
    device_->account().network_changed();
  }
  bool has_texts(std::size_t count) {
    return device_->wait_until([&] { return device_->texts(eve).size() == count; });
  }

  ImapServer server_{"IDLE NOTIFY UIDPLUS"};
  std::atomic<UnixMs> passed_ = 0;
  std::optional<Device> device_;
};

// Another device has the chat open, and reads the mail before we have fetched it.
TEST_F(Arrivals, AreFetchedAlsoWhenTheirFlagsAreToldFirst) {
  server_.add(once("IDLE", [&](const std::string&) {
    server_.put("INBOX", mail("read elsewhere"), true);
    return "* 1 EXISTS\r\n* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n";
  }));
  start();
  EXPECT_TRUE(has_texts(1));
}

TEST_F(Arrivals, ThatAreGoneAtOnceAreAskedForOnce) {
  server_.add(once("IDLE", [&](const std::string&) { return "* 1 EXISTS\r\n"; }));
  start();
  ASSERT_TRUE(device_->wait_until([&] { return server_.count("IDLE") > 1; }));
  EXPECT_EQ(server_.count("UID FETCH 1:* "), 1);
  EXPECT_EQ(server_.count("NOOP"), 1);
  // Two more come, which the server counts behind it.
  server_.put("INBOX", mail("one"), true);
  server_.put("INBOX", mail("two"));
  EXPECT_TRUE(has_texts(2));
}

// The first look at a mailbox is cut short. What it found is history, whenever it comes.
TEST_F(Arrivals, AreNotWhatWasThereBefore) {
  server_.put("INBOX", mail("old"));
  server_.answer_with(once("UID FETCH 1 ", [](const std::string&) { return "* BYE\r\n"; }));
  start();
  EXPECT_TRUE(has_texts(1));
  EXPECT_EQ(server_.count_of_fetches("1"), 2);
  EXPECT_THAT(device_->notified(), IsEmpty());
  ASSERT_TRUE(waits());
  server_.put("INBOX", mail("new"));
  EXPECT_TRUE(has_texts(2));
  EXPECT_THAT(device_->notified(), UnorderedElementsAre("new"));
}

// They came while we were away, and the connection that saw them ended before it had them.
TEST_F(Arrivals, AreStillNewsToTheNextConnection) {
  server_.put("INBOX", mail("old"));
  start();
  ASSERT_TRUE(waits());
  server_.refuse(true);
  server_.cut();
  ASSERT_TRUE(device_->wait_until([&] { return !device_->account().status().problem.empty(); }));
  server_.put("INBOX", mail("new"));
  server_.answer_with(once("UID FETCH 2 ", [](const std::string&) { return "* BYE\r\n"; }));
  server_.refuse(false);
  device_->account().network_changed();
  EXPECT_TRUE(has_texts(2));
  EXPECT_EQ(server_.count_of_fetches("2"), 2);
  EXPECT_THAT(device_->notified(), UnorderedElementsAre("new"));
}

// An OK, and the mail is not in it, although it is there: the others come, and it is asked for again after a rest.
TEST_F(Arrivals, AreNotGoneBecauseTheServerDidNotGiveThem) {
  for (const auto* text : {"one", "two", "three"}) server_.put("INBOX", mail(text));
  server_.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.starts_with("UID FETCH 1:3 ") && command.contains("BODY.PEEK"))
      return "* 1 FETCH (UID 1 FLAGS ())\r\n* 3 FETCH (UID 3 FLAGS ())\r\n" + tag + " OK that is all\r\n";
    if (command.starts_with("UID FETCH 2 ")) return tag + " OK nothing\r\n";
    return std::nullopt;
  });
  start();
  EXPECT_TRUE(has_texts(2));
  ASSERT_TRUE(waits());
  server_.answer_with({});
  EXPECT_TRUE(has_texts(3));
}

// More than a new device fetches itself: ten mails are the backfill's.
class LongHistory : public Arrivals {
 protected:
  LongHistory() {
    for (int i = 1; i <= mails; ++i) server_.put("INBOX", mail(fmt::format("mail{}", i)));
  }
  // The first two looks are the first connection's, which chooses the newest mails.
  static bool is_of_the_other(const std::string& command, std::atomic<int>& looks) {
    return command.starts_with("EXAMINE INBOX") && ++looks > 2;
  }
  static constexpr int mails = 510;
};

// The phone reads one of them when it has come. The folder has been open since before that.
TEST_F(LongHistory, IsFollowedAsItChanges) {
  std::promise<void> idles;
  server_.answer_with([looks = std::make_shared<std::atomic<int>>(0), open = idles.get_future().share()](
                          const std::string&, const std::string& command) -> std::optional<std::string> {
    if (is_of_the_other(command, *looks)) open.wait_for(std::chrono::seconds(10));
    return std::nullopt;
  });
  std::atomic<bool> first = true, read = false;
  server_.add([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (command != "IDLE") return std::nullopt;
    if (first.exchange(false)) idles.set_value();
    return read.exchange(false) ? std::optional("* 3 FETCH (FLAGS (\\Seen))\r\n") : std::nullopt;
  });
  start();
  ASSERT_TRUE(has_texts(mails));
  EXPECT_EQ(server_.count("SELECT INBOX"), 2);
  read = true;
  server_.put("INBOX", mail("ends the IDLE that runs"));
  EXPECT_TRUE(device_->wait_until([&] { return device_->is_seen(eve, "mail3"); }));
  EXPECT_EQ(server_.count("SELECT INBOX"), 2);
}

TEST_F(LongHistory, ThatTheOtherConnectionMayNotOpenIsFetchedByTheFirst) {
  server_.answer_with([looks = std::make_shared<std::atomic<int>>(0)](
                          const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!is_of_the_other(command, *looks)) return std::nullopt;
    return tag + " NO [INUSE] not twice\r\n";
  });
  start();
  EXPECT_TRUE(has_texts(mails));
  EXPECT_EQ(server_.count("EXAMINE INBOX"), 3);
  EXPECT_TRUE(device_->wait_until([&] { return device_->account().progress().finished; }));
}

}  // namespace
}  // namespace coi::engine::test

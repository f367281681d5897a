// How often a rejected login is shown to the servers.
#include "engine/login_keeper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "base/guarded.h"
#include "device.h"
#include "imap_server.h"
#include "submission_server.h"
#include "temporary_directory.h"

namespace coi::engine::test {
namespace {

using testing::HasSubstr;

// Both servers of one account, whose password is changed elsewhere.
class Lockout : public testing::Test {
 protected:
  Lockout() {
    imap_.answer_with([this](const std::string& tag, const std::string& said) -> std::optional<std::string> {
      if (!said.starts_with("AUTHENTICATE") && !said.starts_with("LOGIN")) return std::nullopt;
      ++shown_;
      if (!changed_) return std::nullopt;
      return tag + " NO " + text_of(imap_words_) + "\r\n";
    });
  }
  static std::string text_of(const Guarded<std::string>& words) {
    return words.with([](const std::string& text) { return text; });
  }
  static void put(Guarded<std::string>& words, const std::string& text) {
    words.with([&](std::string& old) { old = text; });
  }
  void change() {
    changed_ = true;
    shown_ = 0;
  }

  std::atomic<bool> changed_ = false, smtp_good_ = false;
  std::atomic<int> shown_ = 0;
  // Read by the servers' threads, also by that of a connection which is just ending.
  Guarded<std::string> imap_words_{"[AUTHENTICATIONFAILED] wrong password"};
  Guarded<std::string> smtp_words_{"535 5.7.8 wrong password"};
  ImapServer imap_;
  SubmissionServer smtp_{[this](const std::string& said) -> std::string {
    if (!said.starts_with("AUTH")) return "";
    ++shown_;
    return changed_ && !smtp_good_ ? text_of(smtp_words_) : "";
  }};
};

TEST_F(Lockout, TwoRejectionsOfAllWorkersTogetherAreTheLastUntilTheUserActs) {
  changed_ = true;
  Device device(imap_.port(), smtp_.port());
  device.send("hello");
  ASSERT_TRUE(device.wait_until([&] {
    const auto status = device.account().status();
    return status.state == ConnectionState::rejected && !status.sending_problem.empty();
  }));
  EXPECT_EQ(shown_, 2);
  device.account().network_changed();
  device.send("one more");
  device.restart();
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::rejected; }));
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().sending_problem.empty(); }));
  EXPECT_EQ(shown_, 2) << "a restart is no act of the user";
  EXPECT_THAT(device.account().status().problem, HasSubstr("wrong password"));
  EXPECT_THAT(device.account().status().hint, HasSubstr("coi login me@example.org"));
  // The user's own wish is good for one try.
  EXPECT_FALSE(device.sync());
  ASSERT_TRUE(device.wait_until([&] { return shown_ == 3; }));
  EXPECT_FALSE(device.sync());
  ASSERT_TRUE(device.wait_until([&] { return shown_ == 4; }));
}

TEST_F(Lockout, IsOverWhenATryIsAccepted) {
  changed_ = true;
  Device device(imap_.port(), smtp_.port());
  const auto message = device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return shown_ == 2; }));
  ASSERT_TRUE(device.wait_until([&] {
    const auto status = device.account().status();
    return status.state == ConnectionState::rejected && !status.sending_problem.empty();
  }));
  changed_ = false;
  (void)device.sync();
  EXPECT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  EXPECT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
}

// Busy is not rejected: what the server cannot check now is tried again.
TEST_F(Lockout, APassingTroubleIsNoRejection) {
  for (const std::string words : {"[UNAVAILABLE] no database", "[LIMIT] too many connections", "[INUSE] wait",
                                  "[SERVERBUG] oh", "Too many simultaneous connections"}) {
    put(imap_words_, words);
    change();
    Device device(imap_.port(), closed_port());
    for (int i = 1; i <= 4; ++i) {
      ASSERT_TRUE(device.wait_until([&] { return shown_ >= i; })) << words;
      device.account().network_changed();
    }
    EXPECT_EQ(device.account().status().hint.find("coi login"), std::string::npos) << words;
  }
  put(smtp_words_, "454 4.7.0 cannot check now");
  change();
  Device device(closed_port(), smtp_.port());
  device.send("hello");
  for (int i = 1; i <= 4; ++i) {
    ASSERT_TRUE(device.wait_until([&] { return shown_ >= i; }));
    device.account().network_changed();
  }
}

// Where one server takes it, the password is right, and what the other one rejects is its own affair.
TEST_F(Lockout, AServiceThatTakesTheLoginGoesOn) {
  Device device(imap_.port(), smtp_.port());
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  put(smtp_words_, "535 5.7.139 not for you");
  imap_.answer_with({});
  change();
  device.send("hello");
  ASSERT_TRUE(device.wait_until([&] { return shown_ == 1; }));
  for (int i = 0; i < 2; ++i) {
    const auto before = imap_.connections();
    imap_.cut();
    ASSERT_TRUE(device.wait_until([&] { return imap_.connections() > before; }));
    ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  }
  EXPECT_EQ(shown_, 1);
}

class Keeper : public testing::Test {
 protected:
  static Error no() { return {ErrorKind::auth, "no", "check the password"}; }

  const TemporaryDirectory temporary_;
  const std::filesystem::path& directory_ = temporary_.path();
  const net::Waker waker_ = net::Waker::create().value();
};

TEST_F(Keeper, SpeaksOfTheTokenWhereTokensAreShown) {
  LoginKeeper command({.addr = "a@b.c", .auth = AuthKind::token_command}, directory_, {});
  EXPECT_THAT(command.rejected(net::Service::smtp, Secret("one"), no()).hint(), HasSubstr("token command"));
  LoginKeeper::forget(directory_);
  LoginKeeper oauth({.addr = "a@b.c", .auth = AuthKind::oauth}, directory_, {});
  (void)oauth.rejected(net::Service::imap, Secret("one"), no());
  const auto last = oauth.rejected(net::Service::imap, Secret("two"), no());
  EXPECT_THAT(last.hint(), HasSubstr("sign in at the provider"));
  EXPECT_THAT(last.hint(), HasSubstr("coi login a@b.c --oauth"));
  EXPECT_EQ(last.hint().find("password"), std::string::npos);
}

// Three workers whose token has just run out: that is one rejection, and the new token is still tried.
TEST_F(Keeper, OneTokenIsRejectedOnce) {
  LoginKeeper keeper({.auth = AuthKind::oauth}, directory_, {});
  for (int i = 0; i < 3; ++i) (void)keeper.rejected(net::Service::imap, Secret("old"), no());
  EXPECT_FALSE(keeper.refusal(net::Service::imap));
  EXPECT_EQ(keeper.rejected_token(), Secret("old"));
  EXPECT_TRUE(keeper.begin(net::Service::imap, waker_));
  (void)keeper.rejected(net::Service::smtp, Secret("new"), no());
  EXPECT_TRUE(keeper.refusal(net::Service::imap));
  EXPECT_TRUE(keeper.refusal(net::Service::smtp));
}

TEST_F(Keeper, LetsNoMoreTryAtOnceThanMayBeRejected) {
  LoginKeeper keeper({}, directory_, {});
  auto first = keeper.begin(net::Service::imap, waker_);
  auto second = keeper.begin(net::Service::imap, waker_);
  auto third = std::async(std::launch::async, [&] { return keeper.begin(net::Service::smtp, waker_); });
  EXPECT_EQ(third.wait_for(std::chrono::milliseconds(100)), std::future_status::timeout);
  (void)keeper.rejected(net::Service::imap, {}, no());
  (void)keeper.rejected(net::Service::imap, {}, no());
  const auto refused = third.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::auth);
}

TEST_F(Keeper, AnotherLoginForgetsWhatWasRejected) {
  {
    LoginKeeper keeper({}, directory_, {});
    for (int i = 0; i < 2; ++i) (void)keeper.rejected(net::Service::imap, {}, no());
  }
  EXPECT_TRUE(LoginKeeper({}, directory_, {}).refusal(net::Service::smtp));
  LoginKeeper::forget(directory_);
  EXPECT_FALSE(LoginKeeper({}, directory_, {}).refusal(net::Service::smtp));
}

}  // namespace
}  // namespace coi::engine::test

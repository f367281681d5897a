#include "engine/pause.h"

#include <gtest/gtest.h>

#include <future>

namespace coi::engine {
namespace {

constexpr std::chrono::seconds patience{20};
constexpr std::chrono::milliseconds a_while{50};  // in which nothing may happen

class PauseTest : public testing::Test {
 protected:
  std::future<Result<>> wait(Hindrance hindrance) {
    return std::async(std::launch::async, [this, hindrance] { return pause_.wait(hindrance); });
  }
  static bool is_over(std::future<Result<>>& pause) { return pause.wait_for(patience) == std::future_status::ready; }
  static bool goes_on(std::future<Result<>>& pause) { return pause.wait_for(a_while) == std::future_status::timeout; }

  net::Waker waker_ = net::Waker::create().value();
  Pause pause_{waker_};
};

TEST_F(PauseTest, OfARejectedLoginEndsWhenTheUserAsks) {
  for (const auto hindrance : {Hindrance::rejected, Hindrance::beyond_limits}) {
    pause_.begin_attempt();
    auto pause = wait(hindrance);
    waker_.wake();
    pause_.network_changed();
    EXPECT_TRUE(goes_on(pause));
    pause_.asked();
    ASSERT_TRUE(is_over(pause));
    EXPECT_TRUE(pause.get());
  }
}

TEST_F(PauseTest, OfAnUnreachableServerEndsWithTheNetworksChangeToo) {
  auto pause = wait(Hindrance::closed_door);
  waker_.wake();  // for another reason
  EXPECT_TRUE(goes_on(pause));
  pause_.network_changed();
  ASSERT_TRUE(is_over(pause));
}

TEST_F(PauseTest, IsNoneWhenSomethingChangedDuringTheAttempt) {
  pause_.network_changed();
  auto pause = wait(Hindrance::closed_door);
  ASSERT_TRUE(is_over(pause));
  pause_.begin_attempt();
  auto next = wait(Hindrance::closed_door);
  EXPECT_TRUE(goes_on(next)) << "heeded already";
  waker_.cancel();
  ASSERT_TRUE(is_over(next));
  EXPECT_EQ(next.get().error().kind(), ErrorKind::cancelled);
}

// A worker that keeps trying the same thing (an answer that cannot be stored) begins no new attempt to connect between
// its pauses.
TEST_F(PauseTest, IsAWholeOneAgainAfterOneThatWasEndedEarly) {
  pause_.network_changed();
  pause_.asked();
  auto first = wait(Hindrance::passing);
  ASSERT_TRUE(is_over(first));
  auto second = wait(Hindrance::closed_door);
  EXPECT_TRUE(goes_on(second));
  pause_.asked();
  ASSERT_TRUE(is_over(second));
}

TEST_F(PauseTest, IsCancelledAlsoWhereSomethingElseWouldEndIt) {
  waker_.cancel();
  pause_.asked();
  const auto ended = pause_.wait(Hindrance::passing);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind(), ErrorKind::cancelled);
}

TEST_F(PauseTest, EndsByItself) {
  auto pause = wait(Hindrance::passing);  // a second at most
  ASSERT_TRUE(is_over(pause));
}

// A server that takes connections only to end them.
TEST(Backoff, GrowsWithConnectionsThatEndSoon) {
  Backoff backoff;
  using std::chrono::seconds;
  for (const auto longest : {1, 2, 4, 8, 16, 32, 64, 120, 120}) {
    const auto pause = backoff.after_connection(false);
    EXPECT_LE(pause, seconds(longest));
    EXPECT_GE(pause * 2, seconds(longest));
  }
  backoff.after_connection(true);
  EXPECT_LE(backoff.after_connection(false), seconds(1));
}

// A server that was down for a while is no server that ends connections.
TEST(Backoff, ForgetsFailuresToConnectWithTheConnection) {
  Backoff backoff;
  for (int i = 0; i < 8; ++i) backoff.after_failure();
  EXPECT_LE(backoff.after_connection(false), std::chrono::seconds(1));
  for (const auto longest : {2, 4, 8}) EXPECT_LE(backoff.after_failure(), std::chrono::seconds(longest));
  EXPECT_LE(backoff.after_connection(false), std::chrono::seconds(2));
}

TEST_F(PauseTest, IsShortAgainWhenTheNetworkChanges) {
  for (int i = 0; i < 9; ++i) {
    pause_.begin_attempt();
    pause_.connected();
    auto pause = wait(Hindrance::passing);
    pause_.network_changed();
    ASSERT_TRUE(is_over(pause));
  }
  pause_.begin_attempt();
  auto pause = wait(Hindrance::passing);  // a second at most
  ASSERT_TRUE(is_over(pause));
}

// The rule: an attempt that changed nothing is followed by a pause.
TEST(Pacer, LetsATurnFollowAtOnceOnOneThatChangedSomething) {
  Pacer pacer;
  for (int turn = 0; turn < 3; ++turn) {
    pacer.begin();
    pacer.changed();
    EXPECT_LE(pacer.next(), std::chrono::steady_clock::now());
  }
}

TEST(Pacer, LengthensThePausesOfTurnsThatChangeNothing) {
  using std::chrono::seconds;
  Pacer pacer(seconds(1), seconds(8));
  const auto pause = [&] {
    const auto before = std::chrono::steady_clock::now();
    pacer.begin();
    return std::chrono::round<seconds>(pacer.next() - before);
  };
  for (const auto length : {1, 2, 4, 8, 8}) EXPECT_EQ(pause(), seconds(length));
  pacer.begin();
  pacer.changed();
  EXPECT_EQ(pause(), seconds(1));
}

}  // namespace
}  // namespace coi::engine

// A user's command that does not come to its end.
#include <gtest/gtest.h>

#include <future>

#include "engine/child.h"
#include "engine/credential.h"

namespace coi::engine {
namespace {

using namespace std::chrono_literals;

constexpr auto in_time = 20s;  // of the 60 that the commands take

TEST(TokenCommand, EndsWithItsTime) {
  const auto begun = std::chrono::steady_clock::now();
  for (const auto* command : {"sleep 60", "exec >&-; sleep 60", "(sleep 60) & exit 0"}) {
    const auto output = run_shell(command, 100ms, {});
    ASSERT_FALSE(output) << command;
    EXPECT_EQ(output.error().kind(), ErrorKind::auth) << command;
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, in_time);
  EXPECT_EQ(run_shell("echo token", 20s, {}).value(), "token\n");
}

TEST(TokenCommand, EndsWhenItIsCancelled) {
  const auto waker = net::Waker::create().value();
  auto output = std::async(std::launch::async, [&] { return run_shell("echo token; exec >&-; sleep 60", 60s, waker); });
  waker.cancel();
  ASSERT_EQ(output.wait_for(in_time), std::future_status::ready);
  EXPECT_EQ(output.get().error().kind(), ErrorKind::cancelled);
}

TEST(TokenCommand, IsNotWaitedForByAWorkerThatIsToldToStop) {
  const auto give = credential_source({.auth = AuthKind::token_command, .token_command = "sleep 60"}, {}, {}, {});
  std::vector<net::Waker> wakers;
  std::vector<std::future<Result<Credential>>> workers;
  for (int i = 0; i < 3; ++i) {
    wakers.push_back(net::Waker::create().value());
    workers.push_back(std::async(std::launch::async, [&give, waker = wakers.back()] { return give({}, waker); }));
  }
  // Whichever of them runs it.
  for (const std::size_t i : {2U, 0U, 1U}) {
    wakers[i].cancel();
    ASSERT_EQ(workers[i].wait_for(in_time), std::future_status::ready);
    EXPECT_EQ(workers[i].get().error().kind(), ErrorKind::cancelled);
  }
}

}  // namespace
}  // namespace coi::engine

// What waits for an account is stored together, and answered one by one.
#include "engine/account_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <vector>

namespace coi::engine {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr UnixMs start = 1'795'000'000'000;
constexpr UnixMs minute = 60'000;
constexpr std::chrono::seconds patience{30};

class AccountThreadTest : public testing::Test {
 protected:
  AccountThreadTest() {
    auto pattern = (std::filesystem::temp_directory_path() / "coi-account-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
    auto database = store::Database::open(directory_, {});
    EXPECT_TRUE(database) << database.error().text();
    thread_.emplace(
        std::move(*database), chat::AccountFacts{.addr = "me@example.org", .own = {"me@example.org"}},
        [this] { return clock_.load(); }, Log{}, AtStep{},
        AccountHooks{.committed = [this](const store::Changes& changes) { commits_.push_back(changes); },
                     .mail_due = [this](const store::DueMail& mail) { due_.push_back(mail.message); },
                     .jobs_due = [] {},
                     .mail_lost = [](const Error&) {}});
  }
  ~AccountThreadTest() override {
    thread_.reset();
    std::filesystem::remove_all(directory_);
  }

  std::future<Result<store::Changes>> send(std::string text) {
    auto promise = std::make_shared<std::promise<Result<store::Changes>>>();
    chat::SendMessage message{.addr = "you@example.net",
                              .text = std::move(text),
                              .rfc_id = fmt::format("chat$0123456789abcdef{}@example.org", ++sent_)};
    thread_->act(std::move(message), [promise](auto outcome) { promise->set_value(std::move(outcome)); });
    return promise->get_future();
  }

  // Starts the thread, which finds all that was asked for so far waiting, and ends it when that is done.
  void run() {
    std::promise<void> over;
    thread_->start();
    thread_->post([&] { over.set_value(); });
    ASSERT_EQ(over.get_future().wait_for(patience), std::future_status::ready);
    thread_->stop();
  }

  void settle(int outgoing, chat::RecipientState state) {
    thread_->act(chat::SendResult{.outgoing = chat::OutgoingId(outgoing),
                                  .recipients = {{.addr = "you@example.net", .state = state, .reply = "…"}}},
                 [](const auto& stored) { EXPECT_TRUE(stored); });
  }

  std::atomic<UnixMs> clock_{start};
  std::filesystem::path directory_;
  std::vector<store::Changes> commits_;
  std::vector<chat::MessageId> due_;  // handed to the send worker, in this order
  int sent_ = 0;
  std::optional<AccountThread> thread_;
};

TEST_F(AccountThreadTest, MessagesThatWaitShareTransactionsAndEachHasItsOwnAnswer) {
  std::vector<std::future<Result<store::Changes>>> answers;
  for (int i = 0; i < 40; ++i) answers.push_back(send(fmt::format("message {}", i)));
  run();
  std::vector<chat::MessageId> stored;
  for (auto& answer : answers) {
    const auto outcome = answer.get();
    ASSERT_TRUE(outcome) << outcome.error().text();
    ASSERT_THAT(outcome->added, SizeIs(1));
    stored.push_back(outcome->added.front());
  }
  EXPECT_TRUE(std::ranges::is_sorted(stored)) << "in the order in which they were asked for";
  EXPECT_EQ(std::ranges::adjacent_find(stored), stored.end()) << "each its own";
  EXPECT_EQ(due_, stored);
  EXPECT_LT(commits_.size(), answers.size() / 2);
}

TEST_F(AccountThreadTest, WhatIsRefusedDoesNotHarmItsNeighbours) {
  auto first = send("first"), empty = send(""), last = send("last");
  run();
  const auto refused = empty.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::invalid);
  const auto before = first.get(), after = last.get();
  ASSERT_TRUE(before && after);
  EXPECT_THAT(due_, ElementsAre(before->added.front(), after->added.front()));
}

// The first mail is on its way all the time, and the second one's pause ends while the thread has other work.
TEST_F(AccountThreadTest, WhatBecomesDueMeanwhileIsHandedOutAtOnce) {
  auto first = send("first"), second = send("second");
  std::promise<void> over;
  thread_->start();
  thread_->post([&] { settle(2, chat::RecipientState::queued); });
  thread_->post([&] {
    thread_->post([&] { clock_ = start + minute; });
    thread_->post([&] { over.set_value(); });
  });
  ASSERT_EQ(over.get_future().wait_for(patience), std::future_status::ready);
  thread_->stop();
  const auto one = first.get()->added.front(), two = second.get()->added.front();
  EXPECT_THAT(due_, ElementsAre(one, two, two));
}

TEST_F(AccountThreadTest, MoreThanMayBeInFlightFollowsInOrderWhenTheFirstAreAnswered) {
  constexpr int all = 200;
  std::vector<std::future<Result<store::Changes>>> answers;
  for (int i = 0; i < all; ++i) answers.push_back(send("hello"));
  // Each mail handed over is accepted at once, as a server would.
  std::promise<void> over;
  std::function<void(int)> accept = [&](int outgoing) {
    if (outgoing > all) return over.set_value();
    thread_->act(chat::SendResult{.outgoing = chat::OutgoingId(outgoing),
                                  .recipients = {{.addr = "you@example.net",
                                                  .state = chat::RecipientState::accepted,
                                                  .reply = "250 2.0.0 Ok"}}},
                 [&accept, outgoing](const auto& stored) {
                   EXPECT_TRUE(stored);
                   accept(outgoing + 1);
                 });
  };
  thread_->start();
  thread_->post([&] { accept(1); });
  ASSERT_EQ(over.get_future().wait_for(patience), std::future_status::ready);
  thread_->stop();
  EXPECT_THAT(due_, SizeIs(all));
  EXPECT_TRUE(std::ranges::is_sorted(due_));
}

}  // namespace
}  // namespace coi::engine

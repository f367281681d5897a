// What waits for an account is stored together, and answered one by one.
#include "engine/account_thread.h"
#include "store/reader.h"
#include "temporary_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <future>
#include <thread>
#include <vector>

namespace coi::engine {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

constexpr UnixMs start = 1'795'000'000'000;
constexpr std::chrono::seconds thread_patience{30};
constexpr UnixMs one_minute = 60'000;

class AccountThreadTest : public testing::Test {
 protected:
  AccountThreadTest() {
    auto database = store::Database::open(directory_.path(), {});
    EXPECT_TRUE(database) << database.error().text();
    thread_.emplace(
        std::move(*database), chat::AccountFacts{.addr = "me@example.org", .own = {"me@example.org"}},
        [this] { return clock_.load(); }, Log{},
        [this](std::string_view step) {
          if (at_step_) at_step_(step);
        },
        AccountHooks{.committed = [this](const store::Changes& changes) { commits_.push_back(changes); },
                     .mail_due =
                         [this](chat::OutgoingId mail, Beginning beginning) {
                           due_.push_back(mail);
                           if (beginning.valid()) begun_.push_back(std::move(beginning));
                           return true;
                         },
                     .jobs_due = [] {},
                     .mail_lost = [](const Error&) {},
                     .sender_waits = [this] { return sender_waits_.load(); }});
  }
  ~AccountThreadTest() override { thread_.reset(); }

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
    ASSERT_EQ(over.get_future().wait_for(thread_patience), std::future_status::ready);
    thread_->stop();
  }

  void settle(int outgoing, chat::RecipientState state) {
    thread_->act(chat::SendResult{.outgoing = chat::OutgoingId(outgoing),
                                  .recipients = {{.addr = "you@example.net", .state = state, .reply = "…"}}},
                 [](const auto& stored) { EXPECT_TRUE(stored); });
  }

  std::atomic<UnixMs> clock_{start};
  const TemporaryDirectory directory_;
  std::vector<store::Changes> commits_;
  std::vector<chat::OutgoingId> due_;  // handed to the send worker, in this order
  std::vector<Beginning> begun_;       // those of them that were begun already
  std::atomic<bool> sender_waits_ = false;
  int sent_ = 0;
  AtStep at_step_;
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
  EXPECT_THAT(due_, SizeIs(stored.size()));
  EXPECT_TRUE(std::ranges::is_sorted(due_));
  EXPECT_LT(commits_.size(), answers.size() / 2);
}

// In more than one transaction, all within one second.
TEST_F(AccountThreadTest, MessagesOfOneSecondStandInTheOrderInWhichTheyWereWritten) {
  constexpr int all = 100;
  std::vector<std::string> texts;
  for (int i = 0; i < all; ++i) {
    texts.push_back(std::to_string(i));
    (void)send(texts.back());
  }
  run();
  auto reader = store::Reader::open(directory_.path()).value();
  const auto chat = reader.find_chats("you@example.net").value().at(0);
  std::vector<std::string> shown;
  for (const auto page = reader.messages(chat, {.most = all}).value(); const auto& message : page.value.rows)
    shown.push_back(message.text);
  EXPECT_EQ(shown, texts);
}

TEST_F(AccountThreadTest, WhatIsRefusedDoesNotHarmItsNeighbours) {
  auto first = send("first"), empty = send(""), last = send("last");
  run();
  const auto refused = empty.get();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::invalid);
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(last.get());
  EXPECT_THAT(due_, ElementsAre(chat::OutgoingId(1), chat::OutgoingId(2)));
}

// The first mail is on its way all the time, and the second one's pause ends while the thread has other work.
TEST_F(AccountThreadTest, WhatBecomesDueMeanwhileIsHandedOutAtOnce) {
  const auto first = send("first"), second = send("second");
  std::promise<void> over;
  thread_->start();
  thread_->post([&] { settle(2, chat::RecipientState::queued); });
  thread_->post([&] {
    thread_->post([&] { clock_ = start + one_minute; });
    thread_->post([&] { over.set_value(); });
  });
  ASSERT_EQ(over.get_future().wait_for(thread_patience), std::future_status::ready);
  thread_->stop();
  const chat::OutgoingId one(1), two(2);
  EXPECT_THAT(due_, ElementsAre(one, two, two));
}

// After a start, say, or when the network is back after days.
TEST_F(AccountThreadTest, ALongQueueIsHandedOutInOrderAndOnce) {
  constexpr int all = 200;
  for (int i = 0; i < all; ++i) (void)send("hello");
  std::promise<void> over;
  thread_->start();
  thread_->post([&] { clock_ = start + one_minute; });
  thread_->post([&] { over.set_value(); });
  ASSERT_EQ(over.get_future().wait_for(thread_patience), std::future_status::ready);
  thread_->stop();
  EXPECT_THAT(due_, SizeIs(all));
  EXPECT_TRUE(std::ranges::is_sorted(due_));
}

// A mail in the send worker's queue is an id; its bytes, and who is to get it, are read when its turn comes.
// A damaged row: it holds up nobody, and who wrote it is told.
TEST_F(AccountThreadTest, AMailThatIsLostFailsAndTheNextOneGoes) {
  auto first = send("first"), second = send("second");
  thread_->post([this] {
    auto& database = thread_->database();
    const chat::PutOutgoing emptied{.key = {"chat$0123456789abcdef1@example.org", "me@example.org"}};
    EXPECT_TRUE(database.begin(store::Durability::normal));
    EXPECT_TRUE(database.apply({.operations = {emptied}}, start));
    EXPECT_TRUE(database.commit());
  });
  auto lost = thread_->begin_sending(chat::OutgoingId(1));
  auto next = thread_->begin_sending(chat::OutgoingId(2));
  run();
  EXPECT_FALSE(lost.get().value());
  EXPECT_TRUE(next.get().value());
  const auto message = first.get().value().added.front();
  const auto shown = store::Reader::open(directory_.path()).value().message(message)->value.value();
  EXPECT_EQ(shown.state, store::MessageRow::State::failed);
  EXPECT_THAT(shown.recipients.front().error, testing::HasSubstr("write it again"));
}

TEST_F(AccountThreadTest, WhatIsNoLongerDueWhenItsTurnComesIsNotSent) {
  auto sent = send("hello");
  thread_->start();
  ASSERT_TRUE(sent.get());
  const chat::OutgoingId mail(1);
  auto begun = thread_->begin_sending(mail).get();
  ASSERT_TRUE(begun && *begun);
  EXPECT_TRUE((*begun)->noted.get());
  EXPECT_THAT((*begun)->mail.recipients, ElementsAre("you@example.net"));
  EXPECT_THAT((*begun)->mail.bytes, testing::HasSubstr("hello"));
  settle(1, chat::RecipientState::queued);
  const auto too_early = thread_->begin_sending(mail).get();
  ASSERT_TRUE(too_early);
  EXPECT_FALSE(*too_early);
  // It is told of again, and so was not forgotten.
  clock_ = start + one_minute;
  std::promise<void> over;
  thread_->post([&] { over.set_value(); });
  over.get_future().wait();
  EXPECT_TRUE(thread_->begin_sending(mail).get().value());
  thread_->stop();
  EXPECT_THAT(due_, ElementsAre(mail, mail));
}

// What is put and what the server may have from then on share one sync of the disk.
TEST_F(AccountThreadTest, AMailForWhichTheWorkerWaitsIsBegunAsItIsStored) {
  sender_waits_ = true;
  auto first = send("first"), second = send("second");
  run();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_THAT(due_, ElementsAre(chat::OutgoingId(1), chat::OutgoingId(2)));
  ASSERT_THAT(begun_, SizeIs(1)) << "the second one waits for its turn";
  auto mail = begun_.front().get();
  ASSERT_TRUE(mail && *mail);
  EXPECT_THAT((*mail)->mail.bytes, testing::HasSubstr("first"));
  EXPECT_TRUE((*mail)->noted.get());
  EXPECT_THAT(commits_, SizeIs(1));
}

// Whatever an action tells others is stored as durably as a message.
TEST_F(AccountThreadTest, AnEditIsBegunAsItIsStored) {
  auto sent = send("first");
  thread_->start();
  const auto stored = sent.get();
  ASSERT_TRUE(stored) << stored.error().text();
  settle(1, chat::RecipientState::accepted);
  std::promise<void> settled;
  thread_->post([&] { settled.set_value(); });
  settled.get_future().wait();
  sender_waits_ = true;
  std::promise<bool> edited;
  thread_->act(chat::EditMessage{stored->added.front(), "First", true, "chat$edit@example.org"},
               [&](const Result<store::Changes>& changes) { edited.set_value(changes.has_value()); });
  EXPECT_TRUE(edited.get_future().get());
  thread_->stop();
  ASSERT_THAT(begun_, SizeIs(1));
  auto mail = begun_.front().get();
  ASSERT_TRUE(mail && *mail);
  EXPECT_THAT((*mail)->mail.bytes, testing::HasSubstr("First"));
}

// The thread takes the question when it looks whether more waits behind the message, and is told to stop before it
// comes to it.
TEST_F(AccountThreadTest, NoQuestionStaysUnansweredAtTheEnd) {
  auto sent = send("hello");
  bool answered = false;
  ASSERT_TRUE(thread_->after_mail([&] { answered = true; }));
  std::promise<void> started, stored;
  at_step_ = [&](std::string_view step) {
    if (step != out_stored) return;
    started.get_future().wait();
    stored.set_value();
    while (thread_->after_mail([] {})) std::this_thread::yield();  // until the stop has come
  };
  thread_->start();
  started.set_value();
  stored.get_future().wait();
  thread_->stop();
  EXPECT_TRUE(sent.get());
  EXPECT_TRUE(answered);
}

}  // namespace
}  // namespace coi::engine

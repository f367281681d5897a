// Two accounts of one engine write to each other while several threads read, change and watch both. What is asserted is
// what users see; that nobody touches what belongs to another thread is ThreadSanitizer's to say (preset tsan).
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "engine/engine.h"
#include "mailhost.h"
#include "temporary_directory.h"

namespace coi::engine {
namespace {

constexpr int mails_each_way = 40;  // each way
constexpr std::chrono::seconds long_patience{90};
const std::string alice_addr = "alice@example.org";
const std::string bob = "bob@example.net";

// Waits for what events announce; the sink is called on the accounts' threads.
class Bell {
 public:
  void ring() {
    {
      std::lock_guard lock(mutex_);
      ++rung_;
    }
    happened_.notify_all();
  }
  bool wait_until(const std::function<bool()>& ready) {
    const auto deadline = std::chrono::steady_clock::now() + long_patience;
    while (true) {
      std::uint64_t looked = 0;
      {
        std::lock_guard lock(mutex_);
        looked = rung_;
      }
      if (ready()) return true;
      std::unique_lock lock(mutex_);
      if (!happened_.wait_until(lock, deadline, [&] { return rung_ != looked; })) return ready();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable happened_;
  std::uint64_t rung_ = 0;
};

class TwoAccounts : public testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    engine_ = Engine::open(directory_.path(), {}, [this](const Event&) { bell_.ring(); }).value();
  }

  std::shared_ptr<Account> login(const std::string& addr) {
    auto account = engine_->login({.addr = addr,
                                   .name = addr.substr(0, addr.find('@')),
                                   .imap_url = host_.imap_url(),
                                   .smtp_url = host_.smtp_url(),
                                   .tls_ca = host_.ca(),
                                   .password = Secret("secret"),
                                   .secrets = secrets::Mode::file},
                                  [](std::string_view) {});
    if (!account) throw std::runtime_error(account.error().text());
    return *account;
  }

  static void send(Account& account, const std::string& to, const std::string& text) {
    account.act(chat::SendMessage{.addr = to, .text = text},
                [](const Result<store::Changes>& changes) { EXPECT_TRUE(changes) << changes.error().text(); });
  }

  // Those of the other, in the order of the chat.
  static std::vector<std::string> received(Account& account, const std::string& from) {
    auto reader = account.reader().value();
    const auto chats = reader.find_chats(from);
    std::vector<std::string> texts;
    if (!chats || chats->empty()) return texts;
    const auto messages = reader.messages(chats->front(), {.most = 100000}).value();
    for (const auto& message : messages.value.rows)
      if (!message.outgoing) texts.push_back(message.text);
    return texts;
  }

  static std::set<std::string> written(const std::string& from) {
    std::set<std::string> texts;
    for (int i = 0; i < mails_each_way; ++i) texts.insert(fmt::format("{} {}", from, i));
    return texts;
  }

  live::Mailhost host_;
  TemporaryDirectory directory_;
  Bell bell_;
  std::unique_ptr<Engine> engine_;
};

bool has_all(const std::vector<std::string>& texts, const std::set<std::string>& wanted) {
  return std::ranges::all_of(wanted, [&](const auto& text) { return std::ranges::count(texts, text) == 1; });
}

// What a front end does all day, until told to end.
void read_on(const std::shared_ptr<Account>& account, const std::stop_token& stop, std::atomic<int>& rounds) {
  auto reader = account->reader().value();
  while (!stop.stop_requested()) {
    const auto chats = reader.chats({});
    ASSERT_TRUE(chats) << chats.error().text();
    for (const auto& chat : chats->value.rows) {
      const auto messages = reader.messages(chat.id, {.most = 50});
      ASSERT_TRUE(messages) << messages.error().text();
    }
    ASSERT_TRUE(reader.queue(system_now()));
    (void)account->status();
    (void)account->progress();
    account->network_changed();
    ++rounds;
  }
}

TEST_F(TwoAccounts, WorkWhileManyThreadsReadAndWrite) {
  const auto alices = login(alice_addr), bobs = login(bob);
  std::atomic<int> rounds = 0;
  std::vector<std::jthread> readers;
  for (const auto& account : {alices, bobs, alices, bobs})
    readers.emplace_back([account, &rounds](const std::stop_token& stop) { read_on(account, stop, rounds); });
  readers.emplace_back([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      EXPECT_EQ(engine_->accounts().size(), 2U);
      std::promise<void> done;
      alices->sync([&](const Result<>&) { done.set_value(); });
      done.get_future().wait();
    }
  });
  {
    std::jthread first([&] {
      for (int i = 0; i < mails_each_way; ++i) send(*alices, bob, fmt::format("alice {}", i));
    });
    std::jthread second([&] {
      for (int i = 0; i < mails_each_way; ++i) send(*bobs, alice_addr, fmt::format("bob {}", i));
    });
  }
  EXPECT_TRUE(bell_.wait_until([&] {
    return has_all(received(*alices, bob), written("bob")) && has_all(received(*bobs, alice_addr), written("alice"));
  }));
  for (auto& reader : readers) reader.request_stop();
  readers.clear();
  EXPECT_GT(rounds, 8);
  EXPECT_EQ(received(*alices, bob).size(), static_cast<std::size_t>(mails_each_way));
  EXPECT_EQ(received(*bobs, alice_addr).size(), static_cast<std::size_t>(mails_each_way));
}

// Everything that is under way when the engine ends is ended in order, and found again.
TEST_F(TwoAccounts, EndInTheMiddleOfWork) {
  {
    const auto alices = login(alice_addr), bobs = login(bob);
    for (int i = 0; i < mails_each_way; ++i) {
      send(*alices, bob, fmt::format("alice {}", i));
      send(*bobs, alice_addr, fmt::format("bob {}", i));
    }
    // Stored by the time a later question is answered.
    ASSERT_TRUE(bell_.wait_until([&] { return !received(*alices, bob).empty(); }));
  }
  engine_.reset();
  open();
  const auto alices = engine_->account(alice_addr).value(), bobs = engine_->account(bob).value();
  EXPECT_TRUE(bell_.wait_until([&] {
    return has_all(received(*alices, bob), written("bob")) && has_all(received(*bobs, alice_addr), written("alice"));
  }));
  EXPECT_EQ(received(*alices, bob).size(), static_cast<std::size_t>(mails_each_way));
  EXPECT_EQ(received(*bobs, alice_addr).size(), static_cast<std::size_t>(mails_each_way));
}

// A login while the other account works, and a logout under readers.
TEST_F(TwoAccounts, ComeAndGo) {
  const auto alices = login(alice_addr);
  auto busy = std::async(std::launch::async, [&] {
    for (int i = 0; i < mails_each_way; ++i) send(*alices, bob, fmt::format("alice {}", i));
  });
  const auto bobs = login(bob);
  EXPECT_TRUE(bell_.wait_until([&] { return has_all(received(*bobs, alice_addr), written("alice")); }));
  busy.wait();
  {
    std::jthread reader([alices](const std::stop_token& stop) {
      while (!stop.stop_requested()) (void)alices->status();
    });
    ASSERT_TRUE(engine_->logout(bob));
    ASSERT_EQ(engine_->accounts().size(), 1U);
  }
  EXPECT_TRUE(engine_->account(alice_addr));
  EXPECT_FALSE(engine_->account(bob));
}

}  // namespace
}  // namespace coi::engine

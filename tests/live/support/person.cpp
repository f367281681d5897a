#include "person.h"

#include <cstdlib>
#include <future>
#include <iostream>
#include <stdexcept>

#include <fmt/format.h>

namespace coi::live {
namespace {

constexpr std::chrono::seconds patience{20};

Log test_log(const std::string& who) {
  if (std::getenv("COI_TEST_LOG") == nullptr) return {};
  return Log([who](LogLevel, std::string_view line) {
    std::cerr << fmt::format("{} {}: {}\n", to_rfc3339(system_now()).substr(14, 9), who, line) << std::flush;
  });
}

}  // namespace

Person::Person(const Mailhost& host, std::string addr, std::filesystem::path data, Limits limits,
               engine::AtStep at_step)
    : addr_(std::move(addr)), data_(std::move(data)), limits_(limits), at_step_(std::move(at_step)) {
  if (data_.empty()) data_ = own_data_.emplace().path();
  open();
  engine::LoginRequest request{.addr = addr_,
                               .name = addr_.substr(0, addr_.find('@')),
                               .imap_url = host.imap_url(),
                               .smtp_url = host.smtp_url(),
                               .tls_ca = host.ca(),
                               .password = Secret("secret"),
                               .secrets = secrets::Mode::file};
  auto account = engine_->login(request, [](std::string_view) {});
  if (!account) throw std::runtime_error(account.error().text());
  account_ = std::move(*account);
}

Person::~Person() {
  account_.reset();
  engine_.reset();
}

void Person::open() {
  const engine::Environment environment{.log = test_log(addr_), .limits = limits_, .at_step = at_step_};
  auto engine = engine::Engine::open(data_, environment, [this](const engine::Event&) {
    {
      std::lock_guard lock(mutex_);
      ++events_;
    }
    happened_.notify_all();
  });
  if (!engine) throw std::runtime_error(engine.error().text());
  engine_ = std::move(*engine);
}

void Person::restart() {
  account_.reset();
  engine_.reset();
  open();
  account_ = engine_->account(addr_).value();
}

Result<store::Changes> Person::act(chat::Input action) {
  std::promise<Result<store::Changes>> promise;
  account_->act(std::move(action), [&](Result<store::Changes> result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

store::MessageRow Person::send(const std::string& to, const std::string& text) {
  auto changes = act(chat::SendMessage{.addr = to, .text = text});
  if (!changes) throw std::runtime_error(changes.error().text());
  return account_->reader()->message(changes->added.front())->value.value();
}

Result<> Person::sync() {
  std::promise<Result<>> promise;
  account_->sync([&](Result<> result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

bool Person::finish() {
  auto reader = account_->reader();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < deadline) {
    if (!sync()) return false;
    const auto queue = reader->queue(system_now()).value();
    if (queue.outgoing == 0 && queue.jobs == 0) return true;
  }
  return false;
}

bool Person::wait_until(const std::function<bool(store::Reader&)>& ready) {
  auto reader = account_->reader();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::uint64_t looked = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      looked = events_;
    }
    if (ready(*reader)) return true;
    std::unique_lock lock(mutex_);
    if (!happened_.wait_until(lock, deadline, [&] { return events_ != looked; })) return ready(*reader);
  }
}

std::vector<store::ChatRow> Person::chats(bool requests) {
  return account_->reader()->chats({.requests = requests})->value.rows;
}

std::optional<store::ChatRow> Person::chat_with(const std::string& addr) {
  auto reader = account_->reader();
  const auto found = reader->find_chats(addr);
  if (!found || found->empty()) return std::nullopt;
  return reader->chat(found->front())->value;
}

std::vector<store::MessageRow> Person::messages(const std::string& addr) {
  const auto chat = chat_with(addr);
  if (!chat) return {};
  return account_->reader()->messages(chat->id, {.most = 100000})->value.rows;
}

bool Person::wait_for_text(const std::string& from, const std::string& text) {
  return wait_until([&](store::Reader&) {
    for (const auto& message : messages(from))
      if (message.text == text) return true;
    return false;
  });
}

}  // namespace coi::live

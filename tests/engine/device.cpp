#include "device.h"

#include <algorithm>
#include <future>
#include <iostream>
#include <stdexcept>

#include <unistd.h>

#include <fmt/format.h>

#include "engine/credential.h"
#include "scripted_server.h"

namespace coi::engine::test {
namespace {

constexpr std::chrono::seconds device_patience{20};

Log test_log() {
  if (std::getenv("COI_TEST_LOG") == nullptr) return {};
  return Log([](LogLevel, std::string_view line) {
    std::cerr << fmt::format("{} {}\n", to_rfc3339(system_now()).substr(14, 9), line) << std::flush;
  });
}

}  // namespace

std::uint16_t closed_port() {
  return ScriptedServer([](Peer&) {}).port();
}

Device::Device(std::uint16_t imap_port, std::uint16_t smtp_port, Environment environment, net::Security smtp_security) {
  environment_ = std::move(environment);
  environment_.log = test_log();
  config_ = {.id = "01TEST",
             .addr = addr,
             .user = addr,
             .imap = {"127.0.0.1", imap_port, net::Security::plain},
             .smtp = {"127.0.0.1", smtp_port, smtp_security}};
  if (const auto kept = keep_secrets(config_, Secret("secret"), directory_.path()); !kept)
    throw std::runtime_error(kept.error().text());
  open();
}

void Device::restart() {
  account_.reset();
  open();
}

void Device::configure(const std::function<void(AccountConfig&)>& change) {
  account_.reset();
  change(config_);
  open();
}

void Device::open() {
  account_ = Account::open(config_, directory_.path(), environment_, [this](const Event& event) {
               {
                 std::lock_guard lock(mutex_);
                 ++events_;
                 if (event.changes)
                   for (const auto& [id, sound] : event.changes->sounds) notified_.push_back(id);
                 if (event.connection) problems_.insert(event.connection->problem);
               }
               happened_.notify_all();
             }).value();
}

Device::~Device() = default;

chat::MessageId Device::send(const std::string& text, const std::string& to) {
  std::promise<Result<store::Changes>> stored;
  account_->act(chat::SendMessage{.addr = to, .text = text},
                [&](Result<store::Changes> changes) { stored.set_value(std::move(changes)); });
  return stored.get_future().get().value().added.front();
}

void Device::know(const std::string& person) {
  std::promise<Result<store::Changes>> stored;
  account_->act(chat::NamePerson{person, "A friend"},
                [&](Result<store::Changes> changes) { stored.set_value(std::move(changes)); });
  stored.get_future().get().value();
}

std::vector<std::string> Device::notified() {
  std::vector<chat::MessageId> messages;
  {
    std::lock_guard lock(mutex_);
    messages = notified_;
  }
  std::vector<std::string> texts;
  for (const auto id : messages) texts.push_back(message(id).text);
  return texts;
}

Result<> Device::sync() {
  std::promise<Result<>> synced;
  account_->sync([&](Result<> outcome) { synced.set_value(std::move(outcome)); });
  return synced.get_future().get();
}

bool Device::wait_until(const std::function<bool()>& ready) {
  const auto deadline = std::chrono::steady_clock::now() + device_patience;
  while (true) {
    std::uint64_t looked = 0;
    {
      std::lock_guard lock(mutex_);
      looked = events_;
    }
    if (ready()) return true;
    // A server's state makes no event: it is looked at now and then.
    std::unique_lock lock(mutex_);
    const auto next = std::min(deadline, std::chrono::steady_clock::now() + std::chrono::milliseconds(20));
    if (!happened_.wait_until(lock, next, [&] { return events_ != looked; }) &&
        std::chrono::steady_clock::now() >= deadline)
      return ready();
  }
}

bool Device::wait_for_hours(std::atomic<UnixMs>& now, const std::function<bool()>& ready) {
  return wait_until([&] {
    if (ready()) return true;
    now += hour;
    return sync().has_value() && ready();
  });
}

store::MessageRow Device::message(chat::MessageId id) { return account_->reader()->message(id)->value.value(); }

std::vector<store::MessageRow> Device::messages(const std::string& from) {
  auto reader = account_->reader().value();
  const auto chats = reader.find_chats(from);
  if (!chats || chats->empty()) return {};
  return reader.messages(chats->front(), {.most = 100000}).value().value.rows;
}

std::vector<std::string> Device::texts(const std::string& from) {
  std::vector<std::string> texts;
  for (const auto& message : messages(from)) texts.push_back(message.text);
  return texts;
}

bool Device::has_said(const std::string& words) {
  std::lock_guard lock(mutex_);
  return std::ranges::any_of(problems_, [&](const auto& problem) { return problem.contains(words); });
}

bool Device::is_seen(const std::string& from, const std::string& text) {
  return std::ranges::any_of(messages(from), [&](const auto& message) {
    return message.text == text && message.state == store::MessageRow::State::seen;
  });
}

}  // namespace coi::engine::test

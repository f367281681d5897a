// One person of a live test: an engine of its own with one account, and patience for what happens there.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/engine.h"
#include "mailhost.h"
#include "temporary_directory.h"

namespace coi::live {

class Person {
 public:
  // Logs in; throws with the reason when that fails. `at_step` is told of the steps of both walks, on their threads.
  Person(const Mailhost& host, std::string addr, std::filesystem::path data = {}, Limits limits = {},
         engine::AtStep at_step = {});
  ~Person();

  engine::Account& account() { return *account_; }
  const std::string& addr() const { return addr_; }
  const std::filesystem::path& data() const { return data_; }

  // The user's action and its outcome after the commit.
  Result<store::Changes> act(chat::Input action);
  store::MessageRow send(const std::string& to, const std::string& text);
  Result<> sync();
  // Looks at the server until nothing is left to be sent, filed or told there; false after 20 seconds.
  bool finish();

  // Waits until `ready` holds, looking again after every event; false after 20 seconds.
  bool wait_until(const std::function<bool(store::Reader&)>& ready);
  std::vector<store::ChatRow> chats(bool requests = false);
  std::vector<store::MessageRow> messages(const std::string& addr);
  std::optional<store::ChatRow> chat_with(const std::string& addr);
  bool wait_for_text(const std::string& from, const std::string& text);

  // Stops the engine and starts it again on the same data.
  void restart();

 private:
  void open();

  std::string addr_;
  std::filesystem::path data_;
  Limits limits_;
  engine::AtStep at_step_;
  std::optional<TemporaryDirectory> own_data_;
  std::mutex mutex_;
  std::condition_variable happened_;
  std::uint64_t events_ = 0;
  std::unique_ptr<engine::Engine> engine_;
  std::shared_ptr<engine::Account> account_;
};

}  // namespace coi::live

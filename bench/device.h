// Our side: an engine in a data directory, driven as the daemon drives it, and what it did by when.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bare_client.h"
#include "engine/engine.h"

namespace coi::bench {

using SteadyClock = std::chrono::steady_clock;

class Device {
 public:
  // Opens the engine; an account that is there starts at once.
  static Result<std::unique_ptr<Device>> open(const std::filesystem::path& data);
  ~Device();

  Result<> login(const Servers& servers, const std::string& addr);
  Result<> accept(const std::string& addr);
  Result<> send(const std::string& to, const std::string& text);
  // Queues `count` texts without waiting between them.
  Result<> send_many(const std::string& to, int count, const std::string& text);
  Result<> send_poll(const std::string& to, const std::string& question, const std::vector<std::string>& options);
  Result<chat::ChatId> create_group(const std::string& name, const std::vector<std::string>& members);
  Result<> say(chat::ChatId chat, const std::string& text);
  // Any other action of the user, until it is stored.
  Result<store::Changes> act(chat::Input action);

  // Messages of others and of ourselves added since the engine was opened.
  std::size_t added() const;
  // When `count` of them had been added and their rows could be read; error network after `patience`.
  Result<SteadyClock::time_point> wait_for_added(std::size_t count, std::chrono::seconds patience);
  // From the moment on at which the first mail leaves (a small one whole, in one write that begins with MAIL) until the
  // server has accepted `count` of them; counted anew from count_sending() on. Error network after `patience`.
  void count_sending();
  Result<SteadyClock::duration> wait_for_accepted(std::size_t count, std::chrono::seconds patience);
  // Until the own copies of so many are on the server, so that nothing of them falls into the next measurement.
  Result<> wait_for_filed(std::size_t count, std::chrono::seconds patience);
  // Reads the row of the newest message.
  Result<store::MessageRow> newest();
  // Reads the row of the message until it is as wanted, each time that it was told to have changed; the first time at
  // once. Error network after `patience`.
  Result<> wait_until(chat::MessageId message, const std::function<bool(const store::MessageRow&)>& is_so,
                      std::chrono::seconds patience);
  // When all mails were here that lay in the mailbox at the login, what is said about messages among them. The same
  // error.
  Result<SteadyClock::time_point> wait_for_everything(std::chrono::seconds patience);
  // When the first IDLE was sent. The same error.
  Result<SteadyClock::time_point> wait_for_idle(std::chrono::seconds patience);

 private:
  Device() = default;
  void happened(const engine::Event& event);
  void logged(std::string_view line);
  void reached(std::string_view step);
  template <class Ready>
  bool wait(std::chrono::seconds patience, Ready ready);
  Result<store::MessageRow> read(chat::MessageId id);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<SteadyClock::time_point> added_at_;
  chat::MessageId newest_;
  std::map<chat::MessageId, std::size_t> changed_times_;
  std::optional<SteadyClock::time_point> idle_at_, begun_at_, everything_at_;
  std::vector<SteadyClock::time_point> accepted_at_;
  std::size_t filed_ = 0;

  std::optional<store::Reader> reader_;
  std::unique_ptr<engine::Engine> engine_;
  std::shared_ptr<engine::Account> account_;
};

}  // namespace coi::bench

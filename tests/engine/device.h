// One account against servers in the test's hands.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "engine/account.h"
#include "mails.h"
#include "temporary_directory.h"

namespace coi::engine::test {

inline constexpr UnixMs minute = 60'000, hour = 60 * minute;

// Of a server that tells what happens in all folders.
inline constexpr auto with_notify = "IDLE NOTIFY UIDPLUS";

// Nobody listens there.
std::uint16_t closed_port();

class Device {
 public:
  static constexpr auto addr = "me@example.org";

  // `security` of the submission server; IMAP goes in clear text. `environment`: all but its log counts.
  Device(std::uint16_t imap_port, std::uint16_t smtp_port, Environment environment = {},
         net::Security smtp_security = net::Security::plain);
  ~Device();

  Account& account() { return *account_; }
  // As another run of the program finds the account.
  void restart();
  // The same, with other settings.
  void configure(const std::function<void(AccountConfig&)>& change);
  // What waits for the disk is stored when this returns.
  chat::MessageId send(const std::string& text, const std::string& to = "you@example.net");
  Result<> sync();
  // Looks again after every event; false after 20 seconds.
  bool wait_until(const std::function<bool()>& ready);
  // The same, while an hour after the other passes on the device's clock, each with a sync. A clock that jumps amid
  // a commit and then stands still hides what became due in between: it is looked for a minute later by that clock.
  bool wait_for_hours(std::atomic<UnixMs>& now, const std::function<bool()>& ready);

  store::MessageRow message(chat::MessageId id);
  // Waits until so many mails of theirs are here.
  bool has(std::size_t mails, const std::string& from = eve) {
    return wait_until([&] { return texts(from).size() == mails; });
  }
  bool is_online() { return account().status().state == ConnectionState::online; }
  bool is_sent(chat::MessageId id) { return message(id).state == store::MessageRow::State::sent; }
  std::vector<store::MessageRow> messages(const std::string& from);
  std::vector<std::string> texts(const std::string& from);
  bool is_seen(const std::string& from, const std::string& text);
  // This person is known from now on, so that what comes from there makes a sound.
  void know(const std::string& person);
  // The texts of what made one.
  std::vector<std::string> notified();
  // That a problem with these words was in the status, for however short a time.
  bool has_said(const std::string& words);

 private:
  void open();

  const TemporaryDirectory directory_;
  AccountConfig config_;
  Environment environment_;
  std::mutex mutex_;
  std::condition_variable happened_;
  std::uint64_t events_ = 0;
  std::vector<chat::MessageId> notified_;
  std::set<std::string> problems_;
  std::unique_ptr<Account> account_;
};

}  // namespace coi::engine::test

// The inside of Engine, shared by its files; not for others.
#pragma once

#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "base/descriptor.h"
#include "base/guarded.h"
#include "engine/engine.h"
#include "net/waker.h"

namespace coi::engine {

struct Engine::Impl {
  Impl(std::filesystem::path directory, Environment surroundings, EventSink events, Descriptor taken,
       net::Waker for_retries)
      : data(std::move(directory)),
        environment(std::move(surroundings)),
        sink(std::move(events)),
        lock(std::move(taken)),
        bell(std::move(for_retries)) {}
  ~Impl() { bell.cancel(); }

  std::filesystem::path accounts_directory() const { return data / "accounts"; }
  // An account that cannot be opened is listed with its reason.
  void open_account(AccountConfig config, const std::filesystem::path& directory);
  Result<std::shared_ptr<Account>> open_with(AccountConfig config, const std::filesystem::path& directory);
  Result<std::shared_ptr<Account>> open_once(const Entry& entry);
  static bool is_failed(const Entry& entry) { return entry.account == nullptr && !entry.held; }
  // Any thread.
  void note_damage(const std::string& id, const Error& error);
  // Closes accounts whose database is damaged, and opens those again that could not be opened: a full disk gets room
  // again, a locked database is let go. Once a day files go that no message has any more.
  void look_after();
  void close_damaged();
  // Tells the accounts when the network came back.
  void watch_network() const;
  void retry_failed();
  void for_each_open(const std::function<void(Account&)>& use) const;
  Result<Entry> find(std::string_view addr) const;
  // All of it or nothing: where it fails, the login as it was (`known`) goes on working. Errors: full, io, those of the
  // secrets room.
  Result<> store_login(const AccountConfig& config, const Secret& secret,
                       const std::optional<AccountConfig>& known) const;
  // A login without a word about the client is one more at the client that the account has.
  void recall_client(LoginRequest& request) const;
  Result<net::Waker> begin_login();
  void end_login(const net::Waker& waker);
  // Stops the account of this id, if there is one, and opens it as `config` says. Error: why it cannot be opened.
  Result<> replace(AccountConfig config);

  std::filesystem::path data;
  Environment environment;
  EventSink sink;
  Descriptor lock;  // the data directory belongs to one daemon at a time
  // Of logins under way: cancelled together.
  struct Logins {
    std::vector<net::Waker> wakers;
    bool ended = false;
  };
  const net::Waker bell;  // of look_after()
  Guarded<Logins> logins;
  Guarded<std::map<std::string, Error>> damaged;  // by account, to be closed
  // Held while a damaged account is closed or repaired, and while failed ones are tried again, which waits for nobody.
  std::mutex upkeep;
  Guarded<std::vector<Entry>> entries;
  Guarded<std::string> used;
  std::jthread retries;
  std::jthread network;
};

}  // namespace coi::engine

// From what happens in the accounts to the events that subscribed connections get. The rows are read on a reading
// thread, and only while somebody listens; the accounts never wait.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "api/outbox.h"
#include "api/read_pool.h"
#include "base/guarded.h"
#include "engine/engine.h"
#include "proto/event.h"

namespace coi::api {

inline constexpr std::int64_t most_objects = 200;  // of one change that are told one by one; above it, a resync

class EventFeed {
 public:
  // `engine` may be filled later; it is used while there are subscribers.
  EventFeed(ReadPool& reads, const std::unique_ptr<engine::Engine>& engine, Clock clock);

  // The engine's sink.
  void happened(const engine::Event& event);
  void account_changed(proto::Account details);

  // `account`: an id, or empty for all. A connection has one subscription; the newest counts. `since`: what came after
  // these positions is told first, from memory; of an account of which that is not kept any more, one resync.
  void subscribe(const std::shared_ptr<Outbox>& client, std::string account, std::vector<proto::Position> since = {});
  void unsubscribe(const std::shared_ptr<Outbox>& client);

 private:
  struct TooMuch {
    std::int64_t seq = 0;
  };
  using Change = std::variant<store::Changes, TooMuch>;
  // For one client that subscribed anew: all that was put before.
  struct Replay {
    std::weak_ptr<Outbox> client;
    std::int64_t since = 0;
    std::deque<Change> changes;  // of the account, the newest last
  };
  struct Item {
    std::string account;
    std::variant<store::Changes, TooMuch, engine::Status, engine::Progress, proto::Account, Replay> what;
  };
  struct Subscriber {
    std::weak_ptr<Outbox> client;
    std::string account;
    std::size_t replays = 0;  // that have to be told first
  };
  struct Recent {
    std::deque<Change> changes;  // the newest last
    std::int64_t events = 0;     // of all of them
  };
  struct State {
    std::vector<Subscriber> subscribers;
    std::deque<Item> waiting;
    std::map<std::string, Recent> recent;  // of each account
    bool running = false;                  // one piece of work takes the items out, in order
  };

  void put(Item item);
  static void remember(State& state, const Item& item);
  void replay(store::Reader* reader, const std::string& account, const Replay& replay);
  void tell_change(store::Reader* reader, const std::string& account, const Change& change);
  static void condense(std::deque<Item>& waiting);
  void run(Readers& readers);
  void tell(Readers& readers, const Item& item);
  Result<> tell_changes(store::Reader& reader, const std::string& account, const store::Changes& changes);
  std::int64_t seq_of(store::Reader* reader, const std::string& account);
  void deliver(const std::string& account, std::int64_t seq, const proto::Event& event);

  ReadPool& reads_;
  const std::unique_ptr<engine::Engine>& engine_;
  const Clock clock_;
  Guarded<State> state_;
  std::shared_ptr<Outbox> only_;              // the one to deliver to, for a while; run() alone
  std::map<std::string, std::int64_t> seqs_;  // of the last event of each account; run() alone
};

}  // namespace coi::api

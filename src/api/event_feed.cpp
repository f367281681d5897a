#include "api/event_feed.h"

#include <algorithm>

#include "api/rows.h"
#include "api/rpc.h"

namespace coi::api {
namespace {

constexpr std::size_t most_waiting = 1000;  // changes not yet read
constexpr std::size_t most_at_once = 64;    // then other reads get their turn

}  // namespace

EventFeed::EventFeed(ReadPool& reads, const std::unique_ptr<engine::Engine>& engine, Clock clock)
    : reads_(reads), engine_(engine), clock_(std::move(clock)) {}

void EventFeed::happened(const engine::Event& event) {
  if (event.changes) {
    if (event.changes->events() > most_objects)
      put({event.account, TooMuch{event.changes->seq}});
    else
      put({event.account, *event.changes});
  }
  if (event.connection) put({event.account, *event.connection});
  if (event.progress) put({event.account, *event.progress});
}

void EventFeed::account_changed(proto::Account details) {
  auto id = details.id;
  put({std::move(id), std::move(details)});
}

void EventFeed::subscribe(const std::shared_ptr<Outbox>& client, std::string account) {
  unsubscribe(client);
  state_.with([&](State& state) { state.subscribers.push_back({client, std::move(account)}); });
}

void EventFeed::unsubscribe(const std::shared_ptr<Outbox>& client) {
  state_.with([&](State& state) {
    std::erase_if(state.subscribers, [&](const Subscriber& one) { return one.client.lock() == client; });
  });
}

void EventFeed::put(Item item) {
  const bool begin = state_.with([&](State& state) {
    std::erase_if(state.subscribers, [](const Subscriber& one) { return one.client.expired(); });
    if (state.subscribers.empty()) return false;
    if (state.waiting.size() >= most_waiting) condense(state.waiting);
    state.waiting.push_back(std::move(item));
    return !std::exchange(state.running, true);
  });
  if (begin) reads_.post([this](Readers& readers) { run(readers); }, {});
}

// The reading threads cannot keep up: of each account's changes one resync is left, and of its states the newest.
void EventFeed::condense(std::deque<Item>& waiting) {
  std::map<std::string, std::int64_t> newest;
  std::map<std::pair<std::string, std::size_t>, Item> states;
  for (auto& item : waiting) {
    if (const auto* changes = std::get_if<store::Changes>(&item.what))
      newest[item.account] = changes->seq;
    else if (const auto* much = std::get_if<TooMuch>(&item.what))
      newest[item.account] = much->seq;
    else
      states.insert_or_assign({item.account, item.what.index()}, std::move(item));
  }
  waiting.clear();
  for (const auto& [account, seq] : newest) waiting.push_back({account, TooMuch{seq}});
  for (auto& [key, item] : states) waiting.push_back(std::move(item));
}

void EventFeed::run(Readers& readers) {
  for (std::size_t count = 0; count < most_at_once; ++count) {
    auto item = state_.with([](State& state) -> std::optional<Item> {
      if (state.waiting.empty()) {
        state.running = false;
        return std::nullopt;
      }
      auto first = std::move(state.waiting.front());
      state.waiting.pop_front();
      return first;
    });
    if (!item) return;
    tell(readers, *item);
  }
  reads_.post([this](Readers& again) { run(again); }, {});
}

void EventFeed::tell(Readers& readers, const Item& item) {
  const auto account = engine_->account(item.account);
  const auto opened = account ? readers.of(*account) : Result<store::Reader*>(nullptr);
  auto* reader = opened ? *opened : nullptr;
  if (const auto* changes = std::get_if<store::Changes>(&item.what)) {
    const bool told = reader != nullptr && !changes->everything && tell_changes(*reader, item.account, *changes);
    // What cannot be read now is left to the client to read.
    if (!told) deliver(item.account, changes->seq, proto::Resync{item.account, changes->seq});
    seqs_[item.account] = changes->seq;
  } else if (const auto* much = std::get_if<TooMuch>(&item.what)) {
    deliver(item.account, much->seq, proto::Resync{item.account, much->seq});
    seqs_[item.account] = much->seq;
  } else {
    const auto seq = seq_of(reader, item.account);
    if (const auto* status = std::get_if<engine::Status>(&item.what))
      deliver(item.account, seq, proto::ConnectionChanged{item.account, seq, to_proto(*status)});
    if (const auto* progress = std::get_if<engine::Progress>(&item.what))
      deliver(item.account, seq, proto::ProgressMade{item.account, seq, to_proto(*progress)});
    if (const auto* details = std::get_if<proto::Account>(&item.what)) {
      deliver(item.account, seq, proto::AccountChanged{item.account, seq, *details});
      if (details->removed) seqs_.erase(item.account);
    }
  }
}

Result<> EventFeed::tell_changes(store::Reader& reader, const std::string& account, const store::Changes& changes) {
  auto seq = changes.seq - changes.events();
  for (const auto id : changes.added) {
    const auto row = COI_TRY(reader.message(id)).value;
    ++seq;
    if (row)
      deliver(account, seq,
              proto::MessageAdded{account, seq, to_proto(account, *row), changes.notify.contains(id),
                                  changes.history.contains(id)});
  }
  for (const auto id : changes.changed) {
    const auto row = COI_TRY(reader.message(id)).value;
    ++seq;
    if (row)
      deliver(account, seq, proto::MessageChanged{account, seq, to_proto(account, *row)});
    else
      deliver(account, seq, proto::MessageRemoved{account, seq, proto::MessageId{id.value}});
  }
  for (const auto id : changes.chats) {
    const auto row = COI_TRY(reader.chat(id)).value;
    ++seq;
    if (row) deliver(account, seq, proto::ChatChanged{account, seq, to_proto(account, *row, clock_())});
  }
  for (const auto id : changes.people) {
    const auto row = COI_TRY(reader.person(id)).value;
    ++seq;
    if (row) deliver(account, seq, proto::ContactChanged{account, seq, to_proto(account, *row)});
  }
  if (changes.account)
    for (const auto& entry : engine_->accounts())
      if (entry.config.id == account)
        deliver(account, changes.seq, proto::AccountChanged{account, changes.seq, to_proto(entry, engine_->used())});
  return {};
}

std::int64_t EventFeed::seq_of(store::Reader* reader, const std::string& account) {
  const auto [known, is_new] = seqs_.try_emplace(account, 0);
  if (is_new && reader != nullptr)
    if (const auto snapshot = reader->chat({})) known->second = snapshot->seq;
  return known->second;
}

void EventFeed::deliver(const std::string& account, std::int64_t seq, const proto::Event& event) {
  const auto subscribers = state_.with([](const State& state) { return state.subscribers; });
  std::shared_ptr<const std::string> line;
  for (const auto& subscriber : subscribers) {
    const auto client = subscriber.client.lock();
    if (!client || (!subscriber.account.empty() && subscriber.account != account)) continue;
    if (!line) line = std::make_shared<const std::string>(event_line(event));
    client->put_event(account, seq, line);
  }
}

}  // namespace coi::api

#include "api/event_feed.h"

#include <algorithm>

#include "api/rows.h"
#include "api/rpc.h"

namespace coi::api {
namespace {

constexpr std::size_t most_waiting = 1000;      // changes not yet read
constexpr std::int64_t most_remembered = 2000;  // events of an account, for clients that come back
constexpr std::size_t most_at_once = 64;        // then other reads get their turn

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

void EventFeed::subscribe(const std::shared_ptr<Outbox>& client, std::string account,
                          std::vector<proto::Position> since) {
  unsubscribe(client);
  const bool begin = state_.with([&](State& state) {
    std::erase_if(since, [&](const proto::Position& from) { return !account.empty() && from.account != account; });
    state.subscribers.push_back({client, std::move(account), since.size()});
    for (const auto& from : since)
      state.waiting.push_back({from.account, Replay{client, from.seq, state.recent[from.account].changes}});
    return !since.empty() && !std::exchange(state.running, true);
  });
  if (begin) reads_.post([this](Readers& readers) { run(readers); }, {});
}

void EventFeed::unsubscribe(const std::shared_ptr<Outbox>& client) {
  state_.with([&](State& state) {
    std::erase_if(state.subscribers, [&](const Subscriber& one) { return one.client.lock() == client; });
  });
}

void EventFeed::put(Item item) {
  const bool begin = state_.with([&](State& state) {
    std::erase_if(state.subscribers, [](const Subscriber& one) { return one.client.expired(); });
    remember(state, item);
    if (state.subscribers.empty()) return false;
    if (state.waiting.size() >= most_waiting) condense(state.waiting);
    state.waiting.push_back(std::move(item));
    return !std::exchange(state.running, true);
  });
  if (begin) reads_.post([this](Readers& readers) { run(readers); }, {});
}

void EventFeed::remember(State& state, const Item& item) {
  const auto events = [](const Change& change) {
    const auto* changes = std::get_if<store::Changes>(&change);
    return changes != nullptr ? std::max<std::int64_t>(changes->events(), 1) : 1;
  };
  const auto add = [&](Change change) {
    auto& recent = state.recent[item.account];
    recent.events += events(change);
    recent.changes.push_back(std::move(change));
    while (recent.events > most_remembered) {
      recent.events -= events(recent.changes.front());
      recent.changes.pop_front();
    }
  };
  if (const auto* changes = std::get_if<store::Changes>(&item.what)) add(*changes);
  if (const auto* much = std::get_if<TooMuch>(&item.what)) add(*much);
  if (const auto* details = std::get_if<proto::Account>(&item.what); details != nullptr && details->removed)
    state.recent.erase(item.account);
}

// The reading threads cannot keep up: of each account's changes one resync is left, and of its states the newest.
void EventFeed::condense(std::deque<Item>& waiting) {
  std::map<std::string, std::int64_t> newest;
  std::map<std::pair<std::string, std::size_t>, Item> states;
  std::deque<Item> replays;  // these are told all the same: a client waits for them
  for (auto& item : waiting) {
    if (std::holds_alternative<Replay>(item.what))
      replays.push_back(std::move(item));
    else if (const auto* changes = std::get_if<store::Changes>(&item.what))
      newest[item.account] = changes->seq;
    else if (const auto* much = std::get_if<TooMuch>(&item.what))
      newest[item.account] = much->seq;
    else
      states.insert_or_assign({item.account, item.what.index()}, std::move(item));
  }
  waiting = std::move(replays);
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
    tell_change(reader, item.account, *changes);
  } else if (const auto* much = std::get_if<TooMuch>(&item.what)) {
    tell_change(reader, item.account, *much);
  } else if (const auto* again = std::get_if<Replay>(&item.what)) {
    replay(reader, item.account, *again);
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

void EventFeed::tell_change(store::Reader* reader, const std::string& account, const Change& change) {
  const auto* changes = std::get_if<store::Changes>(&change);
  const auto seq = changes != nullptr ? changes->seq : std::get<TooMuch>(change).seq;
  const bool told =
      changes != nullptr && reader != nullptr && !changes->everything && tell_changes(*reader, account, *changes);
  // What cannot be read now is left to the client to read.
  if (!told) deliver(account, seq, proto::Resync{account, seq});
  if (!only_) seqs_[account] = seq;
}

void EventFeed::replay(store::Reader* reader, const std::string& account, const Replay& replay) {
  const auto begin_of = [](const Change& change) {
    const auto* changes = std::get_if<store::Changes>(&change);
    return changes != nullptr ? changes->seq - changes->events() : std::get<TooMuch>(change).seq;
  };
  const auto end_of = [](const Change& change) { return std::visit([](const auto& one) { return one.seq; }, change); };
  only_ = replay.client.lock();
  if (only_) {
    const auto snapshot = reader != nullptr ? reader->chat({}) : fail(ErrorKind::not_found, "no account");
    const auto newest = !replay.changes.empty() ? end_of(replay.changes.back()) : snapshot ? snapshot->seq : 0;
    const bool known =
        replay.since >= newest || (!replay.changes.empty() && begin_of(replay.changes.front()) <= replay.since);
    // A number that was not reached yet is of another life of the account.
    if (!known || replay.since > newest)
      deliver(account, newest, proto::Resync{account, newest});
    else
      for (const auto& change : replay.changes)
        if (end_of(change) > replay.since) tell_change(reader, account, change);
  }
  state_.with([&](State& state) {
    for (auto& one : state.subscribers)
      if (one.replays > 0 && one.client.lock() == only_) --one.replays;
  });
  only_.reset();
}

namespace {

// Of a reaction that stands: its author may not be of the chat, or have taken it back since.
std::optional<proto::NewReaction> reacted_to(const store::MessageRow& row,
                                             const std::map<chat::MessageId, chat::Remark>& reactions) {
  const auto found = reactions.find(row.id);
  if (found == reactions.end()) return std::nullopt;
  const auto& said = found->second;
  const auto standing = std::ranges::find(row.reactions, said.value, &store::ReactionRow::emoji);
  if (standing == row.reactions.end() || std::ranges::find(standing->from, said.author) == standing->from.end())
    return std::nullopt;
  return proto::NewReaction{said.author, said.value};
}

}  // namespace

Result<> EventFeed::tell_changes(store::Reader& reader, const std::string& account, const store::Changes& changes) {
  auto seq = changes.seq - changes.events();
  std::map<chat::ChatId, bool> blocked;
  const auto is_blocked = [&](chat::ChatId id) -> Result<bool> {
    if (const auto known = blocked.find(id); known != blocked.end()) return known->second;
    const auto row = COI_TRY(reader.chat(id, store::Members::few)).value;
    return blocked[id] = row && row->blocked;
  };
  for (const auto id : changes.added) {
    const auto row = COI_TRY(reader.message(id)).value;
    ++seq;
    if (row)
      deliver(account, seq,
              proto::MessageAdded{.account = account,
                                  .seq = seq,
                                  .message = to_proto(account, *row),
                                  .notify = changes.sounds.contains(id),
                                  .blocked = COI_TRY(is_blocked(row->chat)),
                                  .history = changes.history.contains(id)});
  }
  for (const auto id : changes.changed) {
    const auto row = COI_TRY(reader.message(id)).value;
    ++seq;
    if (row)
      deliver(account, seq,
              proto::MessageChanged{account, seq, to_proto(account, *row), reacted_to(*row, changes.reactions)});
    else
      deliver(account, seq, proto::MessageRemoved{account, seq, proto::MessageId{id.value}});
  }
  for (const auto id : changes.chats) {
    const auto row = COI_TRY(reader.chat(id, store::Members::few)).value;
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
    if (only_ ? client != only_ : subscriber.replays > 0) continue;
    if (!line) line = std::make_shared<const std::string>(event_line(event));
    client->put_event(account, seq, line);
  }
}

}  // namespace coi::api

#include <unistd.h>

#include <algorithm>

#include "api/methods.h"

namespace coi::api {
namespace {

void reply_positions(const std::vector<std::shared_ptr<engine::Account>>& accounts,
                     const Responder<proto::Subscribed>& responder, Readers& readers) {
  proto::Subscribed subscribed;
  for (const auto& account : accounts) {
    const auto reader = readers.of(account);
    if (!reader) return responder(std::unexpected(reader.error()));
    const auto snapshot = (*reader)->chat({});
    if (!snapshot) return responder(std::unexpected(snapshot.error()));
    subscribed.positions.push_back({account->config().id, snapshot->seq});
  }
  responder(subscribed);
}

// One for each account, by its id.
Result<std::vector<proto::Position>> positions_of(const Call& call, const std::vector<proto::Position>& named) {
  std::vector<proto::Position> positions;
  for (const auto& from : named) {
    const auto id = COI_TRY(call.service.engine->account(from.account))->config().id;
    if (std::ranges::find(positions, id, &proto::Position::account) != positions.end())
      return fail(ErrorKind::invalid, "since names an account twice");
    positions.push_back({id, from.seq});
  }
  return positions;
}

}  // namespace

void subscribe(const Call& call, const proto::Subscribe& params, const Responder<proto::Subscribed>& responder) {
  std::vector<std::shared_ptr<engine::Account>> accounts;
  std::string only;
  if (!params.account.empty()) {
    auto account = call.service.engine->account(params.account);
    if (!account) return responder(std::unexpected(account.error()));
    only = (*account)->config().id;
    accounts.push_back(std::move(*account));
  } else {
    for (auto& entry : call.service.engine->accounts())
      if (entry.account) accounts.push_back(std::move(entry.account));
  }
  auto since = positions_of(call, params.since);
  if (!since) return responder(std::unexpected(since.error()));
  // Listening begins before the positions are read: nothing falls between.
  call.service.events.subscribe(call.client, only, *std::move(since));
  call.service.reads.post(
      [accounts = std::move(accounts), responder](Readers& readers) { reply_positions(accounts, responder, readers); },
      call.client->closed());
}

void unsubscribe(const Call& call, const proto::Unsubscribe&, const Responder<proto::Done>& responder) {
  call.service.events.unsubscribe(call.client);
  responder(proto::Done{});
}

void network_changed(const Call& call, const proto::NetworkChanged&, const Responder<proto::Done>& responder) {
  call.service.engine->network_changed();
  responder(proto::Done{});
}

void get_version(const Call& call, const proto::GetVersion&, const Responder<proto::Version>& responder) {
  responder(proto::Version{.version = COI_VERSION, .pid = ::getpid(), .data = call.service.data.string()});
}

void shut_down(const Call& call, const proto::Shutdown&, const Responder<proto::Done>& responder) {
  responder(proto::Done{});
  call.service.shut_down();
}

}  // namespace coi::api

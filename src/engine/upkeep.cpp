// Accounts that cannot be opened, or whose database turns out to be damaged: said, tried again, repaired.
#include <algorithm>

#include <fmt/format.h>

#include "engine/engine_impl.h"
#include "engine/pause.h"
#include "net/network_watch.h"

namespace coi::engine {
namespace {

// What the user can do about a damaged database.
Error with_way_out(Error error, std::string_view addr) {
  if (error.kind() != ErrorKind::corrupt) return error;
  return std::move(error).with_hint(
      fmt::format("coi repair {} makes a new one of what can still be read and of what lies on the server; the damaged "
                  "file is kept",
                  addr));
}

}  // namespace

Result<std::shared_ptr<Account>> Engine::Impl::open_with(AccountConfig config, const std::filesystem::path& directory) {
  const auto addr = config.addr;
  auto account = Account::open(config, directory, environment, sink,
                               [this, id = config.id](const Error& error) { note_damage(id, error); });
  if (!account) return std::unexpected(with_way_out(std::move(account).error(), addr));
  return std::shared_ptr<Account>(*std::move(account));
}

void Engine::Impl::open_account(AccountConfig config, const std::filesystem::path& directory) {
  Entry entry{.config = config};
  if (auto account = open_with(std::move(config), directory))
    entry.account = *std::move(account);
  else
    entry.problem = std::move(account).error();
  if (entry.problem) environment.log.error("account {}: {}", entry.config.addr, entry.problem->text());
  entries.with([&](auto& all) { all.push_back(std::move(entry)); });
}

Result<std::shared_ptr<Account>> Engine::Impl::open_once(const Entry& entry) {
  const auto directory = accounts_directory() / entry.config.id;
  return open_with(COI_TRY(load(directory)), directory);
}

void Engine::Impl::note_damage(const std::string& id, const Error& error) {
  damaged.with([&](auto& all) { all.emplace(id, error); });
  bell.wake();
}

// Nobody is to go on with it; what there is to say stands in the list.
void Engine::Impl::close_damaged() {
  // A repair must not begin before the account has let the file go.
  std::lock_guard turn(upkeep);
  for (const auto& [id, error] : damaged.with([](auto& all) { return std::exchange(all, {}); })) {
    std::shared_ptr<Account> account;
    std::optional<Error> problem;
    entries.with([&](auto& all) {
      const auto entry = std::ranges::find(all, id, [](const Entry& one) { return one.config.id; });
      if (entry == all.end() || entry->held || !entry->account) return;
      problem = entry->problem = with_way_out(error, entry->config.addr);
      account = std::exchange(entry->account, nullptr);
    });
    if (!account) continue;
    environment.log.error("account {}: it is stopped: {}", account->config().addr, problem->text());
    account->stop();
    sink({.account = id,
          .changes = {},
          .connection = Status{.problem = problem->text(), .hint = problem->hint()},
          .progress = {}});
  }
}

void Engine::Impl::look_after() {
  Backoff pause;
  const auto between_sweeps = environment.times.sweep;
  auto next_sweep = net::after(between_sweeps);
  while (true) {
    close_damaged();
    const auto failed = entries.with([](const auto& all) { return std::ranges::any_of(all, is_failed); });
    if (!failed) pause.reset();
    const auto woken = bell.sleep_until(failed ? std::min(next_sweep, net::after(pause.after_failure())) : next_sweep);
    if (!woken) return;
    if (*woken) continue;
    if (std::chrono::steady_clock::now() >= next_sweep) {
      for_each_open([&](Account& account) { account.sweep_files(between_sweeps); });
      next_sweep = net::after(between_sweeps);
    }
    if (const std::unique_lock turn(upkeep, std::try_to_lock); turn) retry_failed();
  }
}

void Engine::Impl::watch_network() const {
  auto watch = net::NetworkWatch::open();
  if (!watch) return environment.log.warning("network: {}", watch.error().text());
  while (watch->wait(bell)) {
    environment.log.info("network: it may have changed; every account tries at once");
    for_each_open([](Account& account) { account.network_changed(); });
  }
}

void Engine::Impl::retry_failed() {
  for (const auto& tried : entries.with([](const auto& all) { return all; })) {
    if (!is_failed(tried)) continue;
    auto opened = open_once(tried);
    // One that a login has replaced meanwhile, or a logout removed, is let go again.
    entries.with([&](auto& all) {
      const auto entry = std::ranges::find(all, tried.config.id, [](const Entry& one) { return one.config.id; });
      if (entry == all.end() || !is_failed(*entry)) return;
      if (opened) *entry = {.config = (*opened)->config(), .account = *opened, .problem = {}};
      if (!opened) entry->problem = opened.error();
    });
    if (opened) environment.log.info("account {}: open again", (*opened)->config().addr);
  }
}

Result<> Engine::Impl::replace(AccountConfig config) {
  auto replaced = entries.with([&](auto& all) -> std::optional<Entry> {
    const auto found = std::ranges::find(all, config.id, [](const Entry& entry) { return entry.config.id; });
    if (found == all.end()) return std::nullopt;
    auto entry = std::move(*found);
    all.erase(found);
    return entry;
  });
  // A front end may be in the middle of a call and hold it; the database has one owner all the same.
  if (replaced && replaced->account) replaced->account->stop();
  const auto id = config.id;
  const auto directory = accounts_directory() / id;
  open_account(std::move(config), directory);
  const auto problem = entries.with([&](const auto& all) -> std::optional<Error> {
    const auto found = std::ranges::find(all, id, [](const Entry& entry) { return entry.config.id; });
    return found == all.end() ? std::nullopt : found->problem;
  });
  if (problem) return std::unexpected(*problem);
  return {};
}

Result<store::Repaired> Engine::repair(std::string_view addr) {
  const auto meant = COI_TRY(impl_->find(addr));
  // Who it is, and where its server is, cannot be read off a database.
  if (meant.config.addr.empty() && meant.problem) return std::unexpected(*meant.problem);
  const auto id = meant.config.id;
  std::unique_lock turn(impl_->upkeep);
  const auto account = impl_->entries.with([&](auto& all) -> std::shared_ptr<Account> {
    const auto entry = std::ranges::find(all, id, [](const Entry& one) { return one.config.id; });
    if (entry == all.end()) return nullptr;
    entry->held = true;
    entry->problem =
        Error(ErrorKind::locked, "the database of this account is being repaired", "wait until it is done");
    return std::exchange(entry->account, nullptr);
  });
  if (account) account->stop();
  const auto directory = impl_->accounts_directory() / id;
  const auto& environment = impl_->environment;
  const auto repaired = store::repair(directory, environment.clock(), environment.log);
  if (repaired && !repaired->sound)
    environment.log.warning("account {}: repaired; the damaged database is kept as {}", meant.config.addr,
                            repaired->kept.string());
  impl_->damaged.with([&](auto& all) { all.erase(id); });
  turn.unlock();
  const auto opened = impl_->replace(meant.config);
  if (!repaired) return repaired;
  if (!opened) return std::unexpected(opened.error());
  return repaired;
}

}  // namespace coi::engine

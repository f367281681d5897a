#include "api/service.h"

#include <algorithm>

#include <fmt/format.h>

namespace coi::api {

Service::Service(std::filesystem::path directory, engine::Environment surroundings, std::function<void()> end)
    : data(std::move(directory)),
      environment(std::move(surroundings)),
      shut_down(std::move(end)),
      unread(std::make_shared<Unread>(environment.limits)),
      reads(environment.log),
      events(reads, engine, environment.clock),
      errands(environment.limits.logins, environment.log) {}

Service::~Service() {
  if (engine) engine->cancel_logins();
  errands.stop();
  reads.stop();
  engine.reset();
}

namespace {

using Entry = engine::Engine::Entry;

Result<OpenAccount> opened(const Call& call, Readers& readers, std::shared_ptr<engine::Account> account) {
  auto* reader = COI_TRY(readers.of(account));
  auto id = account->config().id;
  return OpenAccount{.call = call, .account = std::move(account), .reader = reader, .id = std::move(id)};
}

std::string addresses_of(const std::vector<Entry>& entries) {
  std::string addresses;
  for (const auto& entry : entries)
    addresses += (addresses.empty() ? "" : ", ") + (entry.config.addr.empty() ? entry.config.id : entry.config.addr);
  return addresses;
}

// Those whose thing fits best.
std::vector<Entry> best_of(const Call& call, Readers& readers, const std::vector<Entry>& all, const Wish& wish) {
  std::vector<Entry> best;
  int best_fit = 0;
  for (const auto& entry : all) {
    if (!entry.account) continue;
    const auto open = opened(call, readers, entry.account);
    const auto fit = open ? wish.fit(*open) : Result<std::optional<int>>(std::nullopt);
    if (!fit || !*fit || (!best.empty() && **fit < best_fit)) continue;
    if (**fit > best_fit) best.clear();
    best_fit = **fit;
    best.push_back(entry);
  }
  return best;
}

// The name of the account that is meant: as the engine takes it.
Result<std::string> choose_account(const Call& call, Readers& readers, const Wish& wish) {
  auto all = call.service.engine->accounts();
  // One whose own file cannot be read does not make another one doubtful.
  const auto is_unread = [](const Entry& entry) { return entry.config.addr.empty(); };
  if (!std::ranges::all_of(all, is_unread)) std::erase_if(all, is_unread);
  if (all.size() < 2) return std::string();  // or the engine says that there is none
  const auto used = call.service.engine->used();
  auto meant = wish.fit ? best_of(call, readers, all, wish) : std::vector<Entry>();
  if (meant.size() == 1) return meant.front().config.id;
  const bool nowhere = meant.empty();
  if (nowhere) meant = all;
  const auto chosen = std::ranges::find(meant, used.value_or(""), [](const Entry& entry) { return entry.config.addr; });
  if (chosen != meant.end()) return chosen->config.id;
  // Nobody has it: any account says so.
  if (nowhere && wish.fit && !wish.may_be_new)
    for (const auto& entry : all)
      if (entry.account) return entry.config.id;
  return fail(ErrorKind::ambiguous,
              nowhere ? fmt::format("there are several accounts: {}", addresses_of(meant))
                      : fmt::format("{} is in several accounts: {}", wish.words, addresses_of(meant)),
              "name one with --account, or choose one with: coi use ADDR");
}

}  // namespace

void open_account(const Call& call, std::string account, Purpose purpose, std::function<void(Result<OpenAccount>)> use,
                  Wish wish) {
  auto work = [call, account = std::move(account), use = std::move(use), wish = std::move(wish)](Readers& readers) {
    auto name = account.empty() ? choose_account(call, readers, wish) : Result<std::string>(account);
    if (!name) return use(std::unexpected(name.error()));
    auto found = call.service.engine->account(*name);
    if (!found) return use(std::unexpected(found.error()));
    use(opened(call, readers, std::move(*found)));
  };
  const auto strand = purpose == Purpose::command     ? call.commands.lock()
                      : purpose == Purpose::follow_up ? call.answers.lock()
                                                      : nullptr;
  if (strand) return strand->post(std::move(work));
  if (purpose == Purpose::read) return post_read(call, std::move(work));
  call.service.reads.post(std::move(work), {});
}

Error batch_is_full() { return {ErrorKind::limit, "the answers to this batch are too large", "ask one by one"}; }

Result<> Call::has_room() const {
  if (batch && batch->full) return std::unexpected(batch_is_full());
  return {};
}

void post_read(const Call& call, ReadPool::Work work) {
  if (const auto strand = call.reads.lock()) strand->post(std::move(work));
}

std::string address_of_account(const Call& call, const std::string& account) {
  for (const auto& entry : call.service.engine->accounts())
    if (entry.config.id == account) return entry.config.addr;
  return mime::written_address(account);
}

Result<> for_each_account(const Call& call, Readers& readers, const std::string& account, const Wish& wish,
                          const std::function<Result<>(const OpenAccount&)>& use) {
  const auto& engine = *call.service.engine;
  const auto all = engine.accounts();
  const bool every = account == "*" || (account.empty() && !wish.fit && !engine.used());
  if (!every || all.size() < 2) {
    const auto name = account == "*"    ? std::string()
                      : account.empty() ? COI_TRY(choose_account(call, readers, wish))
                                        : account;
    return use(COI_TRY(opened(call, readers, COI_TRY(engine.account(name)))));
  }
  std::optional<Error> problem;
  bool any = false;
  for (const auto& entry : all) {
    auto open = entry.account ? opened(call, readers, entry.account) : std::unexpected(*entry.problem);
    if (open)
      COI_TRY(use(*open));
    else
      problem = open.error();
    any = any || open.has_value();
  }
  if (!any && problem) return std::unexpected(*problem);
  return {};
}

}  // namespace coi::api

#include "engine/engine.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/own_directory.h"
#include "engine/blobs.h"
#include "engine/credential.h"
#include "engine/engine_impl.h"
#include "engine/login.h"
#include "engine/login_keeper.h"
#include "engine/own_files.h"
#include "mime/address.h"

namespace coi::engine {
namespace {

constexpr auto used_file = "used";  // the address chosen by use()
constexpr std::size_t longest_address = 320;

// Below the data directory.
Result<> make_private(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error)
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, std::filesystem::perm_options::replace,
                                 error);
  if (error) return fail(ErrorKind::io, fmt::format("cannot create {}: {}", directory.string(), error.message()));
  return {};
}

Result<Descriptor> lock_directory(const std::filesystem::path& directory) {
  Descriptor lock(::open(mark_of(directory).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!lock)
    return fail(ErrorKind::io, fmt::format("cannot write to {}: {}", directory.string(), std::strerror(errno)));
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return fail(ErrorKind::locked, fmt::format("another coid uses {}", directory.string()),
                "stop it, or choose another directory with --data");
  return fail(ErrorKind::io, fmt::format("cannot lock {}: {}", directory.string(), std::strerror(errno)),
              "some network drives have no locks: choose a directory of this computer with --data");
}

void keep_settings(const AccountConfig& known, AccountConfig& config) {
  if (config.name.empty()) config.name = known.name;
  config.signature = known.signature;
  config.receipts = known.receipts;
  config.sent_folder = known.sent_folder;
  config.undo_send = known.undo_send;
  config.hold_at_server = known.hold_at_server;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(std::filesystem::path data, Environment environment, EventSink sink) {
  COI_TRY(claim_directory(data));
  auto lock = COI_TRY(lock_directory(data));
  auto impl = std::make_unique<Impl>(std::move(data), std::move(environment), std::move(sink), std::move(lock),
                                     COI_TRY(net::Waker::create()));
  impl->used.with(
      [&](auto& used) { used = read_own_file(impl->data / used_file, longest_address).value_or(std::string()); });
  COI_TRY(make_private(impl->accounts_directory()));
  close_to_others(impl->data, impl->environment.log);
  remove_half_written(impl->data);
  for (auto& found : COI_TRY(find_accounts(impl->accounts_directory()))) {
    const auto directory = impl->accounts_directory() / found.id;
    remove_half_written(directory);
    if (found.config) {
      impl->open_account(*std::move(found.config), directory);
      continue;
    }
    impl->environment.log.error("{}", found.config.error().text());
    impl->entries.with([&](auto& all) {
      all.push_back({.config = {.id = found.id}, .account = {}, .problem = found.config.error()});
    });
  }
  impl->retries = std::jthread([engine = impl.get()] { engine->look_after(); });
  if (impl->environment.watches_network)
    impl->network = std::jthread([engine = impl.get()] { engine->watch_network(); });
  return std::unique_ptr<Engine>(new Engine(std::move(impl)));
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::~Engine() = default;

Result<std::shared_ptr<Account>> Engine::login(const LoginRequest& original,
                                               std::function<void(std::string_view)> progress) {
  auto request = original;
  if (request.auth == AuthKind::oauth) impl_->recall_client(request);
  const auto waker = COI_TRY(impl_->begin_login());
  const std::stop_callback end(request.stop, [&] { waker.cancel(); });
  auto checked = check_login(request, impl_->environment, waker, progress);
  impl_->end_login(waker);
  auto [config, refresh_token, largest_mail] = COI_TRY(std::move(checked));
  config.secrets = request.secrets                ? *request.secrets
                   : secrets::keyring_available() ? secrets::Mode::keyring
                                                  : secrets::Mode::file;
  // The same address again: the account keeps its mails and gets the new servers and password.
  const auto has_addr = [&](const Entry& entry) { return entry.config.addr == config.addr; };
  const auto known = impl_->entries.with([&](const auto& all) -> std::optional<AccountConfig> {
    const auto found = std::ranges::find_if(all, has_addr);
    return found == all.end() ? std::nullopt : std::optional(found->config);
  });
  if (known) keep_settings(*known, config);
  config.id = known ? known->id : make_ulid(impl_->environment.clock());
  const auto directory = impl_->accounts_directory() / config.id;
  COI_TRY(impl_->store_login(config, config.auth == AuthKind::oauth ? refresh_token : request.password, known));
  config.oauth.client_secret = {};
  const auto id = config.id;
  (void)impl_->replace(std::move(config));  // an account that cannot be opened is listed with its reason
  auto opened = account(id);
  if (opened) (*opened)->note_largest_mail(largest_mail);
  return opened;
}

Result<> Engine::Impl::store_login(const AccountConfig& config, const Secret& secret,
                                   const std::optional<AccountConfig>& known) const {
  const auto directory = accounts_directory() / config.id;
  std::optional<Secret> before;
  if (known)
    if (auto kept = kept_secret(*known, directory)) before = std::move(*kept);
  auto old = known.value_or(AccountConfig{});
  if (known) old.oauth.client_secret = client_secret(old, directory).value_or(Secret());
  auto stored = make_private(directory);
  if (stored) stored = sync_directory(accounts_directory());
  if (stored) stored = within(keep_secrets(config, secret, directory), "cannot keep the password");
  if (stored) {
    auto file = config;
    file.oauth.client_secret = {};
    stored = save(file, directory);
  }
  if (!stored) {
    if (!known) {
      (void)erase_secrets(config, directory);
      std::error_code error;
      std::filesystem::remove_all(directory, error);
    } else if (before) {
      (void)keep_secrets(old, *before, directory);
      (void)erase_other_secrets(old, directory);
    }
    return stored;
  }
  auto erased = erase_other_secrets(config, directory);
  if (erased && known && known->secrets != config.secrets) erased = erase_secrets(*known, directory);
  if (!erased) environment.log.warning("login: old secrets stay: {}", erased.error().text());
  return {};
}

void Engine::Impl::recall_client(LoginRequest& request) const {
  auto& at = request.oauth.at;
  if (!at.client_id.empty() || !at.issuer.empty()) return;
  const auto known = find(request.addr);
  if (!known || known->config.auth != AuthKind::oauth) return;
  at = known->config.oauth;
  at.client_secret = client_secret(known->config, accounts_directory() / known->config.id).value_or(Secret());
}

Result<> Engine::change(std::string_view addr, const Settings& settings) {
  const auto entry = COI_TRY(impl_->find(addr));
  auto config = entry.config;
  if (settings.name) config.name = *settings.name;
  if (settings.signature) config.signature = ascii_trim(*settings.signature);
  if (settings.receipts) config.receipts = *settings.receipts;
  if (settings.sent_folder) config.sent_folder = *settings.sent_folder;
  if (settings.undo_send.value_or(0) > longest_undo)
    return fail(ErrorKind::invalid, fmt::format("a message is held back for {} seconds at most", longest_undo));
  if (settings.undo_send) config.undo_send = static_cast<std::uint32_t>(*settings.undo_send);
  if (settings.hold_at_server) config.hold_at_server = *settings.hold_at_server;
  const auto directory = impl_->accounts_directory() / config.id;
  COI_TRY(save(config, directory));
  return impl_->replace(std::move(config));
}

void Engine::cancel_logins() {
  impl_->logins.with([](auto& logins) {
    logins.ended = true;
    for (const auto& waker : logins.wakers) waker.cancel();
  });
}

Result<net::Waker> Engine::Impl::begin_login() {
  auto waker = COI_TRY(net::Waker::create());
  logins.with([&](auto& all) {
    if (all.ended) waker.cancel();
    all.wakers.push_back(waker);
  });
  return waker;
}

void Engine::Impl::end_login(const net::Waker& waker) {
  logins.with([&](auto& all) {
    std::erase_if(all.wakers, [&](const net::Waker& one) { return one.signals() == waker.signals(); });
  });
}

Result<> Engine::logout(std::string_view addr) {
  auto entry = COI_TRY(impl_->find(addr));
  const auto is_meant = [&](const Entry& one) { return one.config.id == entry.config.id; };
  impl_->entries.with([&](auto& all) { std::erase_if(all, is_meant); });
  if (entry.account) entry.account->stop();
  const auto directory = impl_->accounts_directory() / entry.config.id;
  if (const auto erased = erase_secrets(entry.config, directory); !erased)
    impl_->environment.log.warning("logout: secrets stay in the keyring: {}", erased.error().text());
  std::error_code error;
  std::filesystem::remove_all(directory, error);
  if (!error) return {};
  // It stays in the list: what is left of it is on the disk.
  Error problem(ErrorKind::io, fmt::format("cannot remove {}: {}", directory.string(), error.message()),
                "remove the folder by other means, then: coi daemon stop");
  entry.account.reset();
  entry.held = true;
  entry.problem = problem;
  impl_->entries.with([&](auto& all) { all.push_back(std::move(entry)); });
  return std::unexpected(std::move(problem));
}

std::vector<Engine::Entry> Engine::accounts() const {
  return impl_->entries.with([](const auto& all) { return all; });
}

void Engine::network_changed() const {
  impl_->for_each_open([](Account& account) { account.network_changed(); });
}

void Engine::Impl::for_each_open(const std::function<void(Account&)>& use) const {
  for (const auto& entry : entries.with([](const auto& all) { return all; }))
    if (entry.account) use(*entry.account);
}

Result<Engine::Entry> Engine::Impl::find(std::string_view addr) const {
  const auto all = entries.with([](const auto& list) { return list; });
  const auto wanted = addr.empty() ? used.with([](const auto& word) { return word; }) : std::string(addr);
  if (all.empty())
    return fail(ErrorKind::not_found, "there is no account yet", "log in first: coi login name@example.org");
  const auto written = mime::written_address(wanted);
  const auto found = std::ranges::find_if(all, [&](const Entry& entry) {
    return !wanted.empty() && (entry.config.addr == written || entry.config.id == wanted);
  });
  if (found != all.end()) return *found;
  if (!addr.empty())
    return fail(ErrorKind::not_found, fmt::format("there is no account {}", addr), "coi accounts lists them");
  if (all.size() == 1) return all.front();
  // One whose own file cannot be read does not make another one doubtful.
  const auto has_addr = [](const Entry& entry) { return !entry.config.addr.empty(); };
  if (std::ranges::count_if(all, has_addr) == 1) return *std::ranges::find_if(all, has_addr);
  return fail(ErrorKind::invalid, "there are several accounts",
              "name one with --account, or choose one with: coi use ADDR");
}

Result<Engine::Entry> Engine::entry(std::string_view addr) const { return impl_->find(addr); }

Result<std::shared_ptr<Account>> Engine::account(std::string_view addr) const {
  auto entry = COI_TRY(impl_->find(addr));
  if (!entry.account)
    return std::unexpected(
        Error(*entry.problem)
            .within(fmt::format("cannot open {}", entry.config.addr.empty() ? entry.config.id : entry.config.addr)));
  return entry.account;
}

Result<> Engine::use(std::string_view addr) {
  const auto entry = COI_TRY(impl_->find(addr));
  COI_TRY(replace_file(impl_->data / used_file, entry.config.addr));
  impl_->used.with([&](auto& used) { used = entry.config.addr; });
  return {};
}

std::optional<std::string> Engine::used() const {
  auto word = impl_->used.with([](const auto& used) { return used; });
  return word.empty() ? std::nullopt : std::optional(std::move(word));
}

}  // namespace coi::engine

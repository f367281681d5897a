#include "engine/login_keeper.h"

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/guarded.h"
#include "engine/blobs.h"
#include "engine/own_files.h"
#include "json/codec.h"
#include "json/describe.h"

namespace coi::engine {
namespace {

constexpr auto rejected_file = "rejected.json";
constexpr std::size_t longest_rejected = 64 * 1024;
constexpr int most_rejections = 2;
constexpr std::chrono::seconds longest_turn{30};

// What stays of it when the program ends.
struct RejectedFile {
  int imap = 0, smtp = 0;
  bool needs_oauth = false;
  std::string text, hint;
};
BOOST_DESCRIBE_STRUCT(RejectedFile, (), (imap, smtp, needs_oauth, text, hint))

std::size_t index_of(net::Service service) { return service == net::Service::imap ? 0 : 1; }

struct Count {
  int rejected = 0;
  bool spared = false;  // by the other service's rejections
};

struct Logins {
  std::array<Count, 2> counts;
  int allowed = most_rejections;
  std::optional<Error> why;
  Secret rejected_token;
  struct Shown {
    net::Service service;
    bool accepted = false;
  };
  std::map<int, Shown> turns;
  int last_turn = 0;

  int rejections() const { return counts[0].rejected + counts[1].rejected; }
  bool has_spare(net::Service service) const {
    const auto& count = counts.at(index_of(service));
    return count.spared && count.rejected == 0;
  }
  bool refuses(net::Service service) const { return rejections() >= allowed && !has_spare(service); }
  // Those on their way may be the last that are allowed; what comes of them decides.
  bool is_to_wait(net::Service service) const {
    return !refuses(service) && !has_spare(service) && rejections() + on_their_way() >= allowed;
  }
  int on_their_way() const {
    int count = 0;
    for (const auto& [id, turn] : turns) count += turn.accepted ? 0 : 1;
    return count;
  }
  bool is_logged_in(net::Service service) const {
    for (const auto& [id, turn] : turns)
      if (turn.accepted && turn.service == service) return true;
    return false;
  }
};

std::string hint_of(const AccountConfig& config, const std::string& said) {
  switch (config.auth) {
    case AuthKind::token_command:
      return "the server takes no token of the token command: run the command in a terminal to see what it prints";
    case AuthKind::oauth:
      return "the server takes no token of this login: sign in at the provider again";
    case AuthKind::password:
      break;
  }
  return said.empty() ? "check user name and password" : said;
}

std::string ways_on(const AccountConfig& config) {
  return fmt::format("it is not tried again before you do: coi login {}{} replaces it, coi sync tries once more",
                     config.addr, config.auth == AuthKind::oauth ? " --oauth" : "");
}

}  // namespace

struct LoginKeeper::State {
  State(AccountConfig account, std::filesystem::path folder, Log sink)
      : config(std::move(account)), directory(std::move(folder)), log(std::move(sink)) {}

  void load();
  void save(const Logins& logins) const;
  Error told(const Logins& logins) const;
  void end(int turn) {
    logins.change([&](Logins& all) { all.turns.erase(turn); });
  }

  const AccountConfig config;
  const std::filesystem::path directory;
  const Log log;
  Guarded<Logins> logins;
};

void LoginKeeper::State::load() {
  const auto text = read_own_file(directory / rejected_file, longest_rejected);
  if (!text && text.error().kind() == ErrorKind::not_found) return;
  const auto value = text ? json::parse(*text, Limits{}) : Result<json::Value>(std::unexpected(text.error()));
  const auto file = value ? json::decode<RejectedFile>(*value) : Result<RejectedFile>(std::unexpected(value.error()));
  if (!file) return log.warning("{} is damaged and left aside: {}", rejected_file, file.error().text());
  logins.with([&](Logins& all) {
    all.counts[0].rejected = file->imap;
    all.counts[1].rejected = file->smtp;
    if (all.rejections() > 0)
      all.why = Error(file->needs_oauth ? ErrorKind::needs_oauth : ErrorKind::auth, file->text, file->hint);
  });
}

void LoginKeeper::State::save(const Logins& all) const {
  if (all.rejections() == 0) return forget(directory);
  const RejectedFile file{.imap = all.counts[0].rejected,
                          .smtp = all.counts[1].rejected,
                          .needs_oauth = all.why && all.why->kind() == ErrorKind::needs_oauth,
                          .text = all.why ? all.why->text() : "",
                          .hint = all.why ? all.why->hint() : ""};
  if (const auto saved = replace_file(directory / rejected_file, json::encode(file) + "\n"); !saved)
    log.warning("login: that it was rejected cannot be stored: {}", saved.error().text());
}

Error LoginKeeper::State::told(const Logins& all) const {
  Error error = all.why.value_or(Error(ErrorKind::auth, "the server rejects the login"));
  if (all.rejections() < all.allowed) return error;
  auto hint = fmt::format("{}; {}", error.hint(), ways_on(config));
  return std::move(error).with_hint(std::move(hint));
}

LoginKeeper::LoginKeeper(const AccountConfig& config, std::filesystem::path directory, Log log)
    : state_(std::make_shared<State>(config, std::move(directory), std::move(log))) {
  state_->load();
}

std::optional<Error> LoginKeeper::refusal(net::Service service) const {
  return state_->logins.with([&](const Logins& all) -> std::optional<Error> {
    if (!all.refuses(service)) return std::nullopt;
    return state_->told(all);
  });
}

Secret LoginKeeper::rejected_token() const {
  return state_->logins.with([](const Logins& all) { return all.rejected_token; });
}

Result<LoginKeeper::Turn> LoginKeeper::begin(net::Service service, const net::Waker& waker) {
  const auto take = [&](Logins& all) -> Result<int> {
    if (all.refuses(service)) return std::unexpected(state_->told(all));
    all.turns.emplace(++all.last_turn, Logins::Shown{service});
    return all.last_turn;
  };
  const auto may_go = [&](const Logins& all) { return !all.is_to_wait(service); };
  auto turn = state_->logins.wait(waker.cancellation(), net::after(longest_turn), may_go, take);
  if (!turn && waker.cancelled()) return fail(ErrorKind::cancelled, "stopped");
  if (!turn) turn = state_->logins.with(take);
  return Turn(new int(COI_TRY(*std::move(turn))), [state = state_](const int* ended) {
    state->end(*ended);
    delete ended;
  });
}

void LoginKeeper::accepted(net::Service service) {
  state_->logins.change([&](Logins& all) {
    for (auto& [id, turn] : all.turns)
      if (turn.service == service) turn.accepted = true;
    const bool had_any = all.rejections() > 0;
    auto& count = all.counts.at(index_of(service));
    count.rejected = 0;
    count.spared = all.rejections() > 0;
    if (all.rejections() == 0) {
      all.allowed = most_rejections;
      all.why.reset();
      all.rejected_token = {};
    }
    if (had_any) state_->save(all);
  });
}

Error LoginKeeper::rejected(net::Service service, const Secret& secret, Error why) {
  const bool is_token = state_->config.auth != AuthKind::password;
  auto hint = hint_of(state_->config, why.hint());
  return state_->logins.change([&](Logins& all) {
    all.why = std::move(why).with_hint(std::move(hint));
    if (is_token && secret == all.rejected_token) return state_->told(all);
    const bool first = all.rejections() == 0;
    ++all.counts.at(index_of(service)).rejected;
    if (first) {
      all.counts[0].spared = service != net::Service::imap && all.is_logged_in(net::Service::imap);
      all.counts[1].spared = service != net::Service::smtp && all.is_logged_in(net::Service::smtp);
    }
    if (is_token) all.rejected_token = secret;
    state_->save(all);
    return state_->told(all);
  });
}

void LoginKeeper::user_acts() {
  state_->logins.change([](Logins& all) {
    if (all.rejections() >= all.allowed) all.allowed = all.rejections() + 1;
  });
}

void LoginKeeper::forget(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::remove(directory / rejected_file, error);
}

}  // namespace coi::engine

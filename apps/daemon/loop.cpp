#include "loop.h"

#include <malloc.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <span>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "base/limits.h"

namespace coi::daemon {
namespace {

constexpr auto most_clients = Limits{}.clients;
constexpr std::chrono::seconds deafness{1};
constexpr std::chrono::seconds stall{10};      // without taking anything, while others wait for room
constexpr std::chrono::seconds look_again{1};  // as long as it is crowded
constexpr std::chrono::seconds quiet{10};      // then memory that was needed for a while goes back to the system

// What a signal handler may touch.
std::atomic<bool> end_requested = false;
std::atomic<int> end_bell = -1;
static_assert(std::atomic<int>::is_always_lock_free);

// Half of the descriptors are for the accounts: were the last one a client's, nobody could be told that there are none.
std::size_t room_for_clients() {
  rlimit descriptors = {};
  if (::getrlimit(RLIMIT_NOFILE, &descriptors) != 0) return most_clients;
  return std::min<std::size_t>(most_clients, descriptors.rlim_cur / 2);
}

void ring(int descriptor) {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then it rings already.
  static_cast<void>(!::write(descriptor, &one, sizeof one));
}

}  // namespace

Result<std::shared_ptr<Bell>> Bell::create() {
  Descriptor descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!descriptor) return fail(ErrorKind::io, "cannot create an event counter");
  return std::make_shared<Bell>(std::move(descriptor));
}

void Bell::ring() const { daemon::ring(descriptor()); }

void Bell::silence() const {
  std::uint64_t count = 0;
  static_cast<void>(!::read(descriptor(), &count, sizeof count));
}

void request_end() {
  end_requested = true;
  if (const int bell = end_bell; bell >= 0) ring(bell);
}

Loop::Loop(api::Server& server, std::shared_ptr<Bell> bell, Log log)
    : server_(server), bell_(std::move(bell)), log_(std::move(log)) {
  end_bell = bell_->descriptor();
  struct sigaction action = {};
  action.sa_handler = [](int) { request_end(); };
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

std::function<void()> Loop::wake() const {
  return [bell = bell_] { bell->ring(); };
}

void Loop::serve_stdio() { clients_.emplace_back(server_, wake()); }

void Loop::accept() {
  auto arrival = listener_->accept();
  if (arrival.hopeless) deaf_until_ = std::chrono::steady_clock::now() + deafness;
  const auto room = room_for_clients();
  if (arrival.client && (arrival.crowded || clients_.size() >= room)) {
    const auto line =
        arrival.crowded
            ? api::refusal_line("the daemon has no file descriptor left", "try again later")
            : api::refusal_line(fmt::format("the daemon has {} clients already", clients_.size()),
                                room < most_clients ? "close some of them, or let it have more files (ulimit -n)"
                                                    : "close some of them");
    static_cast<void>(!::send(arrival.client.number(), line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT));
    arrival.client = Descriptor();
  }
  if (arrival.client) clients_.emplace_back(server_, std::move(arrival.client), wake());
  listener_->take_spare();
}

// False when the time was over before anything happened.
bool Loop::wait(std::optional<Time> until) {
  std::vector<pollfd> waits{
      {.fd = bell_->descriptor(), .events = POLLIN, .revents = 0},
      {.fd = listener_ != nullptr && !deaf_until_ ? listener_->descriptor() : -1, .events = POLLIN, .revents = 0}};
  if (deaf_until_) until = std::min(until.value_or(*deaf_until_), *deaf_until_);
  for (const auto& client : clients_) client.add_waits(waits);
  int timeout = -1;
  if (until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now()).count();
    timeout = static_cast<int>(std::max<std::int64_t>(left, 0));
  }
  const auto ready = ::poll(waits.data(), waits.size(), timeout);
  if (deaf_until_ && std::chrono::steady_clock::now() >= *deaf_until_) deaf_until_.reset();
  if (ready == 0) return false;
  if (ready < 0 && errno != EINTR) {
    std::this_thread::sleep_for(deafness);  // out of memory: trying at once changes nothing
    return false;
  }
  if (waits[0].revents != 0) bell_->silence();
  std::span<const pollfd> rest = std::span(waits).subspan(2);
  for (auto& client : clients_) {
    if (client.is_to_read(rest)) client.read();
    client.write();  // the bell does not say for whom it rang
  }
  if (waits[1].revents != 0) accept();
  return true;
}

// All clients together have as many unread answers as they may: of those that do not read, the one with the most goes.
void Loop::make_room() {
  const auto now = std::chrono::steady_clock::now();
  Client* worst = nullptr;
  for (auto& client : clients_) {
    const auto since = client.stalled_since();
    if (since && now - *since >= stall && (worst == nullptr || client.unread() > worst->unread())) worst = &client;
  }
  if (worst == nullptr) return;
  log_.warning("hung up on a client that does not read {} kB of answers, for which others wait",
               worst->unread() / 1000);
  worst->hang_up();
}

void Loop::run(std::optional<std::chrono::seconds> idle_exit) {
  auto alone_since = std::chrono::steady_clock::now();
  bool trimmed = false;
  while (!end_requested) {
    const auto now = std::chrono::steady_clock::now();
    if (!clients_.empty()) alone_since = now;
    if (listener_ == nullptr && clients_.empty()) return;
    if (idle_exit && now - alone_since >= *idle_exit) return;
    std::optional<Time> until;
    if (!trimmed) until = now + quiet;
    if (idle_exit && clients_.empty())
      until = std::min(until.value_or(alone_since + *idle_exit), alone_since + *idle_exit);
    const bool crowded = server_.crowded();
    if (crowded) until = std::min(until.value_or(now + look_again), now + look_again);
    const bool happened = wait(until);
    if (crowded) make_room();
    std::erase_if(clients_, [](const Client& client) { return client.over(); });
    if (!happened && !trimmed && std::chrono::steady_clock::now() - now >= quiet) ::malloc_trim(0);
    trimmed = !happened && (trimmed || std::chrono::steady_clock::now() - now >= quiet);
  }
}

std::vector<Descriptor> Loop::finish() {
  std::vector<Descriptor> sockets;
  for (auto& client : clients_) sockets.push_back(client.release());
  clients_.clear();
  return sockets;
}

}  // namespace coi::daemon

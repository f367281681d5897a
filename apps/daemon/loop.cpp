#include "loop.h"

#include <malloc.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <atomic>
#include <csignal>
#include <vector>

#include <fmt/format.h>

#include "base/limits.h"

namespace coi::daemon {
namespace {

constexpr auto most_clients = Limits{}.clients;
constexpr std::chrono::seconds deafness{1};
constexpr std::chrono::seconds quiet{10};  // then memory that was needed for a while goes back to the system

// What a signal handler may touch.
std::atomic<bool> end_requested = false;
std::atomic<int> end_bell = -1;
static_assert(std::atomic<int>::is_always_lock_free);

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

Loop::Loop(api::Server& server, std::shared_ptr<Bell> bell) : server_(server), bell_(std::move(bell)) {
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
  if (arrival.client && (arrival.crowded || clients_.size() >= most_clients)) {
    const auto line = arrival.crowded
                          ? api::refusal_line("the daemon has no file descriptor left", "try again later")
                          : api::refusal_line(fmt::format("the daemon has {} clients already", clients_.size()),
                                              "close some of them");
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
  for (const auto& client : clients_) {
    const bool watched = client.wants_input() || client.wants_end();
    waits.push_back({.fd = watched ? client.input() : -1,
                     .events = static_cast<short>(client.wants_input() ? POLLIN : 0),
                     .revents = 0});
    waits.push_back({.fd = client.wants_output() ? client.output() : -1, .events = POLLOUT, .revents = 0});
  }
  int timeout = -1;
  if (until) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - std::chrono::steady_clock::now()).count();
    timeout = static_cast<int>(std::max<std::int64_t>(left, 0));
  }
  const auto ready = ::poll(waits.data(), waits.size(), timeout);
  if (deaf_until_ && std::chrono::steady_clock::now() >= *deaf_until_) deaf_until_.reset();
  if (ready == 0) return false;
  if (waits[0].revents != 0) bell_->silence();
  std::size_t at = 2;
  for (auto& client : clients_) {
    if (waits[at].revents != 0) client.read();
    at += 2;
    client.write();  // the bell does not say for whom it rang
  }
  if (waits[1].revents != 0) accept();
  std::erase_if(clients_, [](const Client& client) { return client.over(); });
  return true;
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
    const bool happened = wait(until);
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

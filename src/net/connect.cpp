#include "net/connect.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fmt/format.h>

#include "base/ascii.h"
#include "net/background.h"
#include "net/endpoint.h"

namespace coi::net {
namespace {

constexpr auto next_address_after = std::chrono::milliseconds(250);

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};
using Addresses = std::vector<Address>;

// Of an empty host the addresses of the loopback interface.
Result<Addresses> look_up_now(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  const int status =
      host.empty() ? ::getaddrinfo(nullptr, "0", &hints, &list) : ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (status != 0) {
    const std::string words = status == EAI_SYSTEM ? std::generic_category().message(errno) : ::gai_strerror(status);
    return fail(ErrorKind::network, fmt::format("cannot find the host {}: {}", host, words));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(list, &::freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    Address address;
    address.size = info->ai_addrlen;
    std::memcpy(&address.storage, info->ai_addr, info->ai_addrlen);
    addresses.push_back(address);
  }
  return addresses;
}

Result<Addresses> look_up(const std::string& host, Deadline deadline, const Waker& waker) {
  if (is_ip_address(host)) return look_up_now(host, AI_NUMERICHOST);
  // RFC 6761 6.3: names of this machine by definition. A name server that is asked might say something else, and clear
  // text is allowed to them.
  if (is_loopback(host)) return look_up_now({}, 0);
  // RFC 6761 6.4: a name that can never exist; asking a name server about it would only wait and tell.
  if (const auto name = ascii_lower(host); name == "invalid" || name.ends_with(".invalid"))
    return fail(ErrorKind::network, fmt::format("cannot find the host {}: no such name", host));
  return in_background<Addresses>([host] { return look_up_now(host, 0); }, "find the host " + host, deadline, waker);
}

// The system's order of preference (RFC 6724), with the families taking turns.
Addresses interleaved(const Addresses& addresses) {
  if (addresses.empty()) return {};
  const auto first_family = addresses.front().storage.ss_family;
  Addresses preferred, others, mixed;
  for (const Address& address : addresses)
    (address.storage.ss_family == first_family ? preferred : others).push_back(address);
  for (std::size_t i = 0; i < std::max(preferred.size(), others.size()); ++i) {
    if (i < preferred.size()) mixed.push_back(preferred[i]);
    if (i < others.size()) mixed.push_back(others[i]);
  }
  return mixed;
}

void set_port(Address& address, std::uint16_t port) {
  if (address.storage.ss_family == AF_INET6)
    reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port = htons(port);
  else
    reinterpret_cast<sockaddr_in&>(address.storage).sin_port = htons(port);
}

// Connections under way to the addresses of one host.
class Race {
 public:
  Race(Addresses addresses, std::uint16_t port) : addresses_(std::move(addresses)) {
    for (Address& address : addresses_) set_port(address, port);
  }

  // The first connected socket, or none at the deadline or when all have failed: reason() then says why.
  Result<Descriptor> run(Deadline deadline, const Waker& waker) {
    while (!winner_ && (next_ < addresses_.size() || !running_.empty())) {
      const auto now = std::chrono::steady_clock::now();
      if (now >= deadline) {
        reason_ = "no answer in time";
        break;
      }
      if (next_ < addresses_.size() && (running_.empty() || now >= next_start_)) {
        start(addresses_[next_++]);
        next_start_ = now + next_address_after;
        continue;
      }
      COI_TRY(wait_for_any(next_ < addresses_.size() ? std::min(deadline, next_start_) : deadline, waker));
    }
    return std::move(winner_);
  }

  const std::string& reason() const { return reason_; }

 private:
  void start(const Address& address) {
    Descriptor socket(::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) return note(errno);
    const auto* const where = reinterpret_cast<const sockaddr*>(&address.storage);
    if (::connect(socket.number(), where, address.size) == 0)
      winner_ = std::move(socket);
    else if (errno == EINPROGRESS)
      running_.push_back(std::move(socket));
    else
      note(errno);
  }

  Result<> wait_for_any(Deadline until, const Waker& waker) {
    std::vector<pollfd> polled;
    for (const Descriptor& socket : running_) polled.push_back({socket.number(), POLLOUT, 0});
    if (COI_TRY(wait(polled, until, waker, Attention::busy)) != Waited::ready) return {};
    std::vector<Descriptor> still_running;
    for (std::size_t i = 0; i < running_.size(); ++i) {
      if (polled[i].revents == 0) {
        still_running.push_back(std::move(running_[i]));
        continue;
      }
      int error = 0;
      socklen_t size = sizeof error;
      ::getsockopt(running_[i].number(), SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0)
        note(error);
      else
        winner_ = std::move(running_[i]);
    }
    running_ = std::move(still_running);
    return {};
  }

  void note(int error) { reason_ = std::generic_category().message(error); }

  Addresses addresses_;
  std::size_t next_ = 0;
  Deadline next_start_{};
  std::vector<Descriptor> running_;
  Descriptor winner_;
  std::string reason_ = "the host has no address";
};

}  // namespace

Result<Descriptor> connect_tcp(const std::string& host, std::uint16_t port, Deadline deadline, const Waker& waker) {
  Race race(interleaved(COI_TRY(look_up(host, deadline, waker))), port);
  Descriptor socket = COI_TRY(race.run(deadline, waker));
  if (!socket)
    return fail(ErrorKind::network,
                fmt::format("cannot connect to {}: {}", host_and_port({host, port}), race.reason()));
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

}  // namespace coi::net

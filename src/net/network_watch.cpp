#include "net/network_watch.h"

#include <linux/rtnetlink.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <optional>
#include <utility>

namespace coi::net {
namespace {

constexpr std::chrono::seconds settled{1};
constexpr std::chrono::seconds longest{10};  // that it is waited for

template <class T>
std::optional<T> read_at(std::string_view octets, std::size_t offset) {
  if (octets.size() < offset + sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, octets.data() + offset, sizeof value);
  return value;
}

// For a time that is not lived to see, so that what there is to read is that the clock was set. After a sleep the
// kernel sets it.
bool arm(const Descriptor& clock) {
  constexpr std::time_t century = 3'155'760'000;  // seconds
  itimerspec never{};
  never.it_value.tv_sec = std::time(nullptr) + century;
  return ::timerfd_settime(clock.number(), TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, nullptr) == 0;
}

Descriptor open_routes() {
  Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
  if (socket && ::bind(socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
  return socket;
}

bool add(const Descriptor& epoll, const Descriptor& source) {
  epoll_event event{};
  event.events = EPOLLIN;
  return ::epoll_ctl(epoll.number(), EPOLL_CTL_ADD, source.number(), &event) == 0;
}

}  // namespace

bool adds_default_route(std::string_view datagram) {
  while (const auto header = read_at<nlmsghdr>(datagram, 0)) {
    if (header->nlmsg_len < sizeof *header || header->nlmsg_len > datagram.size()) return false;
    const auto message = datagram.substr(0, header->nlmsg_len);
    if (header->nlmsg_type == RTM_NEWROUTE)
      if (const auto route = read_at<rtmsg>(message, NLMSG_HDRLEN);
          route && route->rtm_dst_len <= 1 && route->rtm_type == RTN_UNICAST && route->rtm_table != RT_TABLE_LOCAL)
        return true;
    datagram.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(header->nlmsg_len), datagram.size()));
  }
  return false;
}

Result<NetworkWatch> NetworkWatch::open() {
  auto routes = open_routes();
  Descriptor clock(::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK));
  Descriptor both(::epoll_create1(EPOLL_CLOEXEC));
  if (!routes || !clock || !both || !arm(clock) || !add(both, routes) || !add(both, clock))
    return fail(ErrorKind::io, "the system does not tell of changes of the network");
  return NetworkWatch(std::move(routes), std::move(clock), std::move(both));
}

// Messages that found no room (ENOBUFS) may have said anything. Any other trouble would come again at once.
bool NetworkWatch::take_routes() {
  bool added = false;
  std::array<char, 8192> octets;
  while (routes_) {
    const auto count = ::recv(routes_.number(), octets.data(), octets.size(), 0);
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == ENOBUFS)
      added = true;
    else if (count <= 0)
      routes_ = Descriptor();
    else
      added = adds_default_route({octets.data(), static_cast<std::size_t>(count)}) || added;
  }
  return added;
}

bool NetworkWatch::take_clock() {
  std::uint64_t expirations = 0;
  if (!clock_ || ::read(clock_.number(), &expirations, sizeof expirations) >= 0) return false;
  if (errno != ECANCELED) return false;
  if (!arm(clock_)) clock_ = Descriptor();
  return true;
}

bool NetworkWatch::take() {
  const bool routes = take_routes(), clock = take_clock();
  return routes || clock;
}

Result<> NetworkWatch::wait(const Waker& waker) {
  do {
    COI_TRY(waker.wait_readable(both_.number(), Deadline::max()));
  } while (!take());
  const auto end = after(longest);
  while (COI_TRY(waker.wait_readable(both_.number(), std::min(after(settled), end)))) {
    take();
    if (std::chrono::steady_clock::now() >= end) break;
  }
  return {};
}

}  // namespace coi::net

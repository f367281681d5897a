#include "net/loopback_listener.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "net/wait.h"

namespace coi::net {
namespace {

constexpr std::size_t request_limit = 16 * 1024;
constexpr std::size_t most_clients = 32;

//   request-line = "GET /?" query SP "HTTP/1.1" CRLF
std::optional<std::string> query_of(std::string_view request) {
  constexpr std::string_view beginning = "GET /?";
  if (!request.starts_with(beginning) || !request.contains("\r\n\r\n")) return std::nullopt;
  request.remove_prefix(beginning.size());
  const auto end = request.find_first_of(" \r\n");
  if (!request.substr(end).starts_with(" HTTP/1.")) return std::nullopt;
  return std::string(request.substr(0, end));
}

std::unexpected<Error> cannot_listen() {
  return fail(ErrorKind::io, "cannot listen on 127.0.0.1: " + std::generic_category().message(errno));
}

}  // namespace

struct LoopbackListener::Client {
  Descriptor socket;
  std::string request{};
  bool ended = false;

  // Whether the header is complete, the client gone, or more said than a browser says.
  bool receive() {
    std::array<char, 4096> piece{};
    const auto got = ::recv(socket.number(), piece.data(), piece.size(), 0);
    if (got > 0) request.append(piece.data(), static_cast<std::size_t>(got));
    ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR) || request.size() > request_limit ||
            request.contains("\r\n\r\n");
    return ended;
  }

  void answer(std::string_view status, std::string_view page) const {
    const std::string text = fmt::format(
        "HTTP/1.1 {}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n"
        "Referrer-Policy: no-referrer\r\nConnection: close\r\n\r\n{}",
        status, page.size(), page);
    // A page of a few kB fits the socket's buffer; a client that has gone misses it.
    [[maybe_unused]] const auto sent = ::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL);
  }
};

LoopbackListener::LoopbackListener(Descriptor listener, std::uint16_t port)
    : listener_(std::move(listener)), port_(port) {}
LoopbackListener::LoopbackListener(LoopbackListener&&) noexcept = default;
LoopbackListener& LoopbackListener::operator=(LoopbackListener&&) noexcept = default;
LoopbackListener::~LoopbackListener() = default;

Result<LoopbackListener> LoopbackListener::open() {
  Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (!listener || ::bind(listener.number(), generic, size) != 0 || ::listen(listener.number(), 16) != 0 ||
      ::getsockname(listener.number(), generic, &size) != 0)
    return cannot_listen();
  return LoopbackListener(std::move(listener), ntohs(address.sin_port));
}

std::string LoopbackListener::url() const { return fmt::format("http://127.0.0.1:{}/", port_); }

Result<std::string> LoopbackListener::wait_for_query(std::string_view page, Deadline deadline, const Waker& waker) {
  for (;;) {
    std::vector<pollfd> polled{{listener_.number(), POLLIN, 0}};
    for (const Client& client : clients_) polled.push_back({client.socket.number(), POLLIN, 0});
    if (COI_TRY(wait(polled, deadline, waker, Attention::busy)) == Waited::timed_out)
      return fail(ErrorKind::network, "the browser has not come back in time");

    std::optional<std::string> query;
    for (std::size_t i = 0; i < clients_.size() && !query; ++i) {
      if (polled[i + 1].revents == 0 || !clients_[i].receive()) continue;
      query = query_of(clients_[i].request);
      query ? clients_[i].answer("200 OK", page) : clients_[i].answer("404 Not Found", "");
    }
    std::erase_if(clients_, [](const Client& client) { return client.ended; });
    if (query) return std::move(*query);

    if (polled[0].revents == 0) continue;
    Descriptor socket(::accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) continue;
    if (clients_.size() == most_clients) clients_.erase(clients_.begin());
    clients_.push_back({std::move(socket)});
  }
}

}  // namespace coi::net

#include "scripted_server.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace coi::engine::test {

Peer::~Peer() { ::close(descriptor_); }

bool Peer::send(std::string_view octets) {
  while (!octets.empty()) {
    const auto sent = ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool Peer::receive() {
  std::array<char, 65536> chunk;
  const auto got = ::recv(descriptor_, chunk.data(), chunk.size(), 0);
  if (got <= 0) return false;
  buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> Peer::line() {
  auto end = buffer_.find("\r\n");
  for (; end == buffer_.npos; end = buffer_.find("\r\n"))
    if (!receive()) return std::nullopt;
  auto line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

std::string Peer::octets(std::size_t count) {
  while (buffer_.size() < count)
    if (!receive()) return {};
  auto octets = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return octets;
}

void Peer::cut() { ::shutdown(descriptor_, SHUT_RDWR); }

ScriptedServer::ScriptedServer(Script script) : script_(std::move(script)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    throw std::runtime_error("no port to listen on");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::jthread([this] { accept(); });
}

ScriptedServer::~ScriptedServer() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  cut();
  threads_.clear();
  ::close(listener_);
}

void ScriptedServer::cut() {
  std::lock_guard lock(mutex_);
  for (const auto& open : std::exchange(open_, {}))
    if (const auto peer = open.lock()) peer->cut();
}

void ScriptedServer::accept() {
  while (true) {
    const int descriptor = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (descriptor < 0) return;
    ++connections_;
    auto peer = std::make_shared<Peer>(descriptor);
    {
      std::lock_guard lock(mutex_);
      open_.push_back(peer);
    }
    threads_.emplace_back([this, peer = std::move(peer)]() mutable {
      script_(*peer);
      peer.reset();
    });
  }
}

}  // namespace coi::engine::test

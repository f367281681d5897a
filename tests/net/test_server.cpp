#include "test_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

namespace coi::net::test {
namespace {

int listen_on_loopback(std::uint16_t& port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  ::bind(fd, generic, size);
  ::listen(fd, 8);
  ::getsockname(fd, generic, &size);
  port = ntohs(address.sin_port);
  return fd;
}

}  // namespace

// What is sent is sent: the end of a connection of which not all was read takes along what waits for an
// acknowledgement.
Peer::Peer(int fd) : fd_(fd) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Peer::~Peer() {
  if (ssl_) SSL_shutdown(ssl_.get());
  ::close(fd_);
}

bool Peer::start_tls(const Certificate& certificate, int max_version) {
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free);
  SSL_CTX_use_certificate(context.get(), certificate.certificate.get());
  SSL_CTX_use_PrivateKey(context.get(), certificate.key.get());
  // Tickets of an earlier connection open here too: the key belongs to the server, not to the connection.
  unsigned char ticket_keys[80] = {1, 2, 3};
  SSL_CTX_set_tlsext_ticket_keys(context.get(), ticket_keys, sizeof ticket_keys);
  SSL_CTX_set_session_id_context(context.get(), reinterpret_cast<const unsigned char*>("test"), 4);
  if (max_version != 0) {
    SSL_CTX_set_min_proto_version(context.get(), 0);
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_max_proto_version(context.get(), max_version);
  }
  ssl_ = std::shared_ptr<SSL>(SSL_new(context.get()), SSL_free);
  SSL_set_fd(ssl_.get(), fd_);
  if (SSL_accept(ssl_.get()) == 1) return true;
  ssl_.reset();
  return false;
}

void Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string Peer::receive() {
  if (!buffer_.empty()) return std::exchange(buffer_, {});
  std::string bytes(65536, '\0');
  const auto got = ssl_ ? SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                        : ::recv(fd_, bytes.data(), bytes.size(), 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::string Peer::receive_line() {
  std::string bytes;
  while (!bytes.contains('\n')) {
    const std::string more = receive();
    if (more.empty()) return bytes;
    bytes += more;
  }
  const auto end = bytes.find('\n') + 1;
  buffer_ = bytes.substr(end);
  return bytes.substr(0, end);
}

std::string Peer::receive_exactly(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    const std::string more = receive();
    if (more.empty()) return bytes;
    bytes += more;
  }
  buffer_ = bytes.substr(count);
  return bytes.substr(0, count);
}

void Peer::wait_for_end() {
  while (!receive().empty()) {
  }
}

TestServer::TestServer(Script script, int connections) : listener_(listen_on_loopback(port_)) {
  std::signal(SIGPIPE, SIG_DFL);  // the room must not depend on the program ignoring it
  thread_ = std::jthread([this, script = std::move(script), connections] {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);  // OpenSSL's server side here writes with write()
    for (int i = 0; i < connections; ++i) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      Peer peer(fd);
      script(peer);
    }
  });
}

TestServer::~TestServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::uint16_t refused_port() {
  std::uint16_t port = 0;
  ::close(listen_on_loopback(port));
  return port;
}

}  // namespace coi::net::test

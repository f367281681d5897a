// A server on loopback that does what a test tells it, one connection after the other, on a thread of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "certificate.h"
#include "net/endpoint.h"

struct ssl_st;

namespace coi::net::test {

// The server's side of one connection. Reading ends with "" when the client is gone.
class Peer {
 public:
  explicit Peer(int fd);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  bool start_tls(const Certificate& certificate, int max_version = 0);
  void send(std::string_view bytes);
  std::string receive();
  std::string receive_line();  // with its LF
  std::string receive_exactly(std::size_t count);
  void wait_for_end();  // until the client is gone

 private:
  int fd_;
  std::shared_ptr<ssl_st> ssl_;
  std::string buffer_;
};

class TestServer {
 public:
  using Script = std::function<void(Peer&)>;

  // Serves `connections` connections, then refuses further ones.
  explicit TestServer(Script script, int connections = 1);
  ~TestServer();

  std::uint16_t port() const { return port_; }
  Endpoint endpoint(Security security, std::string host = "localhost") const {
    return {std::move(host), port_, security};
  }

 private:
  std::uint16_t port_ = 0;  // found out by opening the listener
  int listener_;
  std::jthread thread_;
};

// A port on which nobody listens.
std::uint16_t refused_port();

}  // namespace coi::net::test

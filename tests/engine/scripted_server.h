// A server on loopback, in clear text, that does what a test tells it: what a real server cannot be made to do. Every
// connection has a thread of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace coi::engine::test {

// The server's side of one connection, which ends with it.
class Peer {
 public:
  explicit Peer(int descriptor) : descriptor_(descriptor) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  ~Peer();

  bool send(std::string_view octets);  // false: the client is gone
  // Without its line end; nullopt when the client is gone.
  std::optional<std::string> line();
  std::string octets(std::size_t count);
  // Any thread: the client hears no more, and neither does the server.
  void cut();

 private:
  bool receive();

  const int descriptor_;
  std::string buffer_;
};

class ScriptedServer {
 public:
  using Script = std::function<void(Peer&)>;

  explicit ScriptedServer(Script script);
  ~ScriptedServer();

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }  // that were made so far
  void cut();                                       // ends those that are open, without a word

 private:
  void accept();

  const Script script_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<std::weak_ptr<Peer>> open_;
  std::vector<std::jthread> threads_;
  std::jthread acceptor_;
};

}  // namespace coi::engine::test

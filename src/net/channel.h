// One TCP connection, later perhaps with TLS on it: what net::Stream is made of. For this room only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"
#include "net/stream.h"
#include "net/wait.h"

namespace coi::net {

class Channel {
 public:
  Channel(Descriptor socket, Waker waker);
  Channel(Channel&&) noexcept;
  Channel& operator=(Channel&&) noexcept;
  ~Channel();

  // TCP probes: the first after 2 idle minutes, then 4 every 15 s. What is not acknowledged within 3 minutes is an
  // error.
  void keep_alive();

  // Client handshake with `host`, whose certificate is checked; `port` only tells session tickets apart.
  Result<> start_tls(const Tls& tls, const std::string& host, std::uint16_t port, Deadline deadline);

  // Appends what is there, at most 16 kB; waits when nothing is.
  Result<ReadResult> receive(std::string& into, Deadline deadline, Attention attention);
  // The next receive() returns these first; only before TLS.
  void put_back(std::string_view bytes) { early_ += bytes; }
  // All of it. `patience`: how long the peer may take nothing.
  Result<> send(std::string_view bytes, std::chrono::milliseconds patience);
  void close();

  bool open() const { return static_cast<bool>(socket_); }
  bool has_tls() const { return tls_ != nullptr; }
  bool resumed() const;
  // "TLSv1.3 TLS_AES_256_GCM_SHA384", or "clear text".
  std::string protection() const;

 private:
  struct TlsState;

  Result<> handshake(TlsState& state, const std::string& host, Deadline deadline);
  // Octets received or sent; 0: `wanted` says what to wait for.
  Result<std::size_t> try_receive(char* data, std::size_t size, short& wanted, bool& closed);
  Result<std::size_t> try_send(std::string_view bytes, short& wanted);

  Descriptor socket_;
  Waker waker_;
  std::string early_;
  std::unique_ptr<TlsState> tls_;
};

}  // namespace coi::net

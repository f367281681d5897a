// A connection to a mail server: TCP, TLS, DEFLATE and proxies, blocking with deadlines.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/result.h"
#include "net/endpoint.h"
#include "net/tls.h"
#include "net/waker.h"

namespace coi::net {

struct StreamOptions {
  Tls tls;
  Waker waker{};
  std::string proxy{};  // "socks5://[user:password@]host[:1080]" or "http://[user:password@]host[:8080]"; empty: none
  std::chrono::milliseconds connect_timeout{30'000};  // look-up, TCP, proxy and the first TLS handshake together
  std::chrono::milliseconds write_timeout{60'000};    // how long the peer may take nothing of what is written
  bool keepalive = true;                              // TCP probes after 2 idle minutes, so that a dead peer is noticed
  Log log{};
};

enum class ReadResult : std::uint8_t { data, closed, timed_out, woken };

// One owner thread; other threads reach it through the Waker. Errors of all members: network for what another try may
// mend, tls for certificates and handshakes, cancelled after Waker::cancel(). After an error only close() makes sense;
// but what the peer had said before a write failed can still be read.
class Stream {
 public:
  // Tries every address of the host, the next one a quarter second after the last without an answer (RFC 8305). With
  // Security::tls the handshake is done too. A proxy looks up the host itself and is not asked for loopback hosts.
  static Result<Stream> connect(const Endpoint& endpoint, const StreamOptions& options);

  Stream(Stream&&) noexcept;
  Stream& operator=(Stream&&) noexcept;
  ~Stream();

  // After the server's answer to STARTTLS; checks the certificate against the endpoint's host.
  Result<> start_tls();

  // Raw DEFLATE both ways (RFC 4978) from here on; each write() is flushed. `early`: octets already read that followed
  // the server's OK, and so are compressed.
  Result<> start_deflate(std::string_view early = {});

  // Appends what is there to `into`, at most 256 kB; waits when nothing is.
  Result<ReadResult> read(std::string& into, Deadline deadline);

  // All of it. Does not read meanwhile: a peer that sends without listening runs into write_timeout.
  Result<> write(std::string_view bytes);

  // Ends TLS politely and the connection at once; the destructor does it too.
  void close();

  bool is_secure() const;
  bool is_resumed() const;  // TLS took up an earlier session
  // For status lines: "TLSv1.3 TLS_AES_256_GCM_SHA384, deflate".
  std::string description() const;

 private:
  struct State;
  explicit Stream(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace coi::net

// Handing mails to a submission server (RFC 6409), without sockets: bytes in, bytes and events out.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"
#include "sasl/sasl.h"
#include "smtp/capabilities.h"
#include "smtp/outcome.h"
#include "smtp/reply.h"

namespace coi::smtp {

struct StartTls {};     // put TLS under this session now, then call tls_started()
struct Ready {};        // logged in; submit() may be called
struct DataStarted {};  // what take_output() gives next lets the server take the mail: record that before sending it
struct Submitted {
  Outcome outcome;
};
struct Closed {                // the last event
  std::optional<Error> error;  // none after quit()
};
using Event = std::variant<StartTls, Ready, DataStarted, Submitted, Closed>;

struct SessionOptions {
  // Argument of EHLO: a domain or an address literal (RFC 5321 4.1.3). The loopback address tells nobody where we are.
  // A server that refuses it is once given the name of no host in particular, `other_name`.
  std::string client_name = "[127.0.0.1]";
  std::string other_name = "localhost.localdomain";
  bool starttls = false;  // STARTTLS is required before anything else; false: the transport is safe already
  bool chunking = true;   // use CHUNKING when offered
  std::optional<sasl::Credentials> login{};  // none: no AUTH
  Limits limits{};
  Log log{};
};

// greeting -> EHLO -> [STARTTLS -> EHLO] -> AUTH -> Ready -> { submit -> [DataStarted] -> Submitted } -> quit -> Closed
//
// The owner's loop: handle every next_event(), then write every take_output(), then read and feed(). The order matters:
// the end of a mail is held back until DataStarted has been taken. One mail at a time; the connection stays for more.
//
// Errors arrive as Closed: network (greeting or 421 that says later, connection lost), tls is the transport's, auth
// (credentials rejected, with the server's words), needs_oauth, not_allowed (no STARTTLS, no login offered, greeting
// 554), protocol, limit. A mail's own failure is never one: it is in its Outcome, and the session goes on.
class Session {
 public:
  explicit Session(SessionOptions options);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  void feed(std::string_view bytes);
  // Bytes to write, at most some 64 kB and the commands before them; empty: nothing to write for now.
  std::string take_output();
  std::optional<Event> next_event();

  void tls_started();
  // The transport has ended; yields Submitted for a mail on its way, and Closed.
  void connection_lost();

  // A mail with any line ends; it goes out with CRLF. Answered by Submitted always, at once if this server cannot take
  // it: larger than its SIZE, 8-bit, or addresses in UTF-8. Error internal: not ready, or a mail is on its way.
  Result<> submit(Envelope envelope, std::string mail);
  void quit();

  bool is_ready() const;                     // submit() and quit() may be called
  const Capabilities& capabilities() const;  // of the latest EHLO; what was said before STARTTLS is forgotten
  unsigned mails() const;                    // transactions over on this connection, for servers that limit them
  // How long the server may take for the answer awaited now (RFC 5321 4.5.3.2).
  std::chrono::seconds patience() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace coi::smtp

// One IMAP connection: the session on top of the stream, blocking. Owned by one worker thread; its Waker interrupts it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"
#include "engine/config.h"
#include "engine/credential.h"
#include "engine/login_keeper.h"
#include "imap/login.h"
#include "imap/session.h"
#include "net/stream.h"
#include "sasl/sasl.h"

namespace coi::engine {

struct LinkOptions {
  AccountConfig config;
  Credential credential;
  net::Tls tls;
  net::Waker waker;
  bool compress = false;
  Limits limits;
  Log log;
  std::function<void(std::string_view)> alert;  // the server's words for the user (RFC 3501, ALERT); may be empty
  // Asked when the server is there, before the login is shown to it; its error ends the attempt. What it gives is kept
  // as long as the connection. May be empty.
  std::function<Result<LoginKeeper::Turn>()> begin_login;
};

// What to log in with at this server; with a nonce of its own.
sasl::Credentials login_credentials(const LinkOptions& options, const net::Endpoint& server);

// What NOTIFY says of mailboxes that are not open, amid any command.
bool tells_of_others(const imap::Event& event);

class ImapLink {
 public:
  // Every event of the session but Alert, Bye and Failed, in order; what the server says by itself is among them.
  using OnEvent = std::function<Result<>(imap::Event&&)>;

  // Connects and logs in. Errors as imap/login.h and net/stream.h.
  static Result<ImapLink> open(const LinkOptions& options);

  // Sends one command and waits for its completion. Result: the tagged status, whatever it is; an error only when the
  // connection is lost (network), the account stops (cancelled), or `on_event` says so.
  Result<imap::Status> run(imap::Command command, const OnEvent& on_event = {});
  // The same, a refusal being an error (imap::to_error).
  Result<imap::Status> demand(imap::Command command, std::string_view tried, const OnEvent& on_event = {});
  // The two halves of run(), for commands that do not wait for each other. Every id has to be finished once.
  imap::CommandId submit(imap::Command command);
  Result<imap::Status> finish(imap::CommandId id, const OnEvent& on_event = {});

  // Who hears what no command's own listener takes: the keeper of the open mailbox's state, who must miss nothing. A
  // listener hands on what is not its own with pass_on().
  void set_watch(OnEvent watch) { watch_ = std::move(watch); }
  Result<> pass_on(imap::Event&& event) { return watch_ ? watch_(std::move(event)) : Result<>{}; }

  enum class Wait : std::uint8_t { event, timed_out, woken };
  // Waits for something the server says by itself, or for wake(), or for the deadline. Events go to `on_event`.
  Result<Wait> wait(net::Deadline deadline, const OnEvent& on_event);
  // IDLE until something happens; ends it again before returning, so that commands may follow. Only where can_idle();
  // it is false from the first refusal on. Where the server ended the IDLE before, the next begins a second later.
  Result<Wait> idle(net::Deadline deadline, const OnEvent& on_event);

  void logout() noexcept;

  bool has(std::string_view capability) const { return session_->capabilities().has(capability); }
  bool can_idle() const { return has("IDLE") && !idle_refused_; }
  // The server ended the connection with a word (BYE).
  bool said_bye() const { return said_bye_; }
  const imap::Session& session() const { return *session_; }
  const imap::Namespaces& namespaces() const { return namespaces_; }
  std::string description() const { return stream_.description(); }

 private:
  ImapLink(net::Stream stream, const LinkOptions& options);

  Result<> log_in(const LinkOptions& options);
  Result<> flush();
  // Reads once and feeds the session.
  Result<net::ReadResult> read(net::Deadline deadline);
  // Hands over what has been read.
  Result<> dispatch(const OnEvent& on_event);

  net::Stream stream_;
  std::unique_ptr<imap::Session> session_;
  imap::Namespaces namespaces_;
  std::function<void(std::string_view)> alert_;
  OnEvent watch_;
  std::vector<imap::Completed> completed_;
  bool said_bye_ = false;
  bool idle_refused_ = false;
  net::Deadline next_idle_ = net::Deadline::min();
  LoginKeeper::Turn turn_;
  bool woken_ = false;  // while a command ran: reported by the next wait()
  std::string input_;
};

}  // namespace coi::engine

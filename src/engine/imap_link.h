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
#include "engine/times.h"
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
  Times times;
  Log log;
  std::shared_ptr<imap::MailboxNames> names = std::make_shared<imap::MailboxNames>();
  std::shared_ptr<imap::Dispensable> dispensable = std::make_shared<imap::Dispensable>();
  std::function<void(std::string_view)> alert;  // the server's words for the user (RFC 3501, ALERT); may be empty
  // Asked when the server is there, before the login is shown to it; its error ends the attempt. What it gives is kept
  // as long as the connection. May be empty.
  std::function<Result<LoginKeeper::Turn>()> begin_login;
  // Asked when the Waker rang: true when the connection has to show soon that it lives (Times::probe); may be empty.
  std::function<bool()> doubted;
  // The server has said nothing for Times::silence although a command waits for its answer; false: it speaks again. May
  // be empty. That it lets an octet fall now and then is no speaking.
  std::function<void(bool)> silent;
  // The answer to a command takes long, or is long: told again and again as it grows, and as nullptr once it is whole.
  // May be empty.
  std::function<void(const imap::AnswerSize*)> long_answer;
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

  // As Session::leave_out().
  void leave_out(const std::string& extension, const imap::Status& refusal) { session_->leave_out(extension, refusal); }

  // Who hears what no command's own listener takes: the keeper of the open mailbox's state, who must miss nothing. A
  // listener hands on what is not its own with pass_on().
  void set_watch(OnEvent watch) { watch_ = std::move(watch); }
  Result<> pass_on(imap::Event&& event) { return watch_ ? watch_(std::move(event)) : Result<>{}; }

  // NOOP, and what it made the server tell. An error when it is not answered soon (Times::renewal).
  Result<> noop(const OnEvent& on_event = {});

  enum class Wait : std::uint8_t { news, timed_out, woken };
  // Whether what was heard is worth more than waiting on; asked first, and after all that came in one reading.
  using Enough = std::function<Result<bool>()>;
  // Waits until it is enough, or for wake(), or for the deadline. What the server says meanwhile goes to `on_event`.
  // That it spoke is no news by itself.
  Result<Wait> wait(net::Deadline deadline, const OnEvent& on_event, const Enough& enough);
  // The same in IDLE, which is ended before returning, so that commands may follow; `news` also when the server ended
  // it. Only where can_idle(), which is false from the first refusal on. How soon the next one may begin is the
  // caller's to heed (Pacer).
  Result<Wait> idle(net::Deadline deadline, const OnEvent& on_event, const Enough& enough);

  void logout() noexcept;

  bool has(std::string_view capability) const { return session_->capabilities().has(capability); }
  bool can_idle() const { return has("IDLE") && !idle_refused_; }
  // Nothing has come since the connection was doubted (LinkOptions); the next command shows whether it lives.
  bool in_doubt() const { return in_doubt_; }
  // The server ended the connection with a word (BYE).
  bool said_bye() const { return said_bye_; }
  const imap::Session& session() const { return *session_; }
  const imap::Namespaces& namespaces() const { return namespaces_; }
  std::string description() const { return stream_.description(); }

 private:
  ImapLink(net::Stream stream, const LinkOptions& options);

  Result<> log_in(const LinkOptions& options);
  Result<> flush();
  // An error of the connection, of which the session learns, unless the network may be to blame.
  Error lost(Error error);
  // Reads once and feeds the session.
  Result<net::ReadResult> read(net::Deadline deadline);
  // Reads until something comes; error network when nothing does within `patience` of what was written last, or of the
  // last progress, or within `doubted` after a doubt.
  Result<> await_answer(std::chrono::milliseconds patience, std::chrono::milliseconds doubted);
  void note_progress(std::size_t octets);
  void note_length();
  Result<imap::Status> finish(imap::CommandId id, const OnEvent& on_event, std::chrono::milliseconds patience,
                              std::chrono::milliseconds doubted);
  bool is_completed(imap::CommandId id) const;
  Result<Wait> wait_or_end(net::Deadline deadline, const OnEvent& on_event, const Enough& enough, imap::CommandId id);
  // Hands over what has been read.
  Result<> dispatch(const OnEvent& on_event);

  net::Stream stream_;
  std::unique_ptr<imap::Session> session_;
  imap::Namespaces namespaces_;
  std::function<void(std::string_view)> alert_;
  std::function<bool()> doubted_;
  std::function<void(bool)> silent_;
  std::function<void(const imap::AnswerSize*)> long_answer_;
  Times times_;
  OnEvent watch_;
  std::vector<imap::Completed> completed_;
  bool said_bye_ = false;
  bool idle_refused_ = false;
  LoginKeeper::Turn turn_;
  bool is_silent_ = false;  // and that was said
  net::Deadline written_at_ = std::chrono::steady_clock::now();
  net::Deadline progress_at_ = net::Deadline::min();
  std::size_t octets_since_ = 0;  // the last progress
  std::uint64_t responses_ = 0;   // of the answer, at that time
  std::uint64_t answer_ = 0;      // AnswerSize::number()
  net::Deadline answer_begun_ = std::chrono::steady_clock::now();
  net::Deadline length_told_ = net::Deadline::min();  // min(): it was not
  bool in_doubt_ = false;                             // nothing has come since the connection was doubted
  bool woken_ = false;                                // while a command ran: reported by the next wait()
  std::string input_;
};

}  // namespace coi::engine

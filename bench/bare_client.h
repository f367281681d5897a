// The floor of every figure: what the protocols and the servers cost without a messenger. Nothing but net::Stream,
// smtp::Session and imap::Session, one thread for each connection, no parsing of mails, nothing stored.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "base/secret.h"
#include "imap/login.h"
#include "net/endpoint.h"
#include "net/stream.h"
#include "smtp/session.h"

namespace coi::bench {

// Where the mailhost is, and the one password of all its users.
struct Servers {
  net::Endpoint imap, smtp;
  std::string ca;  // file
  Secret password;
};

// A submission connection that stays open.
class BareSender {
 public:
  static Result<BareSender> open(const Servers& servers, const std::string& addr);

  // Until the server has answered. Error not_allowed: it did not take the mail for any of them.
  Result<> submit(std::vector<std::string> to, std::string mail);

 private:
  BareSender(net::Stream stream, smtp::Session session, std::string addr)
      : stream_(std::move(stream)), session_(std::move(session)), addr_(std::move(addr)) {}

  Result<> pump(const std::function<Result<bool>(smtp::Event&&)>& is_over);

  net::Stream stream_;
  smtp::Session session_;
  std::string addr_;
};

// An IMAP connection with the inbox open.
class BareMailbox {
 public:
  static Result<BareMailbox> open(const Servers& servers, const std::string& addr, const Log& log = {});

  // Sends IDLE and returns when the server has taken it.
  Result<> idle();
  // Waits for mail in IDLE, leaves it, and reads all that is new. How many mails; at most a minute's wait.
  Result<std::uint32_t> receive();
  // Every mail of the inbox, in one FETCH. How many octets.
  Result<std::uint64_t> fetch_everything();
  std::uint32_t messages() const { return session_->mailbox() ? session_->mailbox()->messages.value_or(0) : 0; }

 private:
  explicit BareMailbox(net::Stream stream, const Log& log)
      : stream_(std::move(stream)), session_(std::make_unique<imap::Session>(Limits{}, log)) {}

  Result<> log_in(imap::LoginOptions options);
  Result<> finish(imap::CommandId command);
  // Writes, reads and hands over events until `is_over` says so.
  Result<> pump(const std::function<bool(const imap::Event&)>& is_over);

  net::Stream stream_;
  std::unique_ptr<imap::Session> session_;
  std::uint32_t next_uid_ = 1;
  std::uint32_t seen_ = 0;  // messages that were read, or were there before us
  std::uint32_t mails_ = 0;
  std::uint64_t octets_ = 0;
};

}  // namespace coi::bench

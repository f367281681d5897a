// One connection to the submission server: the session on top of the stream, blocking. Owned by one thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "base/result.h"
#include "engine/imap_link.h"
#include "net/stream.h"
#include "smtp/session.h"

namespace coi::engine {

class SmtpLink {
 public:
  // Connects and logs in. Errors as smtp/session.h and net/stream.h.
  static Result<SmtpLink> open(const LinkOptions& options);

  // Hands one mail over. `data_started` is called before the server can take it; its error ends the connection and is
  // returned. Where that takes time, `commands_first` lets the server hear before for whom the mail is; else it all
  // goes in one write. The result is the mail's outcome, whatever became of the connection: is_usable() says that.
  // `on_silence` is told once when the server says nothing for some seconds. wake() makes a silent connection prove
  // that it lives: it ends when nothing comes within seconds. One that was kept is given little time to answer at all.
  Result<smtp::Outcome> submit(smtp::Envelope envelope, std::string mail, bool commands_first,
                               const std::function<Result<>()>& data_started,
                               const std::function<void(std::chrono::seconds)>& on_silence);
  // Of the last submit(): the server may have all of the mail. Only what was written to its last octet counts: a TLS
  // record that is cut off cannot be read, nor a chunk or a line of DATA be taken for the last one.
  bool end_left() const { return end_left_; }
  // After a pause: false when the server has said goodbye or gone meanwhile. A mail given to a dead connection would
  // have to count as perhaps taken, and wait.
  bool is_usable();
  // Whether another mail should go over a new connection: this one has had what its server takes of one.
  bool is_used_up() const;
  // Octets of the largest mail that the server takes (RFC 1870), as it said when we came; 0: no bound.
  std::uint64_t largest_mail() const { return session_.capabilities().largest_mail; }
  // For how many seconds it keeps mails for later (RFC 4865), as it said then; 0: it does not do that.
  std::uint64_t longest_hold() const { return session_.capabilities().longest_hold; }
  void quit() noexcept;

 private:
  SmtpLink(net::Stream stream, smtp::Session session, const Times& times)
      : stream_(std::move(stream)), session_(std::move(session)), times_(times) {}

  // Writes, reads and hands over events until `on_event` returns true.
  Result<> pump(const std::function<Result<bool>(smtp::Event&&)>& on_event,
                const std::function<void(std::chrono::seconds)>& on_silence = {});
  // Waits for what the server says. False: it has hung up, or kept silent for too long.
  Result<bool> hear(std::string& input, const std::function<void(std::chrono::seconds)>& on_silence);
  std::chrono::milliseconds patience(bool woken) const;
  // After a write that failed: a server that refuses amid the data says why, closes, and has what is still written sent
  // back as an error. Its words lie in the socket by then.
  Result<> write(const std::string& output);
  void hear_last_words();

  net::Stream stream_;
  smtp::Session session_;
  Times times_;
  LoginKeeper::Turn turn_;
  bool is_kept_ = false;      // had a mail before, and has said nothing since
  bool end_allowed_ = false;  // what is written next may hold the end of the mail
  bool end_left_ = false;
};

}  // namespace coi::engine

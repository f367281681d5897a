// One mail transaction (RFC 5321 3.3): from MAIL to the server's word on the data. Inside smtp::Session only.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "smtp/capabilities.h"
#include "smtp/outcome.h"

namespace coi::smtp {

// How the commands go out:
//   PIPELINING            MAIL, all RCPT and DATA in one write, the data after the 354
//   PIPELINING, CHUNKING  MAIL, all RCPT and BDAT … LAST with a mail of up to 64 kB in one write, or the commands while
//                         allow_end() is waited for; a larger mail in chunks, up to eight of them unanswered, once a
//                         recipient is accepted
//   neither               one command, one answer
class Transaction {
 public:
  // `reset`: RSET goes first, to end a transaction that the server still has open.
  Transaction(Envelope envelope, std::string mail, const Capabilities& server, bool chunking, bool reset);

  // The next bytes to send: commands, and at most 64 kB of the mail; empty: wait for an answer. The piece that ends the
  // mail is held back until allow_end().
  std::string take_output();
  // The next piece would end the mail: from then on the server may take it.
  bool wants_end() const;
  void allow_end() { end_allowed_ = true; }

  // Of a reply that belongs to this transaction.
  void answer(const Reply& reply);
  // The connection is gone; `last_words`: what the server said last, a 421 or a refusal in the middle of the data;
  // `why`: for people, where it said nothing.
  void lost(const std::optional<Reply>& last_words, const std::string& why);

  bool finished() const { return finished_; }
  bool awaits_reply() const { return !awaited_.empty(); }
  bool end_sent() const { return end_sent_; }
  // The server may still hold an open transaction.
  bool needs_reset() const { return needs_reset_; }
  bool was_started() const { return started_; }
  // The server announces DSN and refuses its parameter: the mail may go without. Only when finished.
  bool refused_parameter() const { return refused_parameter_; }
  Envelope take_envelope() { return std::move(envelope_); }
  std::string take_mail() { return std::move(mail_); }
  std::size_t recipients() const { return pending_.size(); }
  Outcome take_outcome() { return std::move(outcome_); }

 private:
  enum class Step : std::uint8_t { reset, mail, recipient, data, chunk, last_chunk, end_of_data };
  struct Command {
    Step step;
    std::size_t recipient = 0;  // index into outcome_.recipients
    std::string line{};
  };
  enum class Body : std::uint8_t { waiting, flowing, over };

  static bool is_end(Step step) { return step == Step::last_chunk || step == Step::end_of_data; }

  void refuse_locally(const Capabilities& server);
  void plan(const Capabilities& server, bool reset);
  std::string mail_command(const Capabilities& server);
  void advance();
  void on_data_reply(const Reply& reply);
  void send_chunk(std::string& output);
  void send_data(std::string& output);
  void decide_pending(const Reply& reply);
  void decide_pending(Fate fate, const Reply& reply);
  bool any_pending() const;
  std::size_t body_left() const { return mail_.size() - body_sent_; }

  Envelope envelope_;
  std::string mail_;
  Outcome outcome_;
  std::vector<bool> pending_;  // beside outcome_.recipients: not yet decided
  bool pipelining_;
  bool chunking_;

  std::deque<Command> commands_;  // not yet sent
  std::deque<Command> awaited_;   // sent, unanswered
  std::string output_;
  Body body_ = Body::waiting;
  std::size_t body_sent_ = 0;
  bool at_line_start_ = true;  // of the data that comes next
  bool end_allowed_ = false;
  bool end_sent_ = false;
  bool started_ = false;
  bool needs_reset_ = false;
  bool has_parameter_ = false;
  bool refused_parameter_ = false;
  bool finished_ = false;
};

}  // namespace coi::smtp

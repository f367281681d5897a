#include "smtp/transaction.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/size_text.h"

namespace coi::smtp {
namespace {

constexpr std::size_t piece_size = 64 * 1024;  // of the mail, in one write
constexpr std::ptrdiff_t most_chunks_unanswered = 8;

// Whether an address can stand between < and > (RFC 5321 4.1.2 Path), without the fine points of its grammar: white
// space and brackets only inside a quoted local part, no control characters, a domain.
bool is_sendable(std::string_view address) {
  bool quoted = false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    const auto octet = static_cast<unsigned char>(address[i]);
    if (octet < 0x20 || octet == 0x7f) return false;
    if (quoted && octet == '\\') {
      ++i;
      if (i == address.size() || static_cast<unsigned char>(address[i]) < 0x20) return false;
    } else if (octet == '"') {
      quoted = !quoted;
    } else if (!quoted && (octet == ' ' || octet == '<' || octet == '>')) {
      return false;
    }
  }
  const auto at = address.rfind('@');
  return !quoted && at != std::string_view::npos && at > 0 && at + 1 < address.size();
}

// Every line of a mail ends with CRLF (RFC 5321 2.3.8), the last one too.
std::string with_crlf(std::string mail) {
  std::size_t bare = 0;
  for (std::size_t i = 0; i < mail.size(); ++i) {
    if (mail[i] == '\n' && (i == 0 || mail[i - 1] != '\r')) ++bare;
    if (mail[i] == '\r' && (i + 1 == mail.size() || mail[i + 1] != '\n')) ++bare;
  }
  if (bare > 0) {
    std::string whole;
    whole.reserve(mail.size() + bare);
    for (std::size_t i = 0; i < mail.size(); ++i) {
      if (mail[i] != '\r' && mail[i] != '\n') {
        whole += mail[i];
        continue;
      }
      if (mail[i] == '\r' && i + 1 < mail.size() && mail[i + 1] == '\n') ++i;
      whole += "\r\n";
    }
    mail = std::move(whole);
  }
  if (!mail.ends_with("\r\n")) mail += "\r\n";
  return mail;
}

//   xtext = *( xchar / hexchar )       ; "+" and "=" and what is no printable ASCII as "+" and two hex digits
// RFC 3461 4.4; empty when it is longer than allowed.
std::string xtext(std::string_view text) {
  constexpr std::size_t longest = 100;
  std::string out;
  for (const char c : text) {
    const bool plain = c > ' ' && c < '\x7f' && c != '+' && c != '=';
    out += plain ? std::string(1, c) : fmt::format("+{:02X}", static_cast<unsigned char>(c));
  }
  return out.size() > longest ? std::string() : out;
}

// RFC 5321 4.5.3.1.10: old servers say 552 of one recipient too many, who may be named in the next mail. Not where the
// enhanced code says that it is another matter.
bool is_too_many_recipients(const Reply& reply) {
  return reply.code == 552 && (reply.enhanced.empty() || reply.enhanced.ends_with(".5.3"));
}

}  // namespace

bool Outcome::accepted_by_any() const {
  return std::ranges::any_of(recipients, [](const RecipientOutcome& r) { return r.fate == Fate::accepted; });
}

Transaction::Transaction(Envelope envelope, std::string mail, const Capabilities& server, bool chunking, bool reset)
    : envelope_(std::move(envelope)),
      mail_(with_crlf(std::move(mail))),
      pipelining_(server.pipelining),
      chunking_(server.chunking && chunking),
      needs_reset_(reset) {
  for (const std::string& address : envelope_.to) outcome_.recipients.push_back({address});
  pending_.assign(envelope_.to.size(), true);
  refuse_locally(server);
  if (!any_pending()) {
    finished_ = true;
    return;
  }
  plan(server, reset);
  advance();
}

void Transaction::refuse_locally(const Capabilities& server) {
  const auto refuse_all = [&](std::string enhanced, std::string words) {
    outcome_.reply = Reply{0, std::move(enhanced), {std::move(words)}};
    decide_pending(Fate::refused, outcome_.reply);
  };
  const auto refuse = [&](std::size_t recipient, std::string enhanced, std::string words) {
    outcome_.recipients[recipient].fate = Fate::refused;
    outcome_.recipients[recipient].reply = Reply{0, std::move(enhanced), {std::move(words)}};
    pending_[recipient] = false;
  };
  if (!envelope_.from.empty() && !is_sendable(envelope_.from))
    return refuse_all("5.1.7", "the sender's address cannot be used");
  if (server.largest_mail > 0 && mail_.size() > server.largest_mail)
    return refuse_all("5.3.4",
                      fmt::format("the mail has {} (files grow by a third on their way), and the server takes {}",
                                  size_text(mail_.size()), size_text(server.largest_mail)));
  if ((envelope_.smtputf8 || !is_ascii(envelope_.from)) && !server.smtp_utf8)
    return refuse_all("5.6.7", "the server takes no mail with international addresses");
  for (std::size_t i = 0; i < envelope_.to.size(); ++i) {
    if (!is_sendable(envelope_.to[i]))
      refuse(i, "5.1.3", "the address cannot be used");
    else if (!is_ascii(envelope_.to[i]) && !server.smtp_utf8)
      refuse(i, "5.6.7", "the server takes no address with such letters before the @ (it has no SMTPUTF8)");
  }
  if (!envelope_.hold_until.empty() && envelope_.hold_seconds > server.longest_hold) {
    outcome_.hold_refused = true;
    return refuse_all("5.7.0", "the server keeps no mails until such a time");
  }
  if (envelope_.eight_bit && !server.eight_bit_mime) return refuse_all("5.6.3", "the server takes no 8-bit mail");
}

//   mail = "MAIL FROM:<" [ mailbox ] ">" *( SP esmtp-param )
std::string Transaction::mail_command(const Capabilities& server) {
  std::string line = fmt::format("MAIL FROM:<{}>", envelope_.from);
  if (server.size) line += fmt::format(" SIZE={}", mail_.size());
  if (envelope_.eight_bit) line += " BODY=8BITMIME";
  bool utf8 = envelope_.smtputf8 || !is_ascii(envelope_.from);
  for (std::size_t i = 0; i < envelope_.to.size(); ++i) utf8 = utf8 || (pending_[i] && !is_ascii(envelope_.to[i]));
  if (utf8) line += " SMTPUTF8";
  if (const auto id = server.dsn ? xtext(envelope_.id) : std::string(); !id.empty()) {
    line += fmt::format(" ENVID={}", id);
    has_parameter_ = true;
  }
  if (!envelope_.hold_until.empty()) line += fmt::format(" HOLDUNTIL={}", envelope_.hold_until);  // RFC 4865 3
  return line + "\r\n";
}

void Transaction::plan(const Capabilities& server, bool reset) {
  if (reset) commands_.push_back({Step::reset, 0, "RSET\r\n"});
  commands_.push_back({Step::mail, 0, mail_command(server)});
  for (std::size_t i = 0; i < envelope_.to.size(); ++i)
    if (pending_[i]) commands_.push_back({Step::recipient, i, fmt::format("RCPT TO:<{}>\r\n", envelope_.to[i])});
  if (!chunking_)
    commands_.push_back({Step::data, 0, "DATA\r\n"});
  else if (pipelining_ && mail_.size() <= piece_size)
    body_ = Body::flowing;
}

// Sends what may be sent by now, and sees whether all is over.
void Transaction::advance() {
  while (!commands_.empty() && (pipelining_ || awaited_.empty())) {
    Command command = std::move(commands_.front());
    commands_.pop_front();
    if (!any_pending()) continue;  // refused meanwhile, which is known only where one command goes at a time
    started_ = started_ || command.step == Step::mail;
    output_ += command.line;
    awaited_.push_back(std::move(command));
  }
  if (!awaited_.empty()) return;
  if (!any_pending())
    finished_ = true;
  else if (chunking_ && body_ == Body::waiting)
    body_ = Body::flowing;
}

bool Transaction::any_pending() const { return std::ranges::find(pending_, true) != pending_.end(); }

void Transaction::decide_pending(Fate fate, const Reply& reply) {
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (!pending_[i]) continue;
    outcome_.recipients[i].fate = fate;
    outcome_.recipients[i].reply = reply;
    pending_[i] = false;
  }
}

void Transaction::decide_pending(const Reply& reply) {
  const Fate fate = reply.positive() ? Fate::accepted : reply.code >= 500 ? Fate::refused : Fate::later;
  if (any_pending()) outcome_.reply = reply;
  decide_pending(fate, reply);
}

void Transaction::answer(const Reply& reply) {
  const Command command = std::move(awaited_.front());
  awaited_.pop_front();
  switch (command.step) {
    case Step::reset:
      needs_reset_ = false;
      break;
    case Step::mail:
      needs_reset_ = reply.positive();
      refused_parameter_ = has_parameter_ && (reply.code == 501 || reply.code == 504 || reply.code == 555);
      // Whatever it says for good of such a mail, it may say of the wish: without that it is asked again, at its time.
      outcome_.hold_refused = !envelope_.hold_until.empty() && reply.code >= 500;
      if (!reply.positive()) decide_pending(reply);
      break;
    case Step::recipient:
      if (reply.positive() || !pending_[command.recipient]) break;
      outcome_.recipients[command.recipient].reply = reply;
      outcome_.recipients[command.recipient].fate =
          reply.code >= 500 && !is_too_many_recipients(reply) ? Fate::refused : Fate::later;
      pending_[command.recipient] = false;
      break;
    case Step::data:
      on_data_reply(reply);
      break;
    case Step::chunk:
      if (reply.positive()) break;
      body_ = Body::over;  // RFC 3030 2: the transaction is spoilt, RSET ends it
      decide_pending(reply);
      break;
    case Step::last_chunk:
      needs_reset_ = !reply.positive();
      decide_pending(reply);
      break;
    case Step::end_of_data:
      needs_reset_ = false;
      decide_pending(reply);
      break;
  }
  advance();
}

void Transaction::on_data_reply(const Reply& reply) {
  if (reply.positive()) {
    outcome_.reply = reply;
    return decide_pending(Fate::later, reply);  // nonsense, and no acceptance: nothing was sent
  }
  if (!reply.intermediate()) return decide_pending(reply);
  if (any_pending()) {
    body_ = Body::flowing;
    return;
  }
  // RFC 2920 3.1: DATA was on its way before the last recipient was refused; an empty mail for nobody ends it.
  body_ = Body::over;
  output_ += ".\r\n";
  awaited_.push_back({Step::end_of_data});
}

bool Transaction::wants_end() const { return body_ == Body::flowing && !end_allowed_ && body_left() <= piece_size; }

std::string Transaction::take_output() {
  if (wants_end()) return std::exchange(output_, {});
  std::string output = std::exchange(output_, {});
  if (body_ == Body::flowing) chunking_ ? send_chunk(output) : send_data(output);
  return output;
}

//   bdat-cmd = "BDAT" SP chunk-size [ SP "LAST" ] CRLF     (RFC 3030 2)
void Transaction::send_chunk(std::string& output) {
  const auto unanswered = std::ranges::count(awaited_, Step::chunk, &Command::step);
  if (unanswered >= (pipelining_ ? most_chunks_unanswered : 1)) return;
  const std::size_t size = std::min(piece_size, body_left());
  const bool last = size == body_left();
  output += fmt::format("BDAT {}{}\r\n", size, last ? " LAST" : "");
  output.append(mail_, body_sent_, size);
  body_sent_ += size;
  awaited_.push_back({last ? Step::last_chunk : Step::chunk});
  if (!last) return;
  body_ = Body::over;
  end_sent_ = true;
}

// RFC 5321 4.5.2: a line that begins with a dot gets one more; a dot alone ends the mail.
void Transaction::send_data(std::string& output) {
  const std::string_view piece = std::string_view(mail_).substr(body_sent_, piece_size);
  body_sent_ += piece.size();
  for (const char c : piece) {
    if (at_line_start_ && c == '.') output += '.';
    output += c;
    at_line_start_ = c == '\n';
  }
  if (body_left() > 0) return;
  output += ".\r\n";
  awaited_.push_back({Step::end_of_data});
  body_ = Body::over;
  end_sent_ = true;
}

// RFC 5321 3.8 and 4.2.1: a 421 may answer any command, and speaks of the server. Only where the end of the mail was
// the next to be answered has the server seen the mail and refused it; before that it says no more than a lost
// connection.
void Transaction::lost(const std::optional<Reply>& last_words, const std::string& why) {
  const bool answers_end = !awaited_.empty() && is_end(awaited_.front().step);
  const Reply reply = last_words.value_or(Reply{0, {}, {why}});
  if (last_words && (answers_end || last_words->code != 421))
    decide_pending(reply);
  else
    decide_pending(end_sent_ && !last_words ? Fate::unanswered : Fate::unsent, reply);
  awaited_.clear();
  commands_.clear();
  output_.clear();
  body_ = Body::over;
  finished_ = true;
}

}  // namespace coi::smtp

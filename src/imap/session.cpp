// Submitting, and what is sent when. What comes in stands in session_receive.cpp.
#include "imap/session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "hash/base64.h"
#include "imap/reader.h"
#include "imap/tag.h"

namespace coi::imap {
namespace {

constexpr std::size_t window = 32;          // commands sent and not answered
constexpr std::size_t most_unasked = 4096;  // octets of a literal, RFC 7888 section 5

std::string_view octets_of(const Piece& piece) {
  struct {
    std::string_view operator()(const std::string& text) const { return text; }
    std::string_view operator()(const Secret& text) const { return text.reveal(); }
    std::string_view operator()(const Literal& literal) const { return literal.octets; }
    std::string_view operator()(const SecretLiteral& literal) const { return literal.octets.reveal(); }
    std::string_view operator()(const NamedMailbox&) const { return {}; }  // resolved when it was submitted
  } constexpr octets;
  return std::visit(octets, piece);
}

}  // namespace

Session::Session(const Limits& limits, Log log, std::shared_ptr<MailboxNames> names,
                 std::shared_ptr<Dispensable> dispensable)
    : limits_(limits),
      lexer_(limits),
      log_(std::move(log)),
      names_(std::move(names)),
      dispensable_(std::move(dispensable)),
      began_(dispensable_->now()),
      answer_(limits) {}

Session::~Session() {
  for (const auto& [what, times] : odd_) log_.warning("imap: {} could not be read, {} times", what, times);
}

CommandId Session::submit(Command command) {
  const CommandId id(++last_id_);
  // A SELECT is sent all the same: whoever makes one looks at the capabilities, which lack what is left out.
  if (command.effect != Effect::select && dispensable_->is_left_out(command.dispensable)) {
    log_.debug("{} {}: left out", tag(id), command.name);
    events_.emplace_back(Completed{id, {.kind = Status::Kind::no, .text = "the server ended the connection at it"}});
    return id;
  }
  command.pieces = names_->resolve(std::move(command.pieces));
  waiting_.push_back({id, std::move(command)});
  pump();
  return id;
}

// It answers one after the other: what it owed first is what it fell over.
void Session::lost() {
  if (std::exchange(lost_, true) || in_flight_.empty()) return;
  const auto& owed = in_flight_.front();
  if (owed.dispensable.empty() || (owed.effect == Effect::idle && idling_)) return;
  if (dispensable_->unanswered(owed.dispensable, began_))
    log_.warning("imap: the server ended two connections at {}; {} is left out", owed.name, owed.dispensable);
}

void Session::leave_out(const std::string& extension, const Status& refusal) {
  dispensable_->refused(extension);
  log_.warning("imap: the server refuses {}, which is left out: {}", extension, refusal.text);
  const bool told = capabilities_told_;
  set_capabilities(std::move(capabilities_));
  capabilities_told_ = told;
  enabled_.remove("QRESYNC");
  if (extension == "CONDSTORE") enabled_.remove(extension);
}

void Session::end_idle() {
  const auto idle = std::ranges::find(in_flight_, Effect::idle, &InFlight::effect);
  if (idle != in_flight_.end()) let_idle_end();
}

void Session::feed(std::string_view octets) {
  while (!octets.empty() && !failed_) {
    if (hold_ == Hold::tls)
      return fail_with(Error(ErrorKind::protocol, "the server sent octets in clear after it took STARTTLS",
                             "somebody may be tampering with the connection"));
    if (hold_ == Hold::compression) {
      unread_ += octets;
      return;
    }
    auto line = lexer_.next(octets);
    if (!line) return fail_with(std::move(line).error());
    if (!*line) return;
    if (auto taken = take_line(std::move(**line)); !taken) return fail_with(std::move(taken).error());
  }
}

Result<> Session::take_line(Line line) {
  const auto octets = line.characters.size() + line.tokens.size();
  std::size_t literals = 0;
  for (const auto& literal : line.literals) literals += literal.size();
  auto parsed = parse_response(std::move(line), limits_);
  for (auto& what : parsed.odd) ++odd_[std::move(what)];
  auto counted = answer_.count(parsed.response, octets, literals);
  answer_was_endless_ = !counted;
  if (!counted) return counted;
  return take_response(std::move(parsed.response));
}

void Session::note_unreadable(const Unreadable& unreadable) {
  if (unreadable.name == "SEARCH" || unreadable.name == "ESEARCH")
    for (auto& command : in_flight_) command.unreadable |= command.name == "UID SEARCH";
}

std::string Session::take_output() { return std::exchange(output_, {}); }

std::optional<Event> Session::next_event() {
  if (events_.empty()) return std::nullopt;
  std::optional<Event> event(std::move(events_.front()));
  events_.pop_front();
  return event;
}

void Session::tls_started() {
  if (failed_) return;  // by octets that came behind the OK: that is not to be forgotten
  hold_ = Hold::none;
  events_.clear();
  pump();
}

std::string Session::compression_started() {
  hold_ = Hold::none;
  pump();
  return std::exchange(unread_, {});
}

// ---- sending ----

void Session::pump() {
  if (!greeted_ || failed_) return;
  while (hold_ == Hold::none && !unfinished_ && !waiting_.empty() && may_send(waiting_.front().command)) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    send(std::move(next));
  }
}

bool Session::may_send(const Command& command) {
  if (in_flight_.size() >= window) return false;
  const auto stands_alone = [](const InFlight& c) { return c.pace == Pace::alone && c.effect != Effect::idle; };
  if (std::ranges::any_of(in_flight_, stands_alone)) return false;
  const auto idle = std::ranges::find(in_flight_, Effect::idle, &InFlight::effect);
  if (idle != in_flight_.end() && !let_idle_end()) return false;
  switch (command.pace) {
    case Pace::alone:
      return in_flight_.empty();
    case Pace::one_of_kind:
      return std::ranges::find(in_flight_, command.name, &InFlight::name) == in_flight_.end();
    case Pace::free:
      break;
  }
  return true;
}

// Sends DONE, if the server waits for it by now; true once that was done (RFC 2177: only after the "+").
bool Session::let_idle_end() {
  if (idling_ && !idle_unwanted_) output_ += "DONE\r\n";
  idle_unwanted_ = true;
  return idling_;
}

void Session::send(Waiting waiting) {
  auto& [id, command] = waiting;
  log_.debug("{} {}{}{}", tag(id), command.name, command.mailbox.empty() ? "" : " ", command.mailbox);
  begin_effect(command);
  in_flight_.push_back(
      {id, command.name, command.pace, command.effect, std::move(command.dispensable), std::move(command.sasl)});
  output_ += fmt::format("{} {}", tag(id), command.name);
  if (!command.pieces.empty()) output_ += ' ';
  if (auto& last = in_flight_.back(); last.sasl && capabilities_.has("SASL-IR")) {
    if (const auto first = last.sasl->initial_response()) {
      last.sasl_begun = true;
      command.pieces.emplace_back(Secret(" " + hash::base64_encode(first->reveal())));
    }
  }
  send_pieces({id, std::move(command.pieces), 0}, false);
}

void Session::begin_effect(const Command& command) {
  switch (command.effect) {
    case Effect::select:
      opening_ = SelectedMailbox{.name = command.mailbox, .read_only = command.read_only};
      break;
    case Effect::idle:
      idling_ = false;
      idle_unwanted_ = false;
      break;
    case Effect::starttls:
    case Effect::login:
      capabilities_told_ = false;
      break;
    case Effect::none:
    case Effect::compress:
      break;
  }
}

// Everything up to the next literal that the server has to ask for, or to the end of the command. `asked_for`: the
// literal it begins with has been.
void Session::send_pieces(Unfinished command, bool asked_for) {
  for (; command.next < command.pieces.size(); ++command.next) {
    const auto& piece = command.pieces[command.next];
    const bool is_literal = std::holds_alternative<Literal>(piece) || std::holds_alternative<SecretLiteral>(piece);
    if (is_literal && !std::exchange(asked_for, false) && !send_literal_head(octets_of(piece).size())) {
      unfinished_ = std::move(command);
      return;
    }
    output_ += octets_of(piece);
  }
  output_ += "\r\n";
}

// RFC 7888. "{n+}" for a small one where the server takes it: true, go on. "{n}" for a large one, LITERAL+ or not:
// false, wait. A server that does not want it can say so then; of one that comes unasked it could only hang up.
bool Session::send_literal_head(std::size_t octets) {
  const bool go_on = octets <= most_unasked && (capabilities_.has("LITERAL+") || capabilities_.has("LITERAL-"));
  output_ += fmt::format("{{{}{}}}\r\n", octets, go_on ? "+" : "");
  return go_on;
}

}  // namespace coi::imap

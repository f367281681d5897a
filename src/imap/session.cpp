#include "imap/session.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "hash/base64.h"
#include "imap/reader.h"

namespace coi::imap {
namespace {

constexpr std::size_t window = 32;          // commands sent and not answered
constexpr std::size_t most_unasked = 4096;  // octets of a literal, RFC 7888 section 5
constexpr char tag_letter = 'C';

std::string tag(CommandId id) { return tag_letter + std::to_string(id.value); }

SelectedMailbox unopened(std::string mailbox, bool read_only) {
  SelectedMailbox opening;
  opening.name = std::move(mailbox);
  opening.read_only = read_only;
  return opening;
}

std::string_view octets_of(const Piece& piece) {
  struct {
    std::string_view operator()(const std::string& text) const { return text; }
    std::string_view operator()(const Secret& text) const { return text.reveal(); }
    std::string_view operator()(const Literal& literal) const { return literal.octets; }
    std::string_view operator()(const SecretLiteral& literal) const { return literal.octets.reveal(); }
  } constexpr octets;
  return std::visit(octets, piece);
}

template <class T, class Variant>
constexpr bool is_one_of = false;
template <class T, class... Types>
constexpr bool is_one_of<T, std::variant<Types...>> = (std::is_same_v<T, Types> || ...);

}  // namespace

Session::Session(const Limits& limits, Log log) : limits_(limits), lexer_(limits), log_(std::move(log)) {}

Session::~Session() {
  for (const auto& [what, times] : odd_) log_.warning("imap: {} could not be read, {} times", what, times);
}

CommandId Session::submit(Command command) {
  const CommandId id(++last_id_);
  waiting_.push_back({id, std::move(command)});
  pump();
  return id;
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
  auto octets = line.characters.size() + line.tokens.size();
  for (const auto& literal : line.literals) octets += literal.size();
  auto parsed = parse_response(std::move(line), limits_);
  for (auto& what : parsed.odd) ++odd_[std::move(what)];
  COI_TRY(count(parsed.response, octets));
  return take_response(std::move(parsed.response));
}

// A server that goes on for ever with what seems to be an answer is to fill nothing.
Result<> Session::count(const Response& response, std::size_t octets) {
  const bool is_consumed = std::holds_alternative<Fetch>(response) || std::holds_alternative<Search>(response);
  if (!is_consumed) answer_octets_ += octets;
  if (++responses_ > limits_.responses || answer_octets_ > limits_.answer)
    return fail(ErrorKind::limit, "the server's answer does not end");
  return {};
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
  in_flight_.push_back({id, command.name, command.pace, command.effect, std::move(command.sasl)});
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
      opening_ = unopened(command.mailbox, command.read_only);
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

// ---- receiving ----

Result<> Session::take_response(Response response) {
  auto* status = std::get_if<Status>(&response);
  if (!greeted_) {
    if (const auto* skipped = std::get_if<Skipped>(&response); skipped != nullptr && skipped->name.empty()) return {};
    if (status == nullptr || !status->tag.empty() || status->kind == Status::Kind::no ||
        status->kind == Status::Kind::bad)
      return fail(ErrorKind::protocol, "the server does not greet as an IMAP server");
    take_greeting(std::move(*status));
    return {};
  }
  if (const auto* continuation = std::get_if<Continuation>(&response)) return take_continuation(continuation->text);
  if (const auto* unreadable = std::get_if<Unreadable>(&response)) note_unreadable(*unreadable);
  if (status != nullptr && !status->tag.empty()) return take_completion(std::move(*status));
  if (!in_flight_.empty()) ++in_flight_.front().responses;
  if (status != nullptr) {
    take_untagged_status(std::move(*status));
  } else {
    take_untagged(std::move(response));
  }
  return {};
}

void Session::take_greeting(Status status) {
  greeted_ = true;
  log_.debug("greeting: {}", name(status.kind));
  take_code(status);
  events_.emplace_back(Greeting{std::move(status)});
  pump();
}

Result<> Session::take_continuation(std::string_view text) {
  if (unfinished_) {
    send_pieces(*std::exchange(unfinished_, std::nullopt), true);
    pump();
    return {};
  }
  if (in_flight_.empty()) return {};
  auto& command = in_flight_.back();  // IDLE and AUTHENTICATE stand alone when the server answers with "+"
  if (command.sasl) return answer_challenge(command, text);
  if (command.effect == Effect::idle && !idling_) {
    idling_ = true;
    events_.emplace_back(Idling{command.id});
    if (idle_unwanted_) output_ += "DONE\r\n";
    pump();
  }
  return {};
}

// Lines of Base64. What a server says before the first message of a client that speaks first does not matter.
Result<> Session::answer_challenge(InFlight& command, std::string_view text) {
  const auto first = std::exchange(command.sasl_begun, true) ? std::nullopt : command.sasl->initial_response();
  const auto challenge = hash::base64_decode(text);
  if (!first && !challenge) return fail(ErrorKind::protocol, "the server's challenge is no Base64");
  const auto message = first ? *first : COI_TRY(command.sasl->respond(*challenge));
  (output_ += hash::base64_encode(message.reveal())) += "\r\n";
  return {};
}

void Session::take_untagged_status(Status status) {
  take_code(status);
  if (status.kind == Status::Kind::bye) {
    log_.debug("the server says good bye");
    events_.emplace_back(Bye{std::move(status)});
    return;
  }
  if (status.is(CodeWord::closed)) {
    if (opening_) opening_ = unopened(opening_->name, opening_->read_only);
    events_.emplace_back(Closed{});
    return;
  }
  events_.emplace_back(std::move(status));
}

Result<> Session::take_completion(Status status) {
  const auto found = std::ranges::find_if(in_flight_, [&](const InFlight& c) { return tag(c.id) == status.tag; });
  if (found == in_flight_.end()) {
    // Such as the BAD to a DONE that met the server's own end of the IDLE.
    ++odd_["an answer to no command"];
    return {};
  }
  responses_ = answer_octets_ = 0;
  auto command = std::move(*found);
  in_flight_.erase(found);
  if (unfinished_ && unfinished_->id == command.id) unfinished_.reset();  // refused before its literal
  log_.debug("{} {}: {}, {} responses", status.tag, command.name, name(status.kind), command.responses);
  take_code(status);
  COI_TRY(complete_effect(command, status));
  // Half of a list must not be taken for the whole.
  if (command.unreadable && status.ok()) {
    status.kind = Status::Kind::no;
    status.text = "the server's answer cannot be read";
  }
  events_.emplace_back(Completed{command.id, std::move(status)});
  pump();
  return {};
}

Result<> Session::complete_effect(const InFlight& command, const Status& status) {
  switch (command.effect) {
    case Effect::starttls:
      if (!status.ok()) break;
      capabilities_ = {};
      enabled_ = {};
      mailbox_.reset();
      hold_ = Hold::tls;
      break;
    case Effect::login:
      if (!status.ok()) break;
      if (command.sasl) COI_TRY(command.sasl->finish());
      if (!capabilities_told_) capabilities_ = {};
      break;
    case Effect::compress:
      if (status.ok()) hold_ = Hold::compression;
      break;
    case Effect::select:
      // After NO nothing is selected; a BAD was never understood and changes nothing (RFC 3501 section 6.3.1).
      if (status.kind != Status::Kind::bad) mailbox_.reset();
      if (status.ok()) {
        mailbox_ = std::move(opening_);
        events_.emplace_back(Selected{*mailbox_});
      }
      opening_.reset();
      break;
    case Effect::idle:
      idling_ = false;
      break;
    case Effect::none:
      break;
  }
  return {};
}

SelectedMailbox* Session::mailbox_in_sight() {
  if (opening_) return &*opening_;
  return mailbox_ ? &*mailbox_ : nullptr;
}

void Session::take_code(const Status& status) {
  if (const auto* capabilities = std::get_if<Capabilities>(&status.code)) return set_capabilities(*capabilities);
  if (status.is(CodeWord::alert) && alerts_++ < limits_.alerts) events_.emplace_back(Alert{status.text});
  auto* mailbox = mailbox_in_sight();
  if (mailbox == nullptr) return;
  if (const auto* uidvalidity = std::get_if<UidValidity>(&status.code)) mailbox->uidvalidity = uidvalidity->value;
  if (const auto* uidnext = std::get_if<UidNext>(&status.code)) mailbox->uidnext = uidnext->value;
  if (const auto* modseq = std::get_if<HighestModseq>(&status.code)) mailbox->highestmodseq = modseq->value;
  if (const auto* permanent = std::get_if<PermanentFlags>(&status.code)) mailbox->permanent_flags = permanent->flags;
  if (status.is(CodeWord::nomodseq)) mailbox->highestmodseq = 0;
  if (status.is(CodeWord::uidnotsticky)) mailbox->uids_stick = false;
  if (status.is(CodeWord::read_only)) mailbox->read_only = true;
  if (status.is(CodeWord::read_write)) mailbox->read_only = false;
}

void Session::take_untagged(Response response) {
  auto* mailbox = mailbox_in_sight();
  if (const auto* capabilities = std::get_if<Capabilities>(&response)) {
    set_capabilities(*capabilities);
  } else if (const auto* on = std::get_if<Enabled>(&response)) {
    for (const auto& word : on->extensions.words()) enabled_.add(word);
  } else if (auto* found = std::get_if<Search>(&response)) {
    found->command = asked_by(*found);
  } else if (mailbox != nullptr) {
    if (auto* flags = std::get_if<MailboxFlags>(&response)) mailbox->flags = std::move(flags->flags);
    if (const auto* exists = std::get_if<Exists>(&response)) mailbox->messages = exists->messages;
    if (std::holds_alternative<Expunge>(response) && mailbox->messages > 0) --mailbox->messages;
    if (const auto* gone = std::get_if<Vanished>(&response); gone != nullptr && !gone->earlier)
      mailbox->messages -= static_cast<std::uint32_t>(std::min<std::uint64_t>(gone->uids.size(), mailbox->messages));
  }
  std::visit(
      [&]<class T>(T& value) {
        if constexpr (is_one_of<T, Event>) events_.emplace_back(std::move(value));
      },
      response);
}

// A plain SEARCH does not say which command it answers; no two of them are in flight.
CommandId Session::asked_by(const Search& found) const {
  for (const auto& command : in_flight_)
    if (found.tag.empty() ? command.name == "UID SEARCH" : tag(command.id) == found.tag) return command.id;
  return {};
}

void Session::set_capabilities(Capabilities capabilities) {
  capabilities_ = std::move(capabilities);
  capabilities_told_ = true;
}

void Session::fail_with(Error error) {
  log_.debug("session failed: {}", error.text());
  failed_ = true;
  waiting_.clear();
  in_flight_.clear();
  unfinished_.reset();
  output_.clear();
  events_.emplace_back(Failed{std::move(error)});
}

}  // namespace coi::imap

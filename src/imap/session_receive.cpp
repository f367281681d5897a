// What a session makes of the server's responses.
#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "hash/base64.h"
#include "imap/session.h"
#include "imap/tag.h"

namespace coi::imap {
namespace {

template <class T, class Variant>
constexpr bool is_one_of = false;
template <class T, class... Types>
constexpr bool is_one_of<T, std::variant<Types...>> = (std::is_same_v<T, Types> || ...);

}  // namespace

Result<> Session::take_response(Response response) {
  auto* status = std::get_if<Status>(&response);
  if (!greeted_) {
    // What is said before it is nothing that we asked for. A line that is none of IMAP's greets for another protocol.
    const auto* unreadable = std::get_if<Unreadable>(&response);
    const bool is_foreign =
        std::holds_alternative<Continuation>(response) || (unreadable != nullptr && unreadable->name.empty());
    if (status == nullptr && !is_foreign) return {};
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
    dispensable_->answered(command.dispensable);
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

namespace {

// A BYE that has nothing to do with the command that was being answered.
bool gives_reason(const Status& bye) {
  constexpr std::array reasons = {CodeWord::authenticationfailed,
                                  CodeWord::authorizationfailed,
                                  CodeWord::contactadmin,
                                  CodeWord::expired,
                                  CodeWord::inuse,
                                  CodeWord::limit,
                                  CodeWord::overquota,
                                  CodeWord::unavailable};
  return std::ranges::any_of(reasons, [&](CodeWord word) { return bye.is(word); });
}

}  // namespace

void Session::take_untagged_status(Status status) {
  take_code(status);
  if (status.kind == Status::Kind::bye) {
    log_.debug("the server says good bye");
    if (gives_reason(status))
      lost_ = true;
    else
      lost();
    events_.emplace_back(Bye{std::move(status)});
    return;
  }
  if (status.is(CodeWord::closed)) {
    if (opening_) opening_ = SelectedMailbox{.name = opening_->name, .read_only = opening_->read_only};
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
  auto command = std::move(*found);
  in_flight_.erase(found);
  if (unfinished_ && unfinished_->id == command.id) unfinished_.reset();  // refused before its literal
  log_.debug("{} {}: {}, {} responses", status.tag, command.name, name(status.kind), command.responses);
  take_code(status);
  dispensable_->answered(command.dispensable);
  COI_TRY(complete_effect(command, status));
  // Half of a list must not be taken for the whole.
  if (command.unreadable && status.ok()) {
    status.kind = Status::Kind::no;
    status.text = "the server's answer cannot be read";
  }
  answer_.begin(mailbox_ ? mailbox_->messages : 0);
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
  if (const auto* list = std::get_if<List>(&response); list != nullptr && !list->wire.empty())
    names_->learn(list->mailbox, list->wire);
  if (const auto* capabilities = std::get_if<Capabilities>(&response)) {
    set_capabilities(*capabilities);
  } else if (const auto* on = std::get_if<Enabled>(&response)) {
    for (const auto& word : on->extensions.words()) enabled_.add(word);
  } else if (auto* found = std::get_if<Search>(&response)) {
    found->command = asked_by(*found);
  } else if (mailbox != nullptr) {
    if (auto* flags = std::get_if<MailboxFlags>(&response)) mailbox->flags = std::move(flags->flags);
    if (const auto* exists = std::get_if<Exists>(&response)) {
      // The first count alone: what follows may grow for ever.
      if (opening_ && opening_->messages.value_or(0) == 0) answer_.expect(exists->messages);
      mailbox->messages = exists->messages;
    }
    if (std::holds_alternative<Expunge>(response)) mailbox->lose(1);
    if (const auto* gone = std::get_if<Vanished>(&response); gone != nullptr && !gone->earlier)
      mailbox->lose(gone->uids.size());
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
  for (const auto& name : dispensable_->left_out()) {
    capabilities.remove(name);
    if (name == "CONDSTORE") capabilities.remove("QRESYNC");  // which includes it (RFC 7162 section 3.2.3)
  }
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

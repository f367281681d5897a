#include "engine/send_worker.h"

#include <algorithm>
#include <utility>

namespace coi::engine {
namespace {

// How long an unused connection is kept.
constexpr std::chrono::seconds warm{60};

chat::RecipientResult result_of(const smtp::RecipientOutcome& outcome) {
  using chat::RecipientState;
  chat::RecipientResult result{.addr = outcome.address, .reply = outcome.reply.text()};
  switch (outcome.fate) {
    case smtp::Fate::accepted:
      result.state = RecipientState::accepted;
      break;
    case smtp::Fate::refused:
      result.state = RecipientState::failed;
      break;
    case smtp::Fate::later:
    case smtp::Fate::unsent:
      result.state = RecipientState::queued;
      break;
    case smtp::Fate::unanswered:
      result.state = RecipientState::sending;
      break;
  }
  return result;
}

bool is_unsent(const smtp::Outcome& outcome) {
  return std::ranges::all_of(outcome.recipients, [](const auto& r) { return r.fate == smtp::Fate::unsent; });
}

bool has_eight_bit(std::string_view bytes) {
  return std::ranges::any_of(bytes, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

}  // namespace

SendWorker::SendWorker(const WorkerContext& context, net::Waker waker) : context_(context), waker_(std::move(waker)) {}

SendWorker::~SendWorker() { stop(); }

void SendWorker::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void SendWorker::stop() {
  waker_.cancel();
  mails_.close();
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void SendWorker::send(store::DueMail mail) { mails_.push(std::move(mail)); }

void SendWorker::network_changed() { waker_.wake(); }

void SendWorker::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto mail = link_ ? mails_.pop_until(std::chrono::steady_clock::now() + warm, stop) : mails_.pop(stop);
    if (!mail) close();
    if (mail) context_.environment.step(out_handed);
    while (mail && !stop.stop_requested()) {
      const auto delivered = deliver(*mail);
      if (delivered) break;
      if (delivered.error().kind() == ErrorKind::cancelled) return;
      // Not the mail's fault: the server cannot be reached, or takes no login now. The mail waits.
      show_problem(delivered.error());
      if (!waker_.sleep_until(net::after(backoff_.next()))) return;
    }
  }
  close();
}

void SendWorker::show_problem(const Error& error) {
  context_.environment.log.warning("send: {}", error.text());
  context_.change_status([error](Status& status) {
    status.sending_problem = error.text();
    if (status.hint.empty()) status.hint = error.hint();
  });
}

void SendWorker::close() {
  if (link_) link_->quit();
  link_.reset();
}

Result<> SendWorker::deliver(const store::DueMail& mail) {
  if (link_ && (link_->is_used_up() || !link_->is_usable())) close();
  const bool was_warm = link_.has_value();
  if (!link_) {
    link_ = COI_TRY(open_smtp(context_, waker_));
    backoff_.reset();
    context_.change_status([](Status& status) { status.sending_problem.clear(); });
  }
  const smtp::Envelope envelope{.from = mail.mail_from, .to = mail.recipients, .eight_bit = has_eight_bit(mail.bytes)};
  // From there on the server may have the mail: that is stored before the end of the data leaves.
  auto outcome = link_->submit(envelope, mail.bytes, [&]() -> Result<> {
    COI_TRY(context_.account.record(chat::DataStarted{mail.id}));
    context_.environment.step(out_begun);
    return {};
  });
  if (!outcome) {
    link_.reset();
    return std::unexpected(outcome.error());
  }
  if (is_unsent(*outcome)) {
    link_.reset();
    // A kept connection that the server had closed meanwhile: the mail goes over a new one at once.
    if (was_warm) return deliver(mail);
    return fail(ErrorKind::network, "the submission server closed the connection");
  }
  if (std::ranges::any_of(outcome->recipients, [](const auto& r) { return r.fate == smtp::Fate::unanswered; }))
    context_.environment.log.warning("send: the connection ended without an answer to a mail; it may have arrived");
  context_.environment.step(out_answered);
  chat::SendResult result{.outgoing = mail.id};
  for (const auto& recipient : outcome->recipients) result.recipients.push_back(result_of(recipient));
  return keep_outcome(result);
}

// The server has answered, so the mail must not be handed over again: while the disk is full, the answer waits here.
Result<> SendWorker::keep_outcome(const chat::SendResult& result) {
  while (true) {
    const auto stored = context_.account.record(result);
    if (stored || stored.error().kind() == ErrorKind::cancelled) return stored;
    show_problem(stored.error());
    if (!waker_.sleep_until(net::after(backoff_.next()))) return std::unexpected(stored.error());
  }
}

}  // namespace coi::engine

#include "engine/send_worker.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace coi::engine {
namespace {

// How long an unused connection is kept.
constexpr std::chrono::seconds warm{60};

// A server that hangs up amid a mail so often in a row may do so because of the mail: that counts as a try of it then,
// so that the mails behind it have their turn.
constexpr int most_hang_ups = 5;

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

// Before the end of the mail nobody has it, whatever was said of single recipients.
const smtp::RecipientOutcome* find_unsent(const smtp::Outcome& outcome) {
  const auto found = std::ranges::find(outcome.recipients, smtp::Fate::unsent, &smtp::RecipientOutcome::fate);
  return found == outcome.recipients.end() ? nullptr : &*found;
}

bool has_eight_bit(std::string_view bytes) {
  return std::ranges::any_of(bytes, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
}

}  // namespace

SendWorker::SendWorker(const WorkerContext& context, net::Waker waker, std::function<void()> works_again)
    : context_(context), waker_(std::move(waker)), works_again_(std::move(works_again)), pause_(waker_) {}

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

void SendWorker::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto mail = link_ ? mails_.pop_until(std::chrono::steady_clock::now() + warm, stop) : mails_.pop(stop);
    if (!mail) {
      close();
      continue;
    }
    if (!send_now(*mail)) break;
  }
  close();
}

// Its bytes are read when its turn has come: those of a long queue would not fit into memory. Error: cancelled.
Result<> SendWorker::send_now(chat::OutgoingId id) {
  while (true) {
    const auto mail = context_.account.begin_sending(id);
    if (mail && !*mail) return {};
    if (mail) {
      context_.environment.step(out_handed);
      return hand_over(**mail);
    }
    COI_TRY(wait(mail.error(), Hindrance::own_trouble));
  }
}

void SendWorker::close() {
  if (link_) link_->quit();
  link_.reset();
}

// Until the server has said what becomes of the mail. That it cannot be reached, takes no login now, or hangs up before
// the mail is there (RFC 5321 3.8) is not the mail's fault: it waits here. Error: cancelled.
Result<> SendWorker::hand_over(const store::DueMail& mail) {
  int hang_ups = 0;
  while (true) {
    pause_.begin_attempt();
    if (link_ && (link_->is_used_up() || !link_->is_usable())) close();
    const bool was_warm = link_.has_value();
    if (!link_) {
      auto opened = open_smtp(context_, waker_);
      if (!opened) {
        COI_TRY(wait(opened.error(), hindrance_of(context_, net::Service::smtp, opened.error())));
        continue;
      }
      link_ = std::move(*opened);
    }
    const auto outcome = submit(mail);
    if (!outcome) {
      link_.reset();
      COI_TRY(wait(outcome.error(), Hindrance::passing));
      continue;
    }
    const auto* unsent = find_unsent(*outcome);
    if (unsent == nullptr) {
      works();
      return keep_outcome(mail, *outcome);
    }
    link_.reset();
    // A kept connection that the server had closed meanwhile: the mail goes over a new one at once.
    if (was_warm) continue;
    if (++hang_ups == most_hang_ups) return keep_outcome(mail, *outcome);
    const Error hung_up(ErrorKind::network,
                        fmt::format("the submission server closed the connection: {}", unsent->reply.describe()));
    COI_TRY(wait(hung_up, Hindrance::passing));
  }
}

Result<smtp::Outcome> SendWorker::submit(const store::DueMail& mail) {
  const smtp::Envelope envelope{.from = mail.mail_from, .to = mail.recipients, .eight_bit = has_eight_bit(mail.bytes)};
  // From there on the server may have the mail: that is stored before the end of the data leaves.
  auto outcome = link_->submit(
      envelope, mail.bytes,
      [&]() -> Result<> {
        COI_TRY(context_.account.record(chat::DataStarted{mail.id}));
        context_.environment.step(out_begun);
        return {};
      },
      [this](std::chrono::seconds silent) { tell_of_silence(silent); });
  if (outcome &&
      std::ranges::any_of(outcome->recipients, [](const auto& r) { return r.fate == smtp::Fate::unanswered; }))
    context_.environment.log.warning("send: the connection ended without an answer to a mail; it may have arrived");
  return outcome;
}

// The server has answered, so the mail must not be handed over again: while the disk is full, the answer waits here.
Result<> SendWorker::keep_outcome(const store::DueMail& mail, const smtp::Outcome& outcome) {
  context_.environment.step(out_answered);
  chat::SendResult result{.outgoing = mail.id};
  for (const auto& recipient : outcome.recipients) result.recipients.push_back(result_of(recipient));
  while (true) {
    const auto stored = context_.account.record(result);
    if (stored) return stored;
    COI_TRY(wait(stored.error(), Hindrance::own_trouble));
  }
}

// Whoever waits for the mail is to know why, long before the server's time is over.
void SendWorker::tell_of_silence(std::chrono::seconds silent) {
  has_problem_ = true;
  const auto words = fmt::format("the submission server has not answered for {} seconds", silent.count());
  context_.environment.log.warning("send: {}", words);
  context_.change_status([words](Status& status) {
    status.sending_problem = words;
    if (status.hint.empty()) status.hint = "it may still answer; coi sync asks again over a new connection";
  });
}

// Shows the problem, and waits. Error: cancelled.
Result<> SendWorker::wait(const Error& problem, Hindrance hindrance) {
  if (problem.kind() == ErrorKind::cancelled) return std::unexpected(problem);
  has_problem_ = true;
  context_.environment.log.warning("send: {}", problem.text());
  context_.change_status([problem](Status& status) {
    status.sending_problem = problem.text();
    if (status.hint.empty()) status.hint = problem.hint();
  });
  return pause_.wait(hindrance);
}

// The server has answered a mail.
void SendWorker::works() {
  pause_.reset();
  if (!std::exchange(has_problem_, false)) return;
  context_.change_status([](Status& status) {
    status.sending_problem.clear();
    if (status.problem.empty()) status.hint.clear();
  });
  works_again_();
}

}  // namespace coi::engine

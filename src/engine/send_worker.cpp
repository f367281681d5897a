#include "engine/send_worker.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/thrown.h"

namespace coi::engine {
namespace {

// How long an unused connection is kept.
constexpr std::chrono::seconds warm{60};

// A server that hangs up amid a mail so often in a row may do so because of the mail: that counts as a try of it then,
// so that the mails behind it have their turn.
constexpr int most_hang_ups = 5;

chat::RecipientResult result_of(const smtp::RecipientOutcome& outcome) {
  using chat::RecipientState;
  chat::RecipientResult result{.addr = outcome.address, .reply = outcome.reply.words()};
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
  mails_.close();
  thread_.request_stop();
  // Either this is seen before the end of the next mail leaves, or that end is seen here.
  ending_ = true;
  const auto deadline = std::chrono::steady_clock::now() + context_.environment.times.last_answer;
  // Either may come back too early.
  while (awaits_answer_ && std::chrono::steady_clock::now() < deadline)
    static_cast<void>(answered_.try_acquire_until(deadline));
  waker_.cancel();
  if (thread_.joinable()) thread_.join();
}

void SendWorker::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    auto turn = next_turn(stop);
    if (!turn) {
      close();
      continue;
    }
    const auto id = turn->id;
    if (const auto sent = caught("cannot send", [&] { return send_now(*std::move(turn)); }); !sent) {
      if (awaits_answer_.exchange(false)) answered_.release();
      if (sent.error().kind() == ErrorKind::cancelled) break;
      link_.reset();
      mails_.push({id, {}});  // what is still due of it is found out anew
      if (!wait(sent.error(), Hindrance::own_trouble)) break;
      continue;
    }
    // With nothing to do meanwhile; the answer to the mail before may be the one that found no room on the disk.
    if (!next_ && !settle()) break;
  }
  put_back_next();
  put_back_waiting();
  if (unsettled_ && unsettled_->stored.valid())
    if (const auto stored = unsettled_->stored.get(); !stored)
      context_.environment.log.warning("send: the server's answer is lost: {}", stored.error().text());
  close();
}

std::optional<SendWorker::Turn> SendWorker::next_turn(const std::stop_token& stop) {
  if (next_) return std::exchange(next_, std::nullopt);
  waits_ = link_.has_value();
  auto turn = link_ ? mails_.pop_until(std::chrono::steady_clock::now() + warm, stop) : mails_.pop(stop);
  waits_ = false;
  if (turn && turn->beginning.valid()) context_.environment.step(out_handed);
  return turn;
}

void SendWorker::begin(Turn& turn, std::optional<chat::OutgoingId> behind) {
  context_.environment.step(out_handed);
  turn.beginning = context_.account.begin_sending(turn.id, behind);
}

// The database works for the next mail while the server works for this one, or each would wait for the other with every
// mail of a long queue.
void SendWorker::begin_next(chat::OutgoingId behind) {
  if (next_) return;
  next_ = mails_.try_pop();
  if (next_ && !next_->beginning.valid()) begin(*next_, behind);
}

void SendWorker::close() {
  if (link_) link_->quit();
  link_.reset();
}

// Until the server has said what becomes of the mail. That it cannot be reached, takes no login now, or hangs up before
// the mail is there (RFC 5321 3.8) is not the mail's fault: it waits here, by its id alone, for the bytes of a long
// queue would not fit into memory. Error: cancelled.
Result<> SendWorker::send_now(Turn turn) {
  int hang_ups = 0;
  while (true) {
    pause_.begin_attempt();
    const auto fresh = connect();
    if (!fresh) {
      put_back(turn);
      COI_TRY(wait(fresh.error(), hindrance_of(context_, net::Service::smtp, fresh.error())));
      continue;
    }
    if (!turn.beginning.valid()) begin(turn);
    auto begun = turn.beginning.get();
    if (!begun) {
      COI_TRY(wait(begun.error(), Hindrance::own_trouble));
      continue;
    }
    if (!*begun) return {};
    const auto outcome = submit(**begun);
    if (!outcome) {
      link_.reset();
      COI_TRY(
          wait(outcome.error(), is_own_trouble(outcome.error().kind()) ? Hindrance::own_trouble : Hindrance::passing));
      continue;
    }
    const auto& mail = (**begun).mail;
    const auto* unsent = find_unsent(*outcome);
    if (unsent == nullptr) {
      works();
      return keep_outcome(mail, *outcome);
    }
    link_.reset();
    if (*fresh && ++hang_ups == most_hang_ups) return keep_outcome(mail, *outcome);
    put_back(mail);
    // A kept connection that the server had closed meanwhile: the mail goes over a new one at once.
    if (!*fresh) continue;
    const Error hung_up(ErrorKind::network,
                        fmt::format("the submission server did not take the mail: {}", unsent->reply.describe()));
    COI_TRY(wait(hung_up, Hindrance::passing));
  }
}

// A connection that can take a mail. True: it is a new one.
Result<bool> SendWorker::connect() {
  if (link_ && (link_->is_used_up() || !link_->is_usable())) close();
  if (link_) return false;
  link_ = COI_TRY(open_smtp(context_, waker_, [this](bool) { tell_of_silence(context_.environment.times.silence); }));
  context_.account.note_largest_mail(link_->largest_mail());
  context_.account.note_longest_hold(link_->longest_hold(), context_.config.hold_at_server);
  return true;
}

// Error: the connection, or our own end of it; nothing is known of the mail then.
Result<smtp::Outcome> SendWorker::submit(BegunMail& begun) {
  const auto& mail = begun.mail;
  smtp::Envelope envelope{
      .from = mail.mail_from, .to = mail.recipients, .id = mail.rfc_id, .eight_bit = has_eight_bit(mail.bytes)};
  if (const auto now = context_.environment.clock(); mail.hold_until_ms > now) {
    constexpr std::size_t to_the_second = 19;
    envelope.hold_until = to_rfc3339(mail.hold_until_ms).substr(0, to_the_second) + "Z";
    envelope.hold_seconds = static_cast<std::uint64_t>(mail.hold_until_ms - now) / 1000;
  }
  // While the disk takes the note, the server can look at the recipients.
  const bool is_noted = begun.noted.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  auto outcome = link_->submit(
      envelope, mail.bytes, !is_noted,
      [&]() -> Result<> {
        COI_TRY(begun.noted.get());
        awaits_answer_ = true;
        if (ending_) return fail(ErrorKind::cancelled, "stopped");
        context_.environment.step(out_begun);
        begin_next(mail.id);
        return {};
      },
      [this](std::chrono::seconds silent) { tell_of_silence(silent); });
  if (awaits_answer_.exchange(false)) answered_.release();
  if (!outcome && !link_->end_left()) put_back(mail);
  // Refused before its end was to leave: that is the fate of a mail that is stored, and of no other one with its id.
  if (outcome && begun.noted.valid()) COI_TRY(begun.noted.get());
  if (outcome &&
      std::ranges::any_of(outcome->recipients, [](const auto& r) { return r.fate == smtp::Fate::unanswered; }))
    context_.environment.log.warning("send: the connection ended without an answer to a mail; it may have arrived");
  return outcome;
}

// The end of the mail has not left: the server cannot have it, and the mail need not wait for an answer.
void SendWorker::put_back(const store::DueMail& mail) {
  if (mail.queued.empty()) return;
  if (const auto stored = context_.account.record(chat::DataNotStarted{mail.id, mail.queued}); !stored)
    context_.environment.log.warning("send: a mail that was not handed over has to wait: {}", stored.error().text());
}

void SendWorker::put_back(Turn& turn) {
  if (!turn.beginning.valid()) return;
  if (const auto begun = turn.beginning.get(); begun && *begun) put_back((**begun).mail);
}

void SendWorker::put_back_next() {
  if (next_) put_back(*next_);
}

// What was begun and never had its turn.
void SendWorker::put_back_waiting() {
  while (auto turn = mails_.try_pop()) put_back(*turn);
}

// The server has answered, so the mail must not be handed over again. What it said is stored while the next mail is on
// its way.
Result<> SendWorker::keep_outcome(const store::DueMail& mail, const smtp::Outcome& outcome) {
  context_.environment.step(out_answered);
  COI_TRY(settle());
  chat::SendResult result{.outgoing = mail.id, .recipients = {}, .hold_refused = outcome.hold_refused};
  for (const auto& recipient : outcome.recipients) result.recipients.push_back(result_of(recipient));
  // What waits again may hold back the mail behind it, if that goes to the same person.
  const auto is_open = [](const chat::RecipientResult& recipient) {
    return recipient.state == chat::RecipientState::queued || recipient.state == chat::RecipientState::sending;
  };
  if (std::ranges::any_of(result.recipients, is_open)) put_back_next();
  unsettled_.emplace(result, context_.account.record_later(result));
  return {};
}

// While the disk is full, the answer waits here. Error: cancelled.
Result<> SendWorker::settle() {
  while (unsettled_) {
    const auto stored = unsettled_->stored.get();
    if (stored) {
      unsettled_.reset();
      break;
    }
    COI_TRY(wait(stored.error(), Hindrance::own_trouble));
    pause_.begin_attempt();
    unsettled_->stored = context_.account.record_later(unsettled_->result);
  }
  return {};
}

// Whoever waits for the mail is to know why, long before the server's time is over.
void SendWorker::tell_of_silence(std::chrono::milliseconds silent) {
  has_problem_ = true;
  const auto words = fmt::format("the submission server has not answered for {} seconds",
                                 std::chrono::floor<std::chrono::seconds>(silent).count());
  context_.environment.log.warning("send: {}", words);
  context_.change_status([words](Status& status) {
    status.sending_problem = words;
    if (status.hint.empty()) status.hint = "it may still answer; coi sync asks again over a new connection";
  });
}

// Shows the problem, and waits. Error: cancelled.
Result<> SendWorker::wait(const Error& problem, Hindrance hindrance) {
  if (problem.kind() == ErrorKind::cancelled) return std::unexpected(problem);
  put_back_next();
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

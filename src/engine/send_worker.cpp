#include "engine/send_worker.h"

#include <algorithm>
#include <utility>

#include "hash/random.h"

namespace coi::engine {
namespace {

// The connection is re-opened before a server's limit for one connection bites: Exim, for one, queues the eleventh mail.
constexpr unsigned most_mails = 8;
// How long an unused connection is kept.
constexpr std::chrono::seconds warm{60};

smtp::SessionOptions session_options(const WorkerContext& context, const Credential& credential) {
  smtp::Credentials login{.user = context.config.user, .nonce = hash::random_token(24)};
  (credential.is_token ? login.token : login.password) = credential.secret;
  return {.starttls = context.config.smtp.security == net::Security::starttls,
          .login = std::move(login),
          .limits = context.environment.limits,
          .log = context.environment.log};
}

chat::RecipientResult result_of(const smtp::RecipientOutcome& outcome) {
  using chat::RecipientState;
  chat::RecipientResult result{.addr = outcome.address, .reply = outcome.reply.text};
  switch (outcome.fate) {
    case smtp::Fate::accepted: result.state = RecipientState::accepted; break;
    case smtp::Fate::refused: result.state = RecipientState::failed; break;
    case smtp::Fate::later:
    case smtp::Fate::unsent: result.state = RecipientState::queued; break;
    case smtp::Fate::unanswered: result.state = RecipientState::sending; break;
  }
  return result;
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
    auto mail = link_ ? mails_.pop_until(std::chrono::steady_clock::now() + warm, stop) : mails_.pop(stop);
    if (!mail) {
      close();
      continue;
    }
    while (!stop.stop_requested()) {
      const auto delivered = deliver(*mail, stop);
      if (delivered || delivered.error().kind() == ErrorKind::cancelled) break;
      // Not the mail's fault: the server cannot be reached, or takes no login now. The mail waits.
      context_.environment.log.warning("send: {}", delivered.error().text());
      context_.change_status([error = delivered.error()](Status& status) {
        if (!status.problem.empty()) return;
        status.problem = "cannot send: " + error.text();
        status.hint = error.hint();
      });
      const auto woken = waker_.sleep_until(net::after(backoff_.next()));
      if (!woken) return;
    }
  }
  close();
}

void SendWorker::close() {
  if (!link_) return;
  if (link_->session.is_ready()) {
    link_->session.quit();
    if (const auto bytes = link_->session.take_output(); !link_->stream.write(bytes))
      context_.environment.log.debug("send: the server was gone before QUIT");
  }
  link_.reset();
}

Result<> SendWorker::pump(const std::function<Result<bool>(smtp::Event&&)>& on_event) {
  auto& [stream, session] = *link_;
  std::string input;
  while (true) {
    while (auto event = session.next_event())
      if (COI_TRY(on_event(std::move(*event)))) return {};
    for (auto output = session.take_output(); !output.empty(); output = session.take_output()) {
      if (!stream.write(output)) session.connection_lost();
      // What was written may have been held back until an event was taken.
      while (auto event = session.next_event())
        if (COI_TRY(on_event(std::move(*event)))) return {};
    }
    input.clear();
    const auto read = stream.read(input, net::after(session.patience()));
    if (!read && read.error().kind() == ErrorKind::cancelled) return std::unexpected(read.error());
    if (read && *read == net::ReadResult::data)
      session.feed(input);
    else if (!read || *read != net::ReadResult::woken)
      session.connection_lost();
  }
}

Result<> SendWorker::connect() {
  const auto& config = context_.config;
  for (const bool rejected : {false, true}) {
    const auto credential = COI_TRY(context_.credentials(rejected));
    auto stream = COI_TRY(net::Stream::connect(
        config.smtp, {.tls = context_.tls, .waker = waker_, .log = context_.environment.log}));
    link_.emplace(Link{std::move(stream), smtp::Session(session_options(context_, credential))});
    const auto ready = pump([this](smtp::Event&& event) -> Result<bool> {
      if (std::holds_alternative<smtp::StartTls>(event)) {
        COI_TRY(link_->stream.start_tls());
        link_->session.tls_started();
      }
      if (auto* closed = std::get_if<smtp::Closed>(&event))
        return std::unexpected(closed->error.value_or(Error(ErrorKind::network, "the server closed the connection")));
      return std::holds_alternative<smtp::Ready>(event);
    });
    if (ready) return {};
    link_.reset();
    if (ready.error().kind() != ErrorKind::auth || !credential.is_token || rejected) return ready;
  }
  return {};
}

Result<smtp::Outcome> SendWorker::submit(const store::DueMail& mail) {
  smtp::Outcome outcome;
  const auto eight_bit = std::ranges::any_of(mail.bytes, [](char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; });
  COI_TRY(link_->session.submit({.from = mail.mail_from, .to = mail.recipients, .eight_bit = eight_bit}, mail.bytes));
  bool lost = false;
  COI_TRY(pump([&](smtp::Event&& event) -> Result<bool> {
    // From here the server may have the mail: that is on disk before the end of the data leaves.
    if (std::holds_alternative<smtp::DataStarted>(event) && !context_.account.record(chat::DataStarted{mail.id}))
      return fail(ErrorKind::cancelled, "the account is stopping");
    if (std::holds_alternative<smtp::Closed>(event)) lost = true;
    if (auto* submitted = std::get_if<smtp::Submitted>(&event)) {
      outcome = std::move(submitted->outcome);
      return true;
    }
    return false;
  }));
  if (lost) link_.reset();
  return outcome;
}

Result<> SendWorker::deliver(const store::DueMail& mail, const std::stop_token&) {
  if (link_ && link_->session.mails() >= most_mails) close();
  const bool warm_link = link_.has_value();
  if (!link_) COI_TRY(connect());
  backoff_.reset();
  auto outcome = submit(mail);
  if (!outcome) {
    link_.reset();
    return std::unexpected(outcome.error());
  }
  // A kept connection that the server had closed meanwhile: nothing was said, so the mail goes over a new one at once.
  const bool unsent = std::ranges::all_of(outcome->recipients, [](const auto& r) { return r.fate == smtp::Fate::unsent; });
  if (unsent) {
    link_.reset();
    if (warm_link) return deliver(mail, {});
    return fail(ErrorKind::network, "the submission server closed the connection");
  }
  chat::SendResult result{.outgoing = mail.id};
  for (const auto& recipient : outcome->recipients) result.recipients.push_back(result_of(recipient));
  if (!context_.account.record(std::move(result))) return fail(ErrorKind::cancelled, "the account is stopping");
  if (link_ && !link_->session.is_ready()) link_.reset();
  return {};
}

}  // namespace coi::engine

#include "engine/imap_link.h"

#include <algorithm>
#include <utility>

#include "hash/random.h"

namespace coi::engine {
namespace {

// An answer of that length that goes on after Times::long_answer is a long one, whoever waits for it.
constexpr std::uint64_t many_responses = 5000;
constexpr std::uint64_t many_octets = 32 * 1024 * 1024;
// Within Times::silence, or it is said to be silent: 400 a second are less than any link has.
constexpr std::size_t octets_of_progress = 2 * 1024;

imap::LoginOptions login_options(const LinkOptions& options) {
  const auto& config = options.config;
  const auto security = config.imap.security == net::Security::tls        ? imap::Security::tls
                        : config.imap.security == net::Security::starttls ? imap::Security::starttls
                                                                          : imap::Security::none;
  return {.credentials = login_credentials(options, config.imap),
          .security = security,
          .client_name = "COI",
          .client_version = "0.1",
          .compress = options.compress};
}

}  // namespace

sasl::Credentials login_credentials(const LinkOptions& options, const net::Endpoint& server) {
  sasl::Credentials credentials{
      .user = options.config.user, .host = server.host, .port = server.port, .nonce = hash::random_token(24)};
  (options.credential.is_token ? credentials.token : credentials.password) = options.credential.secret;
  return credentials;
}

bool tells_of_others(const imap::Event& event) {
  if (std::holds_alternative<imap::MailboxStatus>(event)) return true;
  const auto* status = std::get_if<imap::Status>(&event);
  return status != nullptr && status->is(imap::CodeWord::notificationoverflow);
}

ImapLink::ImapLink(net::Stream stream, const LinkOptions& options)
    : stream_(std::move(stream)),
      session_(std::make_unique<imap::Session>(options.limits, options.log, options.names, options.dispensable)),
      alert_(options.alert),
      doubted_(options.doubted),
      silent_(options.silent),
      long_answer_(options.long_answer),
      times_(options.times) {}

Result<ImapLink> ImapLink::open(const LinkOptions& options) {
  auto stream = COI_TRY(
      net::Stream::connect(options.config.imap, {.tls = options.tls, .waker = options.waker, .log = options.log}));
  ImapLink link(std::move(stream), options);
  if (options.begin_login) link.turn_ = COI_TRY(options.begin_login());
  COI_TRY(link.log_in(options));
  return link;
}

Result<> ImapLink::log_in(const LinkOptions& options) {
  imap::Login login(login_options(options));
  auto step = imap::LoginStep::going_on;
  while (step != imap::LoginStep::done) {
    if (step == imap::LoginStep::start_tls) {
      COI_TRY(stream_.start_tls());
      written_at_ = std::chrono::steady_clock::now();
      session_->tls_started();
      step = COI_TRY(login.resume(*session_));
    } else if (step == imap::LoginStep::start_compression) {
      COI_TRY(stream_.start_deflate(session_->compression_started()));
      step = COI_TRY(login.resume(*session_));
    }
    COI_TRY(flush());
    while (step == imap::LoginStep::going_on) {
      auto event = session_->next_event();
      if (!event) break;
      if (const auto* alert = std::get_if<imap::Alert>(&*event); alert != nullptr && alert_ && login.is_secure())
        alert_(alert->text);
      step = COI_TRY(login.take(*session_, *event));
    }
    if (step != imap::LoginStep::going_on) continue;
    COI_TRY(flush());
    COI_TRY(within(await_answer(times_.command, times_.doubted), "login"));
  }
  namespaces_ = login.namespaces();
  return {};
}

Result<> ImapLink::flush() {
  for (auto output = session_->take_output(); !output.empty(); output = session_->take_output()) {
    if (auto written = stream_.write(output); !written) return std::unexpected(lost(std::move(written).error()));
    written_at_ = std::chrono::steady_clock::now();  // a literal may have taken long
  }
  return {};
}

Error ImapLink::lost(Error error) {
  if (error.kind() == ErrorKind::network && !in_doubt_) session_->lost();
  return error;
}

Result<net::ReadResult> ImapLink::read(net::Deadline deadline) {
  input_.clear();
  auto read = stream_.read(input_, deadline);
  if (!read) return std::unexpected(lost(std::move(read).error()));
  const auto result = *read;
  if (result == net::ReadResult::closed) {
    session_->lost();  // by the server, whatever the network does
    return fail(ErrorKind::network, "the server closed the connection");
  }
  if (result == net::ReadResult::woken) {
    woken_ = true;
    in_doubt_ = in_doubt_ || (doubted_ && doubted_());
  }
  if (result == net::ReadResult::data) {
    in_doubt_ = false;
    session_->feed(input_);
    note_progress(input_.size());
    note_length();
  }
  return result;
}

// A response that is whole, or a good piece of one: a server that lets an octet fall now and then does not answer.
void ImapLink::note_progress(std::size_t octets) {
  const auto& answer = session_->answer();
  octets_since_ += octets;
  if (answer.number() == answer_ && answer.responses() == responses_ && octets_since_ < octets_of_progress) return;
  octets_since_ = 0;
  responses_ = answer.responses();
  progress_at_ = std::chrono::steady_clock::now();
  if (std::exchange(is_silent_, false)) silent_(false);
}

void ImapLink::note_length() {
  const auto now = std::chrono::steady_clock::now();
  const auto& answer = session_->answer();
  if (std::exchange(answer_, answer.number()) != answer.number()) {
    answer_begun_ = now;
    if (std::exchange(length_told_, net::Deadline::min()) != net::Deadline::min()) long_answer_(nullptr);
  }
  if (!long_answer_ || now - std::max(answer_begun_, length_told_) < times_.long_answer) return;
  // Not while mails come: that takes as long as the link needs.
  const bool is_slow = !session_->quiet() && !session_->idling() && answer.responses() > 0 && !answer.has_literals() &&
                       now - answer_begun_ >= times_.slow_answer;
  if (!is_slow && answer.responses() < many_responses && answer.octets() < many_octets) return;
  length_told_ = now;
  long_answer_(&answer);
}

Result<> ImapLink::await_answer(std::chrono::milliseconds patience, std::chrono::milliseconds doubted) {
  while (true) {
    const auto begun = std::max(written_at_, progress_at_);
    const auto give_up = begun + patience;
    const auto next = is_silent_ || !silent_ ? give_up : std::min(give_up, begun + times_.silence);
    auto result = net::ReadResult::timed_out;
    if (!in_doubt_) {
      result = COI_TRY(read(next));
    } else {
      // From the doubt on, however long the server has been silent before.
      const auto until = net::after(doubted);
      do result = COI_TRY(read(std::min(until, give_up)));
      while (result == net::ReadResult::woken);
    }
    if (result == net::ReadResult::data && progress_at_ > begun) return {};
    if (result == net::ReadResult::woken) continue;
    const auto now = std::chrono::steady_clock::now();
    if (in_doubt_ || now >= give_up) return std::unexpected(lost({ErrorKind::network, "the server does not answer"}));
    if (silent_ && now >= begun + times_.silence && !std::exchange(is_silent_, true)) silent_(true);
    if (result == net::ReadResult::data) return {};
  }
}

Result<> ImapLink::dispatch(const OnEvent& on_event) {
  while (auto event = session_->next_event()) {
    if (auto* failed = std::get_if<imap::Failed>(&*event)) return std::unexpected(std::move(failed->error));
    if (auto* bye = std::get_if<imap::Bye>(&*event)) {
      said_bye_ = true;
      return fail(ErrorKind::network, imap::to_error(bye->status, "the server hung up").text());
    }
    if (auto* alert = std::get_if<imap::Alert>(&*event)) {
      if (alert_) alert_(alert->text);
      continue;
    }
    if (const auto* done = std::get_if<imap::Completed>(&*event)) completed_.push_back(*done);
    COI_TRY(on_event ? on_event(std::move(*event)) : pass_on(std::move(*event)));
  }
  return flush();
}

imap::CommandId ImapLink::submit(imap::Command command) {
  if (session_->quiet()) answer_begun_ = std::chrono::steady_clock::now();
  return session_->submit(std::move(command));
}

Result<imap::Status> ImapLink::finish(imap::CommandId id, const OnEvent& on_event) {
  return finish(id, on_event, times_.command, times_.doubted);
}

Result<imap::Status> ImapLink::finish(imap::CommandId id, const OnEvent& on_event, std::chrono::milliseconds patience,
                                      std::chrono::milliseconds doubted) {
  COI_TRY(flush());
  while (true) {
    COI_TRY(dispatch(on_event));
    const auto found = std::ranges::find(completed_, id, &imap::Completed::id);
    if (found != completed_.end()) {
      auto status = std::move(found->status);
      completed_.erase(found);
      return status;
    }
    COI_TRY(await_answer(patience, doubted));
  }
}

Result<imap::Status> ImapLink::run(imap::Command command, const OnEvent& on_event) {
  return finish(submit(std::move(command)), on_event);
}

Result<imap::Status> ImapLink::demand(imap::Command command, std::string_view tried, const OnEvent& on_event) {
  auto status = COI_TRY(run(std::move(command), on_event));
  if (!status.ok()) return std::unexpected(imap::to_error(status, tried));
  return status;
}

Result<> ImapLink::noop(const OnEvent& on_event) {
  COI_TRY(finish(submit(imap::noop()), on_event, times_.renewal, times_.probe));
  return {};
}

bool ImapLink::is_completed(imap::CommandId id) const {
  return std::ranges::find(completed_, id, &imap::Completed::id) != completed_.end();
}

Result<ImapLink::Wait> ImapLink::wait_or_end(net::Deadline deadline, const OnEvent& on_event, const Enough& enough,
                                             imap::CommandId id) {
  while (true) {
    COI_TRY(dispatch(on_event));
    if (COI_TRY(enough()) || is_completed(id)) return Wait::news;
    if (std::exchange(woken_, false)) return Wait::woken;
    if (COI_TRY(read(deadline)) == net::ReadResult::timed_out) return Wait::timed_out;
  }
}

Result<ImapLink::Wait> ImapLink::wait(net::Deadline deadline, const OnEvent& on_event, const Enough& enough) {
  return wait_or_end(deadline, on_event, enough, {});
}

// RFC 2177: NO and BAD are answers too, and the server may end it at any time.
Result<ImapLink::Wait> ImapLink::idle(net::Deadline deadline, const OnEvent& on_event, const Enough& enough) {
  const auto id = submit(imap::idle());
  COI_TRY(flush());
  auto result = wait_or_end(deadline, on_event, enough, id);
  if (!result) return result;
  session_->end_idle();
  const auto status = COI_TRY(finish(id, on_event, times_.renewal, times_.probe));
  idle_refused_ = !status.ok();
  return result;
}

void ImapLink::logout() noexcept {
  session_->submit(imap::logout());
  if (flush()) stream_.close();
}

}  // namespace coi::engine

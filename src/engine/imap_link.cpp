#include "engine/imap_link.h"

#include <algorithm>
#include <utility>

#include "hash/random.h"

namespace coi::engine {
namespace {

// A server may think this long about a command before we call the connection dead.
constexpr std::chrono::seconds command_patience{120};

constexpr std::chrono::seconds shortest_idle_pause{1};

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
      session_(std::make_unique<imap::Session>(options.limits, options.log)),
      alert_(options.alert) {}

Result<ImapLink> ImapLink::open(const LinkOptions& options) {
  auto stream = COI_TRY(
      net::Stream::connect(options.config.imap, {.tls = options.tls, .waker = options.waker, .log = options.log}));
  ImapLink link(std::move(stream), options);
  COI_TRY(link.log_in(options));
  return link;
}

Result<> ImapLink::log_in(const LinkOptions& options) {
  imap::Login login(login_options(options));
  auto step = imap::LoginStep::going_on;
  const auto give_up = net::after(command_patience);
  while (step != imap::LoginStep::done) {
    if (step == imap::LoginStep::start_tls) {
      COI_TRY(stream_.start_tls());
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
    if (COI_TRY(read(give_up)) == net::ReadResult::timed_out)
      return fail(ErrorKind::network, "the server does not answer the login");
  }
  namespaces_ = login.namespaces();
  return {};
}

Result<> ImapLink::flush() {
  for (auto output = session_->take_output(); !output.empty(); output = session_->take_output())
    COI_TRY(stream_.write(output));
  return {};
}

Result<net::ReadResult> ImapLink::read(net::Deadline deadline) {
  input_.clear();
  const auto result = COI_TRY(stream_.read(input_, deadline));
  if (result == net::ReadResult::closed) return fail(ErrorKind::network, "the server closed the connection");
  if (result == net::ReadResult::woken) woken_ = true;
  if (result == net::ReadResult::data) session_->feed(input_);
  return result;
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

imap::CommandId ImapLink::submit(imap::Command command) { return session_->submit(std::move(command)); }

Result<imap::Status> ImapLink::finish(imap::CommandId id, const OnEvent& on_event) {
  COI_TRY(flush());
  auto give_up = net::after(command_patience);
  while (true) {
    COI_TRY(dispatch(on_event));
    const auto found = std::ranges::find(completed_, id, &imap::Completed::id);
    if (found != completed_.end()) {
      auto status = std::move(found->status);
      completed_.erase(found);
      return status;
    }
    const auto result = COI_TRY(read(give_up));
    if (result == net::ReadResult::timed_out) return fail(ErrorKind::network, "the server does not answer");
    if (result == net::ReadResult::data) give_up = net::after(command_patience);
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

Result<ImapLink::Wait> ImapLink::wait(net::Deadline deadline, const OnEvent& on_event) {
  bool heard = false;
  const auto listen = [&](imap::Event&& event) -> Result<> {
    heard = heard || !std::holds_alternative<imap::Idling>(event);
    return on_event(std::move(event));
  };
  while (true) {
    COI_TRY(dispatch(listen));
    if (heard) return Wait::event;
    if (std::exchange(woken_, false)) return Wait::woken;
    if (COI_TRY(read(deadline)) == net::ReadResult::timed_out) return Wait::timed_out;
  }
}

// RFC 2177: NO and BAD are answers too, and the server may end it at any time.
Result<ImapLink::Wait> ImapLink::idle(net::Deadline deadline, const OnEvent& on_event) {
  if (std::chrono::steady_clock::now() < next_idle_) {
    const auto waited = COI_TRY(wait(std::min(next_idle_, deadline), on_event));
    if (waited != Wait::timed_out || next_idle_ > deadline) return waited;
  }
  const auto id = submit(imap::idle());
  COI_TRY(flush());
  auto result = wait(deadline, on_event);
  if (!result) return result;
  const bool was_ended = std::ranges::find(completed_, id, &imap::Completed::id) != completed_.end();
  session_->end_idle();
  const auto status = COI_TRY(finish(id, on_event));
  idle_refused_ = !status.ok();
  if (was_ended) next_idle_ = net::after(shortest_idle_pause);
  return result;
}

void ImapLink::logout() noexcept {
  session_->submit(imap::logout());
  if (flush()) stream_.close();
}

}  // namespace coi::engine

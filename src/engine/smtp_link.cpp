#include "engine/smtp_link.h"

#include <utility>

namespace coi::engine {
namespace {

smtp::SessionOptions session_options(const LinkOptions& options) {
  return {.starttls = options.config.smtp.security == net::Security::starttls,
          .login = login_credentials(options, options.config.smtp),
          .limits = options.limits,
          .log = options.log};
}

}  // namespace

Result<SmtpLink> SmtpLink::open(const LinkOptions& options) {
  auto stream = COI_TRY(
      net::Stream::connect(options.config.smtp, {.tls = options.tls, .waker = options.waker, .log = options.log}));
  SmtpLink link(std::move(stream), smtp::Session(session_options(options)));
  COI_TRY(link.pump([&link](smtp::Event&& event) -> Result<bool> {
    if (std::holds_alternative<smtp::StartTls>(event)) {
      COI_TRY(link.stream_.start_tls());
      link.session_.tls_started();
    }
    if (auto* closed = std::get_if<smtp::Closed>(&event))
      return std::unexpected(closed->error.value_or(Error(ErrorKind::network, "the server closed the connection")));
    return std::holds_alternative<smtp::Ready>(event);
  }));
  return link;
}

Result<> SmtpLink::pump(const std::function<Result<bool>(smtp::Event&&)>& on_event) {
  std::string input;
  while (true) {
    // What is to be written may be held back until an event was taken, and the other way round.
    while (true) {
      while (auto event = session_.next_event())
        if (COI_TRY(on_event(std::move(*event)))) return {};
      const auto output = session_.take_output();
      if (output.empty()) break;
      if (const auto written = stream_.write(output); !written) {
        if (written.error().kind() == ErrorKind::cancelled) return written;
        session_.connection_lost();
      }
    }
    input.clear();
    const auto read = stream_.read(input, net::after(session_.patience()));
    if (!read && read.error().kind() == ErrorKind::cancelled) return std::unexpected(read.error());
    if (read && *read == net::ReadResult::data)
      session_.feed(input);
    else if (!read || *read != net::ReadResult::woken)
      session_.connection_lost();
  }
}

Result<smtp::Outcome> SmtpLink::submit(smtp::Envelope envelope, std::string mail,
                                       const std::function<Result<>()>& data_started) {
  COI_TRY(session_.submit(std::move(envelope), std::move(mail)));
  smtp::Outcome outcome;
  COI_TRY(pump([&](smtp::Event&& event) -> Result<bool> {
    if (std::holds_alternative<smtp::DataStarted>(event)) COI_TRY(data_started());
    auto* submitted = std::get_if<smtp::Submitted>(&event);
    if (submitted != nullptr) outcome = std::move(submitted->outcome);
    return submitted != nullptr;
  }));
  return outcome;
}

bool SmtpLink::is_usable() {
  std::string input;
  const auto read = stream_.read(input, std::chrono::steady_clock::now());
  if (read && *read == net::ReadResult::data) session_.feed(input);
  if (!read || *read == net::ReadResult::closed) session_.connection_lost();
  return session_.is_ready();
}

void SmtpLink::quit() noexcept {
  if (session_.is_ready()) {
    session_.quit();
    // The server may be gone; then there is nobody to be polite to.
    (void)stream_.write(session_.take_output());
  }
  stream_.close();
}

}  // namespace coi::engine

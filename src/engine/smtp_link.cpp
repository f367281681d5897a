#include "engine/smtp_link.h"

#include <algorithm>
#include <utility>

namespace coi::engine {
namespace {

// Exim delivers what comes behind the tenth mail of a connection with the next run of its queue only, half an hour
// later, and does not say so. A server that cannot be told from Exim is treated like one; Exim is the one that has no
// enhanced status codes.
constexpr unsigned most_mails_unknown = 10;
// As many as Exim itself takes. Servers that want fewer hang up, and the mail goes over a new connection at once.
constexpr unsigned most_mails = 1000;

// A kept connection is dead more often than a server is slow to answer MAIL.
constexpr std::chrono::seconds first_answer{15};
unsigned most_mails_of(const smtp::Session& session) {
  if (const auto said = session.capabilities().most_mails; said > 0) return std::min(said, most_mails);
  return session.capabilities().enhanced_codes ? most_mails : most_mails_unknown;
}

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
  SmtpLink link(std::move(stream), smtp::Session(session_options(options)), options.times);
  if (options.begin_login) link.turn_ = COI_TRY(options.begin_login());
  COI_TRY(link.pump(
      [&link](smtp::Event&& event) -> Result<bool> {
        if (std::holds_alternative<smtp::StartTls>(event)) {
          COI_TRY(link.stream_.start_tls());
          link.session_.tls_started();
        }
        if (auto* closed = std::get_if<smtp::Closed>(&event))
          return std::unexpected(closed->error.value_or(Error(ErrorKind::network, "the server closed the connection")));
        return std::holds_alternative<smtp::Ready>(event);
      },
      [&options](std::chrono::seconds) {
        if (options.silent) options.silent(true);
      }));
  return link;
}

Result<> SmtpLink::pump(const std::function<Result<bool>(smtp::Event&&)>& on_event,
                        const std::function<void(std::chrono::seconds)>& on_silence) {
  std::string input;
  while (true) {
    // What is to be written may be held back until an event was taken, and the other way round.
    while (true) {
      while (auto event = session_.next_event())
        if (COI_TRY(on_event(std::move(*event)))) return {};
      const auto output = session_.take_output();
      if (output.empty()) break;
      COI_TRY(write(output));
    }
    if (COI_TRY(hear(input, on_silence)))
      session_.feed(input);
    else
      session_.connection_lost();
  }
}

// Before the end of a mail a hang-up does no harm; behind it the mail may be there, and RFC 5321 4.5.3.2.6 gives the
// server ten minutes.
std::chrono::milliseconds SmtpLink::patience(bool woken) const {
  const std::chrono::milliseconds usual = session_.patience();
  const bool behind_the_end = usual > std::chrono::minutes(5);
  if (woken) return std::min(usual, behind_the_end ? times_.doubted : times_.probe);
  return is_kept_ && !behind_the_end ? std::min<std::chrono::milliseconds>(usual, first_answer) : usual;
}

Result<bool> SmtpLink::hear(std::string& input, const std::function<void(std::chrono::seconds)>& on_silence) {
  const auto begun = std::chrono::steady_clock::now();
  auto give_up = begun + patience(false);
  bool told = !on_silence;
  while (true) {
    input.clear();
    const auto read = stream_.read(input, told ? give_up : std::min(give_up, begun + times_.silence));
    if (!read && read.error().kind() == ErrorKind::cancelled) return std::unexpected(read.error());
    if (!read || *read == net::ReadResult::closed) return false;
    if (*read == net::ReadResult::data) {
      is_kept_ = false;
      return true;
    }
    const auto now = std::chrono::steady_clock::now();
    if (*read == net::ReadResult::woken) give_up = std::min(give_up, now + patience(true));
    if (*read == net::ReadResult::timed_out && now >= give_up) return false;
    if (!told && now - begun >= times_.silence) {
      told = true;
      on_silence(std::chrono::floor<std::chrono::seconds>(now - begun));
    }
  }
}

// Error: cancelled.
Result<> SmtpLink::write(const std::string& output) {
  const auto written = stream_.write(output);
  if (!written && written.error().kind() == ErrorKind::cancelled) return written;
  end_left_ = end_allowed_;
  if (!written) {
    hear_last_words();
    session_.connection_lost();
  }
  return {};
}

void SmtpLink::hear_last_words() {
  std::string words;
  auto read = stream_.read(words, std::chrono::steady_clock::now());
  while (read && (*read == net::ReadResult::data || *read == net::ReadResult::woken)) {
    session_.feed(words);
    words.clear();
    read = stream_.read(words, std::chrono::steady_clock::now());
  }
}

Result<smtp::Outcome> SmtpLink::submit(smtp::Envelope envelope, std::string mail, bool commands_first,
                                       const std::function<Result<>()>& data_started,
                                       const std::function<void(std::chrono::seconds)>& on_silence) {
  is_kept_ = session_.mails() > 0;
  end_allowed_ = end_left_ = false;
  COI_TRY(session_.submit(std::move(envelope), std::move(mail)));
  if (commands_first)
    if (const auto commands = session_.take_output(); !commands.empty()) COI_TRY(write(commands));
  smtp::Outcome outcome;
  COI_TRY(pump(
      [&](smtp::Event&& event) -> Result<bool> {
        if (std::holds_alternative<smtp::DataStarted>(event)) {
          COI_TRY(data_started());
          end_allowed_ = true;
        }
        auto* submitted = std::get_if<smtp::Submitted>(&event);
        if (submitted != nullptr) outcome = std::move(submitted->outcome);
        return submitted != nullptr;
      },
      on_silence));
  return outcome;
}

bool SmtpLink::is_usable() {
  std::string input;
  auto read = stream_.read(input, std::chrono::steady_clock::now());
  // A bell that rang meanwhile says nothing of the connection.
  while (read && *read == net::ReadResult::woken) read = stream_.read(input, std::chrono::steady_clock::now());
  if (read && *read == net::ReadResult::data) session_.feed(input);
  if (!read || *read == net::ReadResult::closed) session_.connection_lost();
  return session_.is_ready();
}

bool SmtpLink::is_used_up() const { return session_.mails() >= most_mails_of(session_); }

void SmtpLink::quit() noexcept {
  if (session_.is_ready()) {
    session_.quit();
    // The server may be gone; then there is nobody to be polite to.
    (void)stream_.write(session_.take_output());
  }
  stream_.close();
}

}  // namespace coi::engine

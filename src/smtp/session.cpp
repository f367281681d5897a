#include "smtp/session.h"

#include <fmt/format.h>

#include "hash/base64.h"
#include "smtp/login_error.h"
#include "smtp/transaction.h"

namespace coi::smtp {
namespace {

constexpr std::size_t command_line_limit = 512;  // octets with CRLF (RFC 5321 4.5.3.1.4)

}  // namespace

struct Session::State {
  enum class Phase : std::uint8_t {
    greeting,
    ehlo,
    starttls,
    tls,  // the transport's turn
    auth,
    ready,
    mail,
    quit,
    closed,
  };

  explicit State(SessionOptions given) : options(std::move(given)), replies(options.limits) {}

  void on_reply(const Reply& reply);
  void on_greeting(const Reply& reply);
  void on_ehlo(const Reply& reply);
  void on_ehlo_refused(const Reply& reply);
  void on_starttls(const Reply& reply);
  void on_auth(const Reply& reply);
  void on_mail(const Reply& reply);

  void say(Phase next, std::string_view log_name, std::string line);
  void say_hello() { say(Phase::ehlo, hello, fmt::format("{} {}\r\n", hello, options.client_name)); }
  void log_in();
  void try_next_mechanism();
  void answer_challenge(const Reply& reply);
  void ready();
  void begin_mail(Envelope envelope, std::string mail);
  void settle_mail();
  void close(std::optional<Error> error, const std::optional<Reply>& last_words = {});
  void give_up(Error error);

  SessionOptions options;
  ReplyParser replies;
  Phase phase = Phase::greeting;
  std::string output;
  std::deque<Event> events;
  std::string_view hello = "EHLO";
  std::optional<Error> hello_refused;  // and tried once more in another way
  Capabilities capabilities;
  bool secured = false;  // STARTTLS is done
  bool needs_reset = false;
  unsigned mails = 0;

  std::vector<sasl::Mechanism> mechanisms;  // still to try, best first
  std::optional<sasl::Exchange> exchange;
  bool response_owed = false;  // the initial response did not go along with AUTH

  std::optional<Transaction> transaction;
  bool data_announced = false;
};

Session::Session(SessionOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

bool Session::is_ready() const { return state_->phase == State::Phase::ready; }
const Capabilities& Session::capabilities() const { return state_->capabilities; }
unsigned Session::mails() const { return state_->mails; }

void Session::feed(std::string_view bytes) {
  State& s = *state_;
  if (s.phase == State::Phase::closed || bytes.empty()) return;
  s.replies.feed(bytes);
  while (s.phase != State::Phase::closed && s.phase != State::Phase::tls) {
    auto reply = s.replies.next();
    if (!reply) return s.close(std::move(reply).error());
    if (!*reply) return;
    s.on_reply(**reply);
  }
  // RFC 3207 6: what follows the 220 in clear text may be somebody else's.
  if (s.phase == State::Phase::tls && s.replies.has_rest())
    s.close(Error(ErrorKind::protocol, "the server spoke in clear text where TLS should start"));
}

std::string Session::take_output() {
  State& s = *state_;
  if (s.output.empty() && s.transaction) {
    std::string output = s.transaction->take_output();
    s.settle_mail();
    return output;
  }
  return std::exchange(s.output, {});
}

std::optional<Event> Session::next_event() {
  State& s = *state_;
  if (s.events.empty()) return std::nullopt;
  Event event = std::move(s.events.front());
  s.events.pop_front();
  if (std::holds_alternative<DataStarted>(event) && s.transaction) s.transaction->allow_end();
  return event;
}

void Session::tls_started() {
  State& s = *state_;
  if (s.phase != State::Phase::tls) return;
  s.secured = true;
  s.capabilities = {};  // RFC 3207 4.2: forgotten
  s.say_hello();
}

void Session::connection_lost() {
  State& s = *state_;
  if (s.phase == State::Phase::quit)
    s.close(std::nullopt);
  else
    s.close(s.hello_refused.value_or(Error(ErrorKind::network, "the server hung up")));
}

Result<> Session::submit(Envelope envelope, std::string mail) {
  State& s = *state_;
  if (!is_ready()) return fail(ErrorKind::internal, "the session cannot take a mail now");
  s.phase = State::Phase::mail;
  s.begin_mail(std::move(envelope), std::move(mail));
  return {};
}

void Session::quit() {
  if (is_ready()) state_->say(State::Phase::quit, "QUIT", "QUIT\r\n");
}

std::chrono::seconds Session::patience() const {
  using std::chrono::minutes;
  const State& s = *state_;
  if (s.phase != State::Phase::mail || !s.transaction) return minutes(5);
  return s.transaction->end_sent() ? minutes(10) : minutes(5);
}

void Session::State::say(Phase next, std::string_view log_name, std::string line) {
  options.log.debug("smtp: {}", log_name);
  phase = next;
  output += line;
}

void Session::State::on_reply(const Reply& reply) {
  options.log.debug("smtp: {} {}", reply.code, reply.enhanced);
  // RFC 5321 3.8: the server closes, whatever it was asked.
  if (reply.code == 421 && phase != Phase::quit)
    return close(Error(ErrorKind::network, fmt::format("the server closes the connection: {}", reply.describe())),
                 reply);
  switch (phase) {
    case Phase::greeting:
      return on_greeting(reply);
    case Phase::ehlo:
      return on_ehlo(reply);
    case Phase::starttls:
      return on_starttls(reply);
    case Phase::auth:
      return on_auth(reply);
    case Phase::mail:
      return on_mail(reply);
    case Phase::quit:
      return close(std::nullopt);
    case Phase::ready:
      return close(
          Error(ErrorKind::protocol, fmt::format("the server answers what was not asked: {}", reply.describe())));
    case Phase::tls:
    case Phase::closed:
      return;
  }
}

void Session::State::on_greeting(const Reply& reply) {
  if (reply.code != 220) return give_up(refused_step("the connection", reply));
  say_hello();
}

void Session::State::on_ehlo(const Reply& reply) {
  if (reply.code != 250) return on_ehlo_refused(reply);
  hello_refused.reset();
  capabilities = Capabilities::parse(reply);
  if (!options.starttls || secured) return log_in();
  if (!capabilities.starttls)
    return give_up(Error(ErrorKind::not_allowed, "the server offers no STARTTLS, and without it nothing is secret",
                         "try smtps:// (port 465)"));
  say(Phase::starttls, "STARTTLS", "STARTTLS\r\n");
}

// Some servers want a domain (504, 501, 550 and others; Postfix says 450 of one that it does not find). One that does
// not know EHLO (RFC 5321 3.2) has neither STARTTLS nor AUTH: HELO helps only where neither is wanted.
void Session::State::on_ehlo_refused(const Reply& reply) {
  const bool unknown = reply.code == 500 || reply.code == 502;
  const bool helps = unknown ? !options.starttls && !options.login : reply.code > 500 || reply.code == 450;
  if (hello_refused || !helps) return give_up(refused_step(hello, reply));
  hello_refused = refused_step(hello, reply);
  if (unknown)
    hello = "HELO";
  else
    options.client_name = options.other_name;
  say_hello();
}

void Session::State::on_starttls(const Reply& reply) {
  if (reply.code != 220) return give_up(refused_step("STARTTLS", reply));
  phase = Phase::tls;
  if (!replies.has_rest()) events.emplace_back(StartTls{});
}

void Session::State::log_in() {
  if (!options.login) return ready();
  auto usable = sasl::usable_mechanisms(capabilities.auth, *options.login);
  if (!usable) return give_up(std::move(usable).error());
  mechanisms = std::move(*usable);
  try_next_mechanism();
}

//   auth-command = "AUTH" SP sasl-mech [SP initial-response] CRLF    (RFC 4954 4; an empty response is "=")
void Session::State::try_next_mechanism() {
  auto begun = sasl::Exchange::begin(mechanisms.front(), *options.login);
  if (!begun) return give_up(std::move(begun).error());
  exchange = *std::move(begun);
  mechanisms.erase(mechanisms.begin());
  response_owed = false;
  const std::string command = fmt::format("AUTH {}", sasl::name(exchange->mechanism()));
  std::string line = command;
  if (const auto response = exchange->initial_response()) {
    const std::string encoded = hash::base64_encode(response->reveal());
    response_owed = line.size() + 1 + encoded.size() + 2 > command_line_limit;
    if (!response_owed) line += " " + encoded;
  }
  say(Phase::auth, command, line + "\r\n");
}

void Session::State::on_auth(const Reply& reply) {
  if (reply.code == 334) return answer_challenge(reply);
  if (reply.positive()) {
    if (auto proved = exchange->finish(); !proved) return give_up(std::move(proved).error());
    exchange.reset();
    return ready();
  }
  // 504 unknown, 534 too weak: another mechanism may do. A rejected password is not tried in another dress.
  const bool mechanism_refused = reply.code == 504 || (reply.code == 534 && reply.enhanced != "5.7.9");
  if (mechanism_refused && !mechanisms.empty()) return try_next_mechanism();
  give_up(refused_login(reply, capabilities, options.login->has_token()));
}

void Session::State::answer_challenge(const Reply& reply) {
  const auto answer = [&](const Secret& message) { output += hash::base64_encode(message.reveal()) + "\r\n"; };
  if (std::exchange(response_owed, false)) return answer(exchange->initial_response().value());
  const std::string text = reply.text();
  const auto challenge = hash::base64_decode(text);
  auto response = exchange->respond(challenge.value_or(text));  // LOGIN's words are not always Base64
  if (!response) {
    output += "*\r\n";  // RFC 4954 4: the client cancels
    return give_up(std::move(response).error());
  }
  answer(*response);
}

void Session::State::ready() {
  phase = Phase::ready;
  events.emplace_back(Ready{});
}

void Session::State::on_mail(const Reply& reply) {
  if (!transaction->awaits_reply()) {
    // In the middle of the data, and there is no way to stop sending them but to hang up.
    const bool refused = reply.code >= 400;
    return close(Error(ErrorKind::network, fmt::format("the server interrupts the mail: {}", reply.describe())),
                 refused ? std::optional(reply) : std::nullopt);
  }
  transaction->answer(reply);
  settle_mail();
}

void Session::State::begin_mail(Envelope envelope, std::string mail) {
  data_announced = false;
  transaction.emplace(std::move(envelope), std::move(mail), capabilities, options.chunking, needs_reset);
  options.log.debug("smtp: mail to {} recipients", transaction->recipients());
  settle_mail();
}

// What follows from the transaction's present state.
void Session::State::settle_mail() {
  if (transaction->wants_end() && !std::exchange(data_announced, true)) events.emplace_back(DataStarted{});
  if (!transaction->finished()) return;
  needs_reset = transaction->needs_reset();
  if (transaction->was_started()) ++mails;
  if (transaction->refused_parameter()) {
    capabilities.dsn = false;
    return begin_mail(transaction->take_envelope(), transaction->take_mail());
  }
  events.emplace_back(Submitted{transaction->take_outcome()});
  transaction.reset();
  phase = Phase::ready;
}

void Session::State::close(std::optional<Error> error, const std::optional<Reply>& last_words) {
  if (phase == Phase::closed) return;
  if (transaction) {
    const bool is_nonsense = error && (error->kind() == ErrorKind::protocol || error->kind() == ErrorKind::limit);
    transaction->lost(last_words, is_nonsense ? error->text() : "the connection was lost");
    settle_mail();
  }
  phase = Phase::closed;
  events.emplace_back(Closed{std::move(error)});
}

void Session::State::give_up(Error error) {
  output += "QUIT\r\n";
  close(std::move(error));
}

}  // namespace coi::smtp

#include "imap/login.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::imap {
namespace {

constexpr std::string_view logging_in = "cannot log in";

// Servers without RFC 5530 tell only people that the account's connections are used up.
bool tells_of_too_many_connections(std::string_view text) {
  const auto lower = ascii_lower(text);
  constexpr std::array<std::string_view, 3> phrases = {"too many", "number of connections", "connection limit"};
  return std::ranges::any_of(phrases, [&](std::string_view phrase) { return lower.find(phrase) != lower.npos; });
}

}  // namespace

Result<LoginStep> Login::take(Session& session, const Event& event) {
  if (const auto* failed = std::get_if<Failed>(&event))
    return std::unexpected(Error(failed->error).within(std::string(logging_in)));
  if (const auto* bye = std::get_if<Bye>(&event)) return std::unexpected(to_error(bye->status, logging_in));
  if (const auto* spaces = std::get_if<Namespaces>(&event); spaces != nullptr && is_secure()) namespaces_ = *spaces;
  if (const auto* id = std::get_if<ServerId>(&event); id != nullptr && is_secure()) server_ = *id;
  if (const auto* greeting = std::get_if<Greeting>(&event)) return greeted(session, greeting->status);
  if (const auto* answer = std::get_if<Completed>(&event); answer != nullptr && asked_.erase(answer->id) > 0)
    return completed(session, *answer);
  return phase_ == Phase::done ? LoginStep::done : LoginStep::going_on;
}

Result<LoginStep> Login::resume(Session& session) {
  if (phase_ == Phase::starttls) {
    secured_ = true;
    return ask_capabilities(session, Phase::capability);
  }
  phase_ = Phase::done;
  return LoginStep::done;
}

Result<LoginStep> Login::greeted(Session& session, const Status& status) {
  if (status.kind == Status::Kind::bye) return std::unexpected(to_error(status, logging_in));
  if (options_.security == Security::starttls) {
    // Whoever answers may claim that we are logged in already, to keep us from encrypting.
    const auto& offered = session.capabilities();
    if (status.kind == Status::Kind::preauth || (!offered.empty() && !offered.has("STARTTLS")))
      return fail(ErrorKind::not_allowed, "the server does not offer encryption (STARTTLS)");
    phase_ = Phase::starttls;
    asked_.insert(session.submit(starttls()));
    return LoginStep::going_on;
  }
  if (status.kind == Status::Kind::preauth) return logged_in(session);
  if (session.capabilities().empty()) return ask_capabilities(session, Phase::capability);
  return authenticate(session);
}

Result<LoginStep> Login::completed(Session& session, const Completed& completed) {
  const auto& status = completed.status;
  switch (phase_) {
    case Phase::starttls:
      if (status.ok()) return LoginStep::start_tls;
      return fail(ErrorKind::not_allowed, fmt::format("the server refuses to encrypt (STARTTLS): {}", status.text));
    case Phase::capability:
      // One that does not know the command may know LOGIN.
      if (status.kind == Status::Kind::no) return std::unexpected(to_error(status, logging_in));
      return authenticate(session);
    case Phase::authenticate:
      if (!status.ok()) return std::unexpected(rejected(status));
      return logged_in(session);
    case Phase::capability_again:
      return ask_extras(session);
    case Phase::extras:
      return asked_.empty() ? after_extras(session) : LoginStep::going_on;
    case Phase::compress:
      if (status.ok()) return LoginStep::start_compression;
      phase_ = Phase::done;
      return LoginStep::done;
    case Phase::greeting:
    case Phase::done:
      break;
  }
  return LoginStep::going_on;
}

LoginStep Login::ask_capabilities(Session& session, Phase phase) {
  phase_ = phase;
  asked_.insert(session.submit(capability()));
  return LoginStep::going_on;
}

Result<LoginStep> Login::authenticate(Session& session) {
  phase_ = Phase::authenticate;
  mechanisms_ = session.capabilities().mechanisms();
  asked_.insert(session.submit(COI_TRY(best_command(session.capabilities()))));
  return LoginStep::going_on;
}

Result<Command> Login::best_command(const Capabilities& offered) const {
  const auto& credentials = options_.credentials;
  const bool has_login = !offered.has("LOGINDISABLED");
  auto mechanisms = mechanisms_;
  // All it names are for tokens: a server that takes passwords names one for those too, even where LOGIN would do.
  const bool wants_token = !mechanisms.empty() && std::ranges::all_of(mechanisms, sasl::is_for_token);
  if (has_login && !wants_token) mechanisms.emplace_back(sasl::name(sasl::Mechanism::login));
  auto usable = sasl::usable_mechanisms(mechanisms, credentials);
  if (!usable && usable.error().kind() == ErrorKind::not_allowed && options_.security == Security::none)
    return std::unexpected(std::move(usable).error().with_hint("connect with TLS or STARTTLS"));
  const auto best = COI_TRY(std::move(usable)).front();
  if (best == sasl::Mechanism::login && has_login) return login(credentials.user, credentials.password);
  return imap::authenticate(COI_TRY(sasl::Exchange::begin(best, credentials)));
}

Error Login::rejected(const Status& status) const {
  auto error = to_error(status, logging_in);
  const auto* code = std::get_if<CodeWord>(&status.code);
  const bool told_why = code != nullptr && *code != CodeWord::alert && *code != CodeWord::contactadmin;
  const bool no_room = told_why ? *code == CodeWord::limit : tells_of_too_many_connections(status.text);
  if (no_room)
    return Error(ErrorKind::network, fmt::format("the server says: {}", status.text)).within(std::string(logging_in));
  if (told_why ? error.kind() != ErrorKind::auth : status.kind != Status::Kind::no) return error;
  std::string hint = "check user name and password";
  if (options_.credentials.has_token()) {
    hint = "sign in at the provider again";
  } else if (std::ranges::any_of(mechanisms_, sasl::is_for_token)) {
    hint = "this provider may want an app password, or a sign-in with OAuth, instead of the usual password";
  }
  return Error(ErrorKind::auth, fmt::format("the server says: {}", status.text), std::move(hint))
      .within(std::string(logging_in));
}

LoginStep Login::logged_in(Session& session) {
  if (session.capabilities().empty()) return ask_capabilities(session, Phase::capability_again);
  return ask_extras(session);
}

// All at once: none depends on another, and a refusal of any of them does no harm.
LoginStep Login::ask_extras(Session& session) {
  phase_ = Phase::extras;
  const auto& offered = session.capabilities();
  if (offered.has("ID") && !options_.client_name.empty())
    asked_.insert(session.submit(id({{"name", options_.client_name}, {"version", options_.client_version}})));
  if (offered.has("ENABLE") && offered.has("QRESYNC")) {
    asked_.insert(session.submit(enable("QRESYNC")));
  } else if (offered.has("ENABLE") && offered.has("CONDSTORE")) {
    asked_.insert(session.submit(enable("CONDSTORE")));
  }
  if (offered.has("NAMESPACE")) asked_.insert(session.submit(namespace_()));
  return asked_.empty() ? after_extras(session) : LoginStep::going_on;
}

LoginStep Login::after_extras(Session& session) {
  if (options_.compress && session.capabilities().has("COMPRESS=DEFLATE")) {
    phase_ = Phase::compress;
    asked_.insert(session.submit(compress()));
    return LoginStep::going_on;
  }
  phase_ = Phase::done;
  return LoginStep::done;
}

}  // namespace coi::imap

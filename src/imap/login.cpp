#include "imap/login.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::imap {
namespace {

constexpr std::string_view logging_in = "cannot log in";

bool takes_oauth(const Capabilities& offered) { return offered.has_auth("OAUTHBEARER") || offered.has_auth("XOAUTH2"); }

// All mechanisms it names are OAuth ones. Servers with passwords name one for those, even where LOGIN would do.
bool takes_nothing_but_oauth(const Capabilities& offered) {
  return takes_oauth(offered) && std::ranges::all_of(offered.words(), [](const std::string& word) {
           return !ascii_istarts_with(word, "AUTH=") || ascii_iequal(word, "AUTH=OAUTHBEARER") ||
                  ascii_iequal(word, "AUTH=XOAUTH2");
         });
}

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
  if (const auto* spaces = std::get_if<Namespaces>(&event)) namespaces_ = *spaces;
  if (const auto* id = std::get_if<ServerId>(&event)) server_ = *id;
  if (const auto* greeting = std::get_if<Greeting>(&event)) return greeted(session, greeting->status);
  if (const auto* answer = std::get_if<Completed>(&event); answer != nullptr && asked_.erase(answer->id) > 0)
    return completed(session, *answer);
  return phase_ == Phase::done ? LoginStep::done : LoginStep::going_on;
}

Result<LoginStep> Login::resume(Session& session) {
  if (phase_ == Phase::starttls) return ask_capabilities(session, Phase::capability);
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
      if (!status.ok()) return std::unexpected(to_error(status, logging_in));
      return authenticate(session);
    case Phase::authenticate:
      if (!status.ok()) return std::unexpected(rejected(status, offered_));
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
  offered_ = session.capabilities();
  asked_.insert(session.submit(COI_TRY(best_command(offered_))));
  return LoginStep::going_on;
}

Result<Command> Login::best_command(const Capabilities& offered) const {
  if (options_.credential == Credential::password) return best_password_command(offered);
  if (offered.has_auth("OAUTHBEARER"))
    return imap::authenticate(Sasl::oauthbearer(options_.user, options_.host, options_.port, options_.secret));
  if (offered.has_auth("XOAUTH2")) return imap::authenticate(Sasl::xoauth2(options_.user, options_.secret));
  return fail(ErrorKind::not_allowed, "the server takes no OAuth tokens", "Log in with a password instead.");
}

Result<Command> Login::best_password_command(const Capabilities& offered) const {
  if (offered.has_auth("SCRAM-SHA-256"))
    return imap::authenticate(Sasl::scram_sha256(options_.user, options_.secret, options_.nonce));
  if (offered.has_auth("PLAIN")) return imap::authenticate(Sasl::plain(options_.user, options_.secret));
  if (takes_nothing_but_oauth(offered))
    return fail(ErrorKind::needs_oauth, "the server takes no passwords", "Sign in at the provider with OAuth.");
  if (!offered.has("LOGINDISABLED")) return login(options_.user, options_.secret);
  if (options_.security == Security::none)
    return fail(ErrorKind::not_allowed, "the server takes no password over an unencrypted connection",
                "Connect with TLS or STARTTLS.");
  return fail(ErrorKind::not_allowed, "the server offers no way to log in that is known here");
}

Error Login::rejected(const Status& status, const Capabilities& offered) const {
  auto error = to_error(status, logging_in);
  const auto* code = std::get_if<CodeWord>(&status.code);
  const bool told_why = code != nullptr && *code != CodeWord::alert && *code != CodeWord::contactadmin;
  const bool no_room = told_why ? *code == CodeWord::limit : tells_of_too_many_connections(status.text);
  if (no_room)
    return Error(ErrorKind::network, fmt::format("the server says: {}", status.text)).within(std::string(logging_in));
  if (told_why ? error.kind() != ErrorKind::auth : status.kind != Status::Kind::no) return error;
  std::string hint = "Check the user name and the password.";
  if (options_.credential == Credential::oauth_token) {
    hint = "Sign in at the provider again.";
  } else if (takes_oauth(offered)) {
    hint = "This provider may want an app password, or a sign-in with OAuth, instead of the usual password.";
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

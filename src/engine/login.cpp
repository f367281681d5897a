#include "engine/login.h"

#include <fmt/format.h>

#include "engine/discover.h"
#include "engine/imap_link.h"
#include "engine/oauth_login.h"
#include "engine/smtp_link.h"
#include "mime/address.h"

namespace coi::engine {
namespace {

constexpr auto nothing_stored = "nothing was stored; correct it and try again";

Result<Credential> credential_of(const LoginRequest& request) {
  if (request.auth == AuthKind::token_command)
    return Credential{COI_TRY(run_token_command(request.token_command)), true};
  if (request.password.empty()) return fail(ErrorKind::invalid, "no password given");
  return Credential{request.password, false};
}

// Servers that were named are the only candidates; else those that discover() finds, best first.
Result<std::vector<ServerPair>> candidates(const LoginRequest& request, std::string_view addr,
                                           const DiscoverOptions& options, const LoginProgress& progress) {
  if (request.imap_url && request.smtp_url)
    return std::vector{ServerPair{.imap = COI_TRY(net::parse_url(net::Service::imap, *request.imap_url)),
                                  .smtp = COI_TRY(net::parse_url(net::Service::smtp, *request.smtp_url)),
                                  .user = {}}};
  progress("looking for the servers");
  auto found = COI_TRY(discover(addr, options));
  for (auto& pair : found) {
    if (request.imap_url) pair.imap = COI_TRY(net::parse_url(net::Service::imap, *request.imap_url));
    if (request.smtp_url) pair.smtp = COI_TRY(net::parse_url(net::Service::smtp, *request.smtp_url));
  }
  return found;
}

}  // namespace

Result<CheckedLogin> check_login(const LoginRequest& request, const Environment& environment, const net::Waker& waker,
                                 const LoginProgress& progress) {
  const auto addr = mime::canonical(request.addr);
  if (!mime::is_address(addr))
    return fail(ErrorKind::invalid, fmt::format("{} is no e-mail address", request.addr),
                "write it as name@example.org");
  const auto tls = COI_TRY(net::Tls::load(request.tls_ca));
  LinkOptions options{.credential = request.auth == AuthKind::oauth ? Credential{} : COI_TRY(credential_of(request)),
                      .tls = tls,
                      .waker = waker,
                      .limits = environment.limits,
                      .log = environment.log};
  Error problem(ErrorKind::not_found, fmt::format("no mail server was found for {}", addr),
                "name them with --imap and --smtp, as the provider's help pages give them");
  const auto found = COI_TRY(candidates(request, addr, {.tls = tls, .waker = waker, .log = environment.log}, progress));
  oauth::Registration at;
  Secret refresh_token;
  if (request.auth == AuthKind::oauth && !found.empty()) {
    const net::HttpOptions http{.stream = {.tls = tls, .waker = waker, .log = environment.log}};
    at = COI_TRY(find_registration(request.oauth, addr, found.front().oauth, environment.oauth_clients, http));
    auto tokens = COI_TRY(authorize(request.oauth, at, addr, environment, http));
    options.credential = {std::move(tokens.access), true};
    refresh_token = std::move(tokens.refresh);
  }
  for (const auto& servers : found) {
    AccountConfig config{.addr = addr,
                         .name = request.name,
                         .user = !request.user.empty()   ? request.user
                                 : !servers.user.empty() ? servers.user
                                                         : addr,
                         .imap = servers.imap,
                         .smtp = servers.smtp,
                         .tls_ca = request.tls_ca,
                         .auth = request.auth,
                         .token_command = request.token_command,
                         .oauth = at};
    options.config = config;
    progress(fmt::format("logging in to {}", net::host_and_port(servers.imap)));
    if (auto imap = ImapLink::open(options); imap) {
      imap->logout();
      progress(fmt::format("logging in to {}", net::host_and_port(servers.smtp)));
      auto smtp = SmtpLink::open(options);
      if (smtp) {
        smtp->quit();
        return CheckedLogin{config, refresh_token};
      }
      problem = std::move(smtp).error().within(fmt::format("cannot send through {}", net::host_and_port(servers.smtp)));
    } else {
      problem = std::move(imap).error().within(fmt::format("cannot log in to {}", net::host_and_port(servers.imap)));
    }
    // Rejected is rejected: the next candidate would be the same server by another name, and one more failed attempt.
    if (problem.kind() == ErrorKind::auth || problem.kind() == ErrorKind::needs_oauth ||
        problem.kind() == ErrorKind::cancelled)
      break;
  }
  if (problem.hint().empty()) return std::unexpected(std::move(problem).with_hint(nothing_stored));
  return std::unexpected(std::move(problem));
}

}  // namespace coi::engine

#include "engine/login.h"

#include <fmt/format.h>

#include "engine/imap_link.h"
#include "engine/oauth_login.h"
#include "engine/smtp_link.h"
#include "mime/address.h"
#include "net/stream.h"
#include "wire/message_id.h"

namespace coi::engine {
namespace {

constexpr auto nothing_stored = "nothing was stored; correct it and try again";
constexpr auto servers_were_guessed =
    "nothing was stored; if these are not your provider's servers, name them with --imap and --smtp, as its help pages "
    "give them";

Result<Credential> credential_of(const LoginRequest& request, const net::Waker& waker) {
  if (request.auth == AuthKind::token_command)
    return Credential{COI_TRY(run_token_command(request.token_command, waker)), true};
  if (request.password.empty()) return fail(ErrorKind::invalid, "no password given");
  return Credential{request.password, false};
}

// Servers that were named are the only candidates; else those that discover() finds, best first.
Result<std::vector<ServerPair>> candidates(const LoginRequest& request, std::string_view addr, const Sources& sources,
                                           const Log& log, const LoginProgress& progress) {
  std::vector<ServerPair> found(1);
  if (!request.imap_url || !request.smtp_url) {
    progress("looking for the servers");
    found = COI_TRY(discover(addr, sources, log));
  }
  for (auto& pair : found) {
    if (request.imap_url) pair.imap = COI_TRY(net::parse_url(net::Service::imap, *request.imap_url));
    if (request.smtp_url) pair.smtp = COI_TRY(net::parse_url(net::Service::smtp, *request.smtp_url));
  }
  return found;
}

Result<bool> needs_consent(const ServerPair& servers, const LoginRequest& request, std::string_view addr) {
  const auto domain = COI_TRY(net::to_a_label(wire::domain_of(addr)));
  return servers.only_dns && ((!request.imap_url && !is_host_of(domain, servers.imap.host)) ||
                              (!request.smtp_url && !is_host_of(domain, servers.smtp.host)));
}

// Whether the servers are there at all, so that the user is asked about no mere guess. Nothing is said to them.
Result<> find_there(const ServerPair& servers, const LinkOptions& options) {
  for (const auto& server : {servers.imap, servers.smtp}) {
    const net::StreamOptions stream{.tls = options.tls, .waker = options.waker, .log = options.log};
    COI_TRY(within(net::Stream::connect(server, stream), fmt::format("cannot reach {}", net::host_and_port(server))));
  }
  return {};
}

Error stranger(const ServerPair& servers, const LoginRequest& request, std::string_view addr) {
  const auto imap = net::to_url(net::Service::imap, servers.imap), smtp = net::to_url(net::Service::smtp, servers.smtp);
  request.doubt(imap, smtp);
  return {ErrorKind::not_allowed,
          fmt::format("the mail servers of {} are said to be {} and {}, which lie outside of that domain, and nothing "
                      "that cannot be forged confirms it",
                      wire::domain_of(addr), imap, smtp),
          fmt::format("if they are your provider's: coi login {} --imap {} --smtp {}", addr, imap, smtp)};
}

AccountConfig config_of(const LoginRequest& request, const std::string& addr, const ServerPair& servers) {
  return {.addr = addr,
          .name = request.name,
          .user = !request.user.empty()   ? request.user
                  : !servers.user.empty() ? servers.user
                                          : addr,
          .imap = servers.imap,
          .smtp = servers.smtp,
          .tls_ca = request.tls_ca,
          .auth = request.auth,
          .token_command = request.token_command};
}

Result<CheckedLogin> log_in(AccountConfig config, LinkOptions options, const LoginProgress& progress) {
  options.config = config;
  progress(fmt::format("logging in to {}", net::host_and_port(config.imap)));
  auto imap =
      COI_TRY(within(ImapLink::open(options), fmt::format("cannot log in to {}", net::host_and_port(config.imap))));
  imap.logout();
  progress(fmt::format("logging in to {}", net::host_and_port(config.smtp)));
  auto smtp =
      COI_TRY(within(SmtpLink::open(options), fmt::format("cannot send through {}", net::host_and_port(config.smtp))));
  smtp.quit();
  return CheckedLogin{.config = std::move(config), .refresh_token = {}, .largest_mail = smtp.largest_mail()};
}

// Rejected is rejected: the next candidate would be the same server by another name, and one more failed attempt.
bool is_final(ErrorKind kind) {
  return kind == ErrorKind::auth || kind == ErrorKind::needs_oauth || kind == ErrorKind::cancelled;
}

}  // namespace

Result<CheckedLogin> check_login(const LoginRequest& request, const Environment& environment, const net::Waker& waker,
                                 const LoginProgress& progress,
                                 const std::function<Sources(const DiscoverOptions&)>& sources) {
  const auto addr = mime::written_address(request.addr);
  if (!mime::is_address(addr))
    return fail(ErrorKind::invalid, fmt::format("{} is no e-mail address", request.addr),
                "write it as name@example.org");
  const auto tls = COI_TRY(net::Tls::load(request.tls_ca));
  LinkOptions options{
      .credential = request.auth == AuthKind::oauth ? Credential{} : COI_TRY(credential_of(request, waker)),
      .tls = tls,
      .waker = waker,
      .limits = environment.limits,
      .log = environment.log};
  const auto from = sources({.tls = tls, .waker = waker, .log = environment.log});
  oauth::Registration at;
  Secret refresh_token;
  // The user's part, once there is a server to log in to.
  const auto authorize_once = [&](const ServerPair& servers) -> Result<> {
    if (request.auth != AuthKind::oauth || !refresh_token.empty()) return {};
    const net::HttpOptions http{.stream = {.tls = tls, .waker = waker, .log = environment.log}};
    at = COI_TRY(find_registration(request.oauth, addr, servers.oauth, environment.oauth_clients, http));
    auto tokens = COI_TRY(authorize(request.oauth, at, addr, environment, http));
    options.credential = {std::move(tokens.access), true};
    refresh_token = std::move(tokens.refresh);
    return {};
  };
  Error problem(ErrorKind::not_found, fmt::format("no mail server was found for {}", addr),
                "name them with --imap and --smtp, as the provider's help pages give them");
  const auto found = COI_TRY(candidates(request, addr, from, environment.log, progress));
  for (const auto& servers : found) {
    if (COI_TRY(needs_consent(servers, request, addr))) {
      const auto there = find_there(servers, options);
      if (there) return std::unexpected(stranger(servers, request, addr));
      problem = there.error();
    } else {
      COI_TRY(authorize_once(servers));
      auto config = config_of(request, addr, servers);
      config.oauth = at;
      auto checked = log_in(std::move(config), options, progress);
      if (checked) {
        checked->refresh_token = refresh_token;
        return checked;
      }
      problem = std::move(checked).error();
    }
    if (is_final(problem.kind())) break;
  }
  const bool were_named = request.imap_url && request.smtp_url;
  if (problem.hint().empty())
    return std::unexpected(std::move(problem).with_hint(were_named ? nothing_stored : servers_were_guessed));
  return std::unexpected(std::move(problem));
}

}  // namespace coi::engine

// coi login ADDR
#include <unistd.h>

#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "arguments.h"
#include "ask_person.h"
#include "browser.h"
#include "commands.h"
#include "proto/account.h"
#include "proto/rpc.h"
#include "terminal_mode.h"
#include "text.h"

namespace coi::cli {
namespace {

struct LoginOptions {
  proto::Login params;
  std::string imap, smtp;
  bool password_stdin = false;
  bool keyring = false, secrets_file = false;
  bool oauth = false, device = false;
  proto::OAuthLogin client;
  std::string client_secret_file;
};

Result<Secret> password_of(const LoginOptions& options) {
  if (options.password_stdin) return Secret(first_line(std::cin));
  if (::isatty(STDIN_FILENO) == 0)
    return fail(ErrorKind::invalid, "there is no terminal to ask for the password",
                "hand it over with --password-stdin");
  return Secret(ask_person(fmt::format("Password for {}: ", one_line(options.params.addr)), Typing::hidden));
}

Result<proto::OAuthLogin> oauth_of(const LoginOptions& options) {
  auto client = options.client;
  client.flow = options.device  ? proto::OAuthFlow::device
                : has_display() ? proto::OAuthFlow::browser
                                : proto::OAuthFlow::device_if_offered;
  if (options.client_secret_file == "-") {
    client.client_secret = Secret(first_line(std::cin));
  } else if (!options.client_secret_file.empty()) {
    std::ifstream file(options.client_secret_file);
    client.client_secret = Secret(first_line(file));
    if (!file) return fail(ErrorKind::invalid, fmt::format("cannot read {}", options.client_secret_file));
  }
  return client;
}

// On standard error, whatever standard output is for: whoever logs in has to see it.
void show_page(const proto::LoginStep& step, bool json) {
  if (json) {
    to_stderr(json::encode(step) + "\n");
  } else if (step.code) {
    to_stderr(fmt::format("Open {} on any device and type {}\n", one_line(*step.url), one_line(*step.code)));
  } else {
    to_stderr(fmt::format("Log in on this page, which comes back to this machine:\n{}\n", one_line(*step.url)));
  }
  if (!step.code && has_display()) open_in_browser(*step.url);
}

struct Servers {
  std::string imap, smtp;
};

// One login. `doubtful`: the servers that it was refused for, if it was.
Result<proto::Account> try_login(Shell& shell, const proto::Login& params, std::optional<Servers>& doubtful) {
  auto* client = COI_TRY(shell.client());
  Progress progress("Logging in", !shell.globals().json);
  client->idle = [&] { progress.tick(); };
  client->notice = [&](const proto::RpcMessage& message) {
    if (message.method != proto::login_step_method) return;
    auto step = json::decode<proto::LoginStep>(message.params);
    if (!step) return;
    if (step->url) {
      progress.clear();
      show_page(*step, shell.globals().json);
    }
    if (step->imap && step->smtp) doubtful = {.imap = *step->imap, .smtp = *step->smtp};
    progress.say(std::move(step->step));
  };
  auto account = client->call(params);
  client->idle = nullptr;
  client->notice = nullptr;
  return account;
}

// Asks a person on a terminal; anybody else gets the error, which says how to agree.
bool agrees_to(const Shell& shell, const proto::Login& params, const Servers& servers) {
  return may_ask(shell) &&
         agrees(fmt::format("The mail servers of {} are said to be {} and {}. Send the {} there?",
                            one_line(params.addr.substr(params.addr.rfind('@') + 1)), one_line(servers.imap),
                            one_line(servers.smtp), params.password ? "password" : "token"));
}

Result<> log_in(Shell& shell, LoginOptions options) {
  if (!options.imap.empty()) options.params.imap = options.imap;
  if (!options.smtp.empty()) options.params.smtp = options.smtp;
  if (options.keyring) options.params.secrets = proto::SecretsPlace::keyring;
  if (options.secrets_file) options.params.secrets = proto::SecretsPlace::file;
  if (!options.params.tls_ca.empty()) options.params.tls_ca = std::filesystem::absolute(options.params.tls_ca).string();
  // The daemon would refuse it too, but only after the password was typed.
  const auto at = options.params.addr.rfind('@');
  if (at == std::string::npos || at == 0 || at + 1 == options.params.addr.size())
    return fail(ErrorKind::invalid, fmt::format("{} is no e-mail address", one_line(options.params.addr)),
                "write it as name@example.org");
  if (options.oauth)
    options.params.oauth = COI_TRY(oauth_of(options));
  else if (options.params.token_command.empty())
    options.params.password = COI_TRY(password_of(options));

  std::optional<Servers> doubtful;
  auto account = try_login(shell, options.params, doubtful);
  if (!account && doubtful && agrees_to(shell, options.params, *doubtful)) {
    options.params.imap = doubtful->imap;
    options.params.smtp = doubtful->smtp;
    account = try_login(shell, options.params, doubtful);
  }
  if (!account) return std::unexpected(account.error());
  auto& out = shell.out();
  out.done(fmt::format("{} is logged in", one_line(account->addr)));
  if (out.json()) {
    out.object(*account);
    return {};
  }
  out.line(fmt::format("Logged in as {}.", out.styled(Style::bold, one_line(account->addr))));
  out.line(out.styled(Style::dim, fmt::format("{} · {}", account->imap, account->smtp)));
  const auto place =
      account->secrets == proto::SecretsPlace::keyring ? "in the keyring" : "in a file that only you can read";
  out.line(out.styled(
      Style::dim,
      account->auth == proto::Auth::token_command
          ? std::string("tokens by command")
          : fmt::format("{} {}", account->auth == proto::Auth::oauth ? "refresh token" : "password", place)));
  return {};
}

void add_oauth(CLI::App& command, LoginOptions& options) {
  auto* oauth = command.add_flag("--oauth", options.oauth, "Log in on the provider's page in a browser (OAuth2)")
                    ->excludes("--password-stdin")
                    ->excludes("--token-command");
  command.add_flag("--device", options.device, "The same on another device, with a code to type")->needs(oauth);
  command
      .add_option("--oauth-issuer", options.client.issuer,
                  "Who gives out the tokens, if the address does not tell: https://HOST[/PATH]")
      ->type_name("URL")
      ->needs(oauth);
  command.add_option("--client-id", options.client.client_id, "Under which this program is registered there")
      ->type_name("ID")
      ->needs(oauth);
  command
      .add_option("--client-secret-file", options.client_secret_file,
                  "File whose first line is the client's secret, if it has one; - reads standard input")
      ->type_name("FILE")
      ->needs(oauth);
  command.add_option("--scope", options.client.scope, "What to ask for, such as \"mail offline_access\"")
      ->type_name("WORDS")
      ->needs(oauth);
}

}  // namespace

void add_login(Commands& commands) {
  auto options = std::make_shared<LoginOptions>();
  auto& command = commands.add("login", "Add an account: find and check its servers, keep the password", "Accounts");
  command.add_option("ADDR", options->params.addr, "Your address")->required();
  command.add_option("--name", options->params.name, "Your name, as others see it")->type_name("NAME");
  command
      .add_option("--imap", options->imap,
                  "imaps://HOST[:PORT] or imap://HOST[:PORT] (with STARTTLS) instead of finding it")
      ->type_name("URL");
  command
      .add_option("--smtp", options->smtp,
                  "smtps://HOST[:PORT] or smtp://HOST[:PORT] (with STARTTLS) instead of finding it")
      ->type_name("URL");
  command.add_option("--user", options->params.user, "Login name, if it is not the address")->type_name("NAME");
  command.add_option("--tls-ca", options->params.tls_ca, "File with root certificates beside the system's")
      ->type_name("FILE")
      ->check(existing_file());
  auto* stdin_flag =
      command.add_flag("--password-stdin", options->password_stdin, "Read the password from standard input");
  command
      .add_option("--token-command", options->params.token_command,
                  "Command that prints an OAuth2 access token; run again on expiry")
      ->type_name("CMD")
      ->excludes(stdin_flag);
  add_oauth(command, *options);
  auto* keyring = command.add_flag("--keyring", options->keyring, "Keep the password in the desktop's keyring");
  command.add_flag("--secrets-file", options->secrets_file, "Keep the password in a private file")->excludes(keyring);
  command.footer(
      "A login to an address that is here already changes what it names and keeps the rest.\n"
      "--oauth needs a client id, which you register with the provider once: --client-id, or an entry in "
      "~/.config/coi/oauth.json. Many providers want offline_access in --scope.\n"
      "The command waits as long as the login takes; ctrl-C gives it up.");
  commands.on(command, [options](Shell& shell) { return log_in(shell, *options); });
}

}  // namespace coi::cli

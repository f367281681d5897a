// coi logout, accounts, use
#include <algorithm>

#include <fmt/format.h>

#include "commands.h"
#include "proto/account.h"
#include "text.h"

namespace coi::cli {
namespace {

Result<> log_out(Shell& shell, const std::string& addr) {
  COI_TRY(shell.ask(proto::Logout{.account = addr}, "Logging out"));
  if (!shell.out().json())
    shell.out().line(
        fmt::format("Logged out {}. Nothing of it is left on this device; the mailbox is as it was.", addr));
  return {};
}

Result<> use(Shell& shell, const std::string& addr) {
  const auto account = COI_TRY(shell.ask(proto::UseAccount{.account = addr}));
  if (shell.out().json())
    shell.out().object(account);
  else
    shell.out().line(fmt::format("Commands without --account now mean {}.", account.addr));
  return {};
}

// One whose own file cannot be read is named by its id.
std::string name_of(const proto::Account& account) {
  return one_line(account.addr.empty() ? account.id : account.addr);
}

Result<> list(Shell& shell) {
  const auto accounts = COI_TRY(shell.ask(proto::ListAccounts{})).accounts;
  auto& out = shell.out();
  std::size_t width = 0;
  for (const auto& account : accounts) width = std::max(width, columns(name_of(account)));
  for (const auto& account : accounts) {
    if (out.json()) {
      out.object(account);
      continue;
    }
    const auto note =
        account.problem.empty() ? one_line(account.name) : out.styled(Style::bad, one_line(account.problem));
    const auto text = fmt::format("{} {}  {}", account.used ? "•" : " ", fit(name_of(account), width), note);
    out.line(text.substr(0, text.find_last_not_of(' ') + 1));
  }
  if (accounts.empty() && !out.json()) out.line("There is no account yet. Log in first: coi login name@example.org");
  return {};
}

}  // namespace

void add_account_commands(Commands& commands) {
  auto logout_addr = std::make_shared<std::string>();
  auto& logout = commands.add("logout", "Remove an account from this device; the mailbox stays as it is", "Accounts");
  logout.add_option("ADDR", *logout_addr, "Address of the account")->required();
  commands.on(logout, [logout_addr](Shell& shell) { return log_out(shell, *logout_addr); });

  commands.on(commands.add("accounts", "List the accounts", "Accounts"), list);

  auto use_addr = std::make_shared<std::string>();
  auto& chosen = commands.add("use", "Choose the account that commands mean without --account", "Accounts");
  chosen.add_option("ADDR", *use_addr, "Address of the account")->required();
  commands.on(chosen, [use_addr](Shell& shell) { return use(shell, *use_addr); });
}

}  // namespace coi::cli

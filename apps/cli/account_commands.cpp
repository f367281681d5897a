// coi logout, accounts, use
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ask_person.h"
#include "commands.h"
#include "proto/account.h"
#include "text.h"

namespace coi::cli {
namespace {

// What waits to be sent would be lost.
bool is_wanted(Shell& shell, const std::string& addr) {
  if (!may_ask(shell)) return true;
  const auto status = shell.ask(proto::GetStatus{.account = addr});
  const auto waiting = status ? status->queue.outgoing + status->queue.scheduled : 0;
  return waiting == 0 ||
         agrees(fmt::format("{} to be sent, and would be lost. Log out all the same?",
                            waiting == 1 ? "A message waits" : fmt::format("{} messages wait", waiting)));
}

Result<> log_out(Shell& shell, const std::string& addr) {
  if (!is_wanted(shell, addr)) return fail(ErrorKind::cancelled, fmt::format("{} stays", one_line(addr)));
  COI_TRY(shell.ask(proto::Logout{.account = addr}, "Logging out"));
  shell.out().done(fmt::format("{} is logged out", one_line(addr)));
  if (!shell.out().json())
    shell.out().line(
        fmt::format("Logged out {}. Nothing of it is left on this device; the mailbox is as it was.", addr));
  return {};
}

Result<> repair(Shell& shell, const std::string& addr) {
  const auto done = COI_TRY(shell.ask(proto::RepairAccount{.account = addr}, "Repairing"));
  auto& out = shell.out();
  out.done(fmt::format("the database of {} {}", one_line(done.addr), done.sound ? "is sound" : "is made anew"));
  if (out.json()) {
    out.object(done);
    return {};
  }
  const auto name = one_line(done.addr);
  if (done.sound) {
    out.line(fmt::format("The database of {} is sound; nothing was changed.", name));
    return {};
  }
  out.line(
      fmt::format("{} has a new database with what could be read of the damaged one: {} messages in {} chats, {} "
                  "contacts, {} messages that wait to be sent.",
                  name, done.messages, done.chats, done.contacts, done.waiting));
  if (done.incomplete.empty())
    out.line("All of it could be read.");
  else
    out.line(fmt::format("Not all could be read of: {}. What lies on the server is fetched again now.",
                         fmt::join(done.incomplete, ", ")));
  if (!done.kept.empty()) out.line(fmt::format("The damaged file is kept as {}", one_line(done.kept)));
  return {};
}

Result<> use(Shell& shell, const std::string& addr) {
  const auto account = COI_TRY(shell.ask(proto::UseAccount{.account = addr}));
  shell.out().report(account, fmt::format("Commands without --account now mean {}.", account.addr));
  return {};
}

// One whose own file cannot be read is named by its id.
std::string name_of(const proto::Account& account) {
  return one_line(account.addr.empty() ? account.id : account.addr);
}

Result<> list_accounts(Shell& shell) {
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

  auto repair_addr = std::make_shared<std::string>();
  auto& mend = commands.add("repair", "Make a new database for an account whose own is damaged", "Accounts");
  mend.add_option("ADDR", *repair_addr, "Address of the account")->required();
  mend.footer(
      "The new one gets all that can still be read of the damaged one; what lies on the server is fetched again. The "
      "damaged file is kept beside it. A sound database is left as it is.");
  commands.on(mend, [repair_addr](Shell& shell) { return repair(shell, *repair_addr); });

  commands.on(commands.add("accounts", "List the accounts", "Accounts"), list_accounts);

  auto use_addr = std::make_shared<std::string>();
  auto& chosen = commands.add("use", "Choose the account that commands mean without --account", "Accounts");
  chosen.add_option("ADDR", *use_addr, "Address of the account")->required();
  commands.on(chosen, [use_addr](Shell& shell) { return use(shell, *use_addr); });
}

}  // namespace coi::cli

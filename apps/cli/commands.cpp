#include "commands.h"

#include "arguments.h"

namespace coi::cli {
namespace {

// An option that is given twice means what was said last, so that an alias of the shell can be overruled.
void let_the_last_count(CLI::App& app) {
  for (auto* option : app.get_options())
    if (!option->get_positional() && option->get_items_expected_max() == 1 && !option->get_allow_extra_args() &&
        option->get_multi_option_policy() == CLI::MultiOptionPolicy::Throw)
      option->take_last();
  for (auto* command : app.get_subcommands(nullptr)) let_the_last_count(*command);
}

}  // namespace

Commands::Commands() : root_("Chat over IMAP: the messenger for the mailbox you already have", "coi") {
  root_.set_version_flag("--version", COI_VERSION, "Print the version");
  root_.set_help_flag("-h,--help", "Print this help");
  root_.add_option("--account", account, "Which account (default: the only one, or the one set by coi use)")
      ->type_name("ADDR")
      ->check(not_empty());
  root_.add_option("--data", data, "Data directory (default: $COI_DATA, else $XDG_DATA_HOME/coi)")
      ->type_name("DIR")
      ->check(not_empty());
  root_.add_flag("--json", json, "Print JSON Lines; an error is an object on standard error");
  root_.require_subcommand(1);
  root_.footer(
      "The first command starts coid, which stays to fetch and send mail. It ends with: coi daemon stop. Messages are "
      "ordinary mail; there is no end-to-end encryption yet.");
  add_login(*this);
  add_account_commands(*this);
  add_status(*this);
  add_settings(*this);
  add_chats(*this);
  add_read(*this);
  add_send(*this);
  add_watch(*this);
  add_converse(*this);
  add_search(*this);
  add_message_commands(*this);
  add_letter_commands(*this);
  add_amend_commands(*this);
  add_poll_commands(*this);
  add_timer(*this);
  add_draft(*this);
  add_later_commands(*this);
  add_files(*this);
  add_media(*this);
  add_chat_commands(*this);
  add_folder(*this);
  add_groups(*this);
  add_contacts(*this);
  add_profile(*this);
  add_tools(*this);
  add_shell_support(*this);
  let_the_last_count(root_);
}

CLI::App& Commands::add(const std::string& name, const std::string& description, const std::string& group) {
  auto& command = *root_.add_subcommand(name, description);
  command.group(group);
  command.fallthrough();  // --json and its like may stand behind the command
  command.footer("");     // not the program's
  return command;
}

CLI::App& Commands::add_below(CLI::App& parent, const std::string& name, const std::string& description) {
  auto& command = *parent.add_subcommand(name, description);
  command.fallthrough();
  command.footer("");
  parent.require_subcommand(1);
  return command;
}

void Commands::on(CLI::App& command, Action action, std::function<void()> check) {
  command.callback([this, action = std::move(action), check = std::move(check)] {
    if (check) check();
    chosen = action;
  });
}

}  // namespace coi::cli

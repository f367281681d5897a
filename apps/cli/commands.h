// The command line as one tree of CLI11: help, completion and man pages come from it.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "shell.h"

namespace coi::cli {

using Action = std::function<Result<>(Shell&)>;

// The tree while it is built and parsed; afterwards, what the user chose.
class Commands {
 public:
  Commands();

  CLI::App& root() { return root_; }
  const CLI::App& root() const { return root_; }
  // A subcommand of the root or of another one. `group`: the heading in the help; empty hides it.
  CLI::App& add(const std::string& name, const std::string& description, const std::string& group);
  CLI::App& add_below(CLI::App& parent, const std::string& name, const std::string& description);
  // What the subcommand does when it was chosen.
  // `check` throws a CLI::ParseError for what the rules of single options cannot say.
  void on(CLI::App& command, Action action, std::function<void()> check = {});

  std::string account, data;
  bool json = false;
  std::optional<std::string> help_for;  // coi help: the command, or empty for the program
  Action chosen;                        // empty: only help was asked for

 private:
  CLI::App root_;
};

// Each adds its commands; options live as long as the action that uses them.
void add_login(Commands& commands);
void add_account_commands(Commands& commands);
void add_status(Commands& commands);
void add_settings(Commands& commands);
void add_chats(Commands& commands);
void add_read(Commands& commands);
void add_send(Commands& commands);
void add_watch(Commands& commands);
void add_converse(Commands& commands);
void add_chat_commands(Commands& commands);
void add_groups(Commands& commands);
void add_contacts(Commands& commands);
void add_profile(Commands& commands);
void add_search(Commands& commands);
void add_message_commands(Commands& commands);
void add_letter_commands(Commands& commands);
void add_amend_commands(Commands& commands);
void add_poll_commands(Commands& commands);
void add_timer(Commands& commands);
void add_draft(Commands& commands);
void add_folder(Commands& commands);
void add_later_commands(Commands& commands);
void add_files(Commands& commands);
void add_media(Commands& commands);
void add_tools(Commands& commands);
void add_shell_support(Commands& commands);

}  // namespace coi::cli

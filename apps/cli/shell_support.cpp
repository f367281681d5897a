// coi completion, man
#include "arguments.h"
#include "commands.h"
#include "completion.h"

namespace coi::cli {
namespace {

// "contact set"
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

void add_shell_support(Commands& commands) {
  const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  auto shell = std::make_shared<std::string>();
  auto& completion = commands.add("completion", "Print a completion script: bash, zsh or fish", "Programs");
  completion.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->type_name(choice_words(shells))
      ->check(one_of(shells));
  commands.on(completion, [shell, &commands](Shell& used) -> Result<> {
    used.out().raw(completion_script(describe(commands), *shell));
    return {};
  });

  auto topic = std::make_shared<std::vector<std::string>>();
  auto& help = commands.add("help", "Say how a command is used, as its --help does", "Programs");
  take_words(help.add_option("COMMAND", *topic, "A command (default: coi itself)"));
  help.callback([topic, &commands] { commands.help_for = joined(*topic); });

  auto words = std::make_shared<std::vector<std::string>>();
  auto& man = commands.add("man", "Print a man page: coi man | man -l -", "Programs");
  man.add_option("COMMAND", *words, "A command (default: coi itself)");
  commands.on(man, [words, &commands](Shell& used) -> Result<> {
    used.out().raw(COI_TRY(man_page(describe(commands), joined(*words), commands.root().version())));
    return {};
  });
}

}  // namespace coi::cli

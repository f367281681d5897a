// coi: the command line (CLI.md, docs/cli.md). Every command asks the daemon and prints its answer.
#include <algorithm>
#include <clocale>

#include "commands.h"
#include "proto/location.h"

namespace coi::cli {
namespace {

// Asked before the command line is understood: how to say that it is not.
bool wants_json(int count, char** words) {
  return std::any_of(words, words + count, [](const char* word) { return std::string_view(word) == "--json"; });
}

Result<Globals> globals_of(const Commands& commands) {
  Globals globals{.account = commands.account, .json = commands.json, .data = commands.data};
  if (globals.data.empty()) globals.data = COI_TRY(proto::default_data_directory());
  globals.data = std::filesystem::absolute(globals.data);
  return globals;
}

Result<> run(const Commands& commands) {
  Shell shell(COI_TRY(globals_of(commands)));
  return commands.chosen(shell);
}

int refuse_usage(const Commands& commands, const CLI::ParseError& error, bool json) {
  // CLI11 misses the command before it looks at the word that is none.
  const auto unknown = commands.root().remaining();
  const auto text =
      unknown.empty() ? std::string(error.what()) : fmt::format("there is no command {}", unknown.front());
  print_error(Error(ErrorKind::invalid, text, "coi --help lists the commands"), json);
  return usage_exit;
}

}  // namespace
}  // namespace coi::cli

int main(int count, char** words) {
  using namespace coi::cli;
  std::setlocale(LC_CTYPE, "C.UTF-8");  // for the width of characters; we speak UTF-8 whatever the locale
  Commands commands;
  try {
    commands.root().parse(count, words);
  } catch (const CLI::Success& help) {
    return commands.root().exit(help);
  } catch (const CLI::ParseError& error) {
    return refuse_usage(commands, error, wants_json(count, words));
  }
  const auto done = run(commands);
  if (done) return 0;
  print_error(done.error(), commands.json);
  return exit_code(done.error().kind());
}

// coi: the command line (CLI.md, docs/cli.md). Every command asks the daemon and prints its answer.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <csignal>

#include "commands.h"
#include "help.h"
#include "proto/location.h"

namespace coi::cli {
namespace {

// Asked before the command line is understood: how to say that it is not.
bool wants_json(int count, char** words) {
  return std::any_of(words, words + count, [](const char* word) { return std::string_view(word) == "--json"; });
}

Result<Globals> globals_of(const Commands& commands) {
  return Globals{
      .account = commands.account, .json = commands.json, .data = COI_TRY(proto::data_directory(commands.data))};
}

Result<> run(const Commands& commands) {
  Shell shell(COI_TRY(globals_of(commands)));
  COI_TRY(commands.chosen(shell));
  return shell.out().complete();
}

Result<> print_help(const Commands& commands, const std::string& name) {
  constexpr std::size_t most_readable = 100, usual = 80;
  Output out(commands.json);
  const auto width = out.width() == 0 ? usual : std::min(out.width(), most_readable);
  const auto text = help_text(describe(commands, Which::all), name, width);
  if (out.json())
    out.line(json::print(json::Object{{"help", text}}));
  else
    out.raw(text);
  return out.complete();
}

Result<> print_version(const Commands& commands) {
  Output out(commands.json);
  if (out.json())
    out.line(json::print(json::Object{{"version", commands.root().version()}}));
  else
    out.line("coi " + commands.root().version());
  return out.complete();
}

// A standard stream that the parent closed would be the number of the next file opened, the daemon's socket say.
// Reading and writing it fails instead.
void occupy_standard_streams() {
  for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(number, F_GETFD) < 0)
      static_cast<void>(::open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

int outcome(const Result<>& done, bool json) {
  if (done) return 0;
  print_error(done.error(), json);
  return exit_code(done.error().kind());
}

int run_program(int count, char** words) {
  Commands commands;
  try {
    commands.root().parse(count, words);
  } catch (const CLI::CallForHelp&) {
    commands.json = wants_json(count, words);  // it may not have been read yet
    if (const auto unknown = unknown_command(commands.root())) {
      print_error(*unknown, commands.json);
      return usage_exit;
    }
    return outcome(print_help(commands, named_command(commands.root())), commands.json);
  } catch (const CLI::Success&) {
    commands.json = wants_json(count, words);
    return outcome(print_version(commands), commands.json);
  } catch (const CLI::ParseError& error) {
    if (error.get_name() == "RequiredError" && is_bare(commands.root()) && !wants_json(count, words))
      return outcome(print_help(commands, {}), false);
    print_error(usage_error(commands.root(), error), wants_json(count, words));
    return usage_exit;
  }
  if (commands.help_for) {
    const auto unknown = unknown_command(commands.root(), *commands.help_for);
    if (!unknown) return outcome(print_help(commands, *commands.help_for), commands.json);
    print_error(*unknown, commands.json);
    return usage_exit;
  }
  return outcome(run(commands), commands.json);
}

// What nobody expected, such as memory that ran out, is said too; it may have to be said without any.
int fail_unexpectedly(const char* what, bool json) {
  try {
    print_error({ErrorKind::internal, what, "this is a fault of coi"}, json);
  } catch (const std::exception&) {
    to_stderr("coi: there is no memory left\n");
  }
  return exit_code(ErrorKind::internal);
}

}  // namespace
}  // namespace coi::cli

int main(int count, char** words) {
  using namespace coi::cli;
  try {
    occupy_standard_streams();
    std::signal(SIGPIPE, SIG_DFL);        // `coi read bob | head` ends in silence, whatever the parent ignored
    std::setlocale(LC_CTYPE, "C.UTF-8");  // for the width of characters; we speak UTF-8 whatever the locale
    return run_program(count, words);
  } catch (const std::exception& error) {
    return fail_unexpectedly(error.what(), wants_json(count, words));
  }
}

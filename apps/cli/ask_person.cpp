#include "ask_person.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "terminal_mode.h"
#include "text.h"

namespace coi::cli {
namespace {

void hide_typing(termios& settings) { settings.c_lflag &= ~static_cast<tcflag_t>(ECHO); }
void show_typing(termios&) {}

}  // namespace

bool may_ask(const Shell& shell) {
  return !shell.globals().json && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
}

std::string ask_person(std::string_view question, Typing typing) {
  // Asks as its greeting: when typing is hidden already, and anew behind a stop, which loses what was typed.
  const TerminalMode mode(typing == Typing::hidden ? hide_typing : show_typing,
                          {.descriptor = STDERR_FILENO, .greeting = question, .farewell = {}});
  auto answer = first_line(std::cin);
  // Neither what is hidden nor ctrl-D ends the line on the terminal.
  if (typing == Typing::hidden || std::cin.eof()) to_stderr("\n");
  return answer;
}

bool agrees(std::string_view question) {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0;
  // With room for the answer.
  constexpr std::size_t for_the_answer = 5;
  const std::size_t width = is_known && size.ws_col > 4 * for_the_answer ? size.ws_col - for_the_answer : 0;
  const auto lines = wrap(fmt::format("{} [y/N]", question), width);
  const auto answer = ascii_lower(ask_person(fmt::format("{} ", fmt::join(lines, "\n"))));
  const auto said = ascii_trim(answer);
  return said == "y" || said == "yes";
}

std::string first_line(std::istream& stream) {
  std::string line;
  std::getline(stream, line);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace coi::cli

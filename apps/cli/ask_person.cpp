#include "ask_person.h"

#include <unistd.h>

#include <iostream>
#include <optional>

#include <fmt/format.h>

#include "base/ascii.h"
#include "terminal_mode.h"

namespace coi::cli {
namespace {

void hide_typing(termios& settings) { settings.c_lflag &= ~static_cast<tcflag_t>(ECHO); }

}  // namespace

bool may_ask(const Shell& shell) {
  return !shell.globals().json && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
}

std::string ask_person(std::string_view question, Typing typing) {
  std::optional<TerminalMode> silent;
  if (typing == Typing::hidden) silent.emplace(hide_typing);  // before anybody is asked to type
  fmt::print(stderr, "{}", question);
  auto answer = first_line(std::cin);
  // Neither what is hidden nor ctrl-D ends the line on the terminal.
  if (typing == Typing::hidden || std::cin.eof()) fmt::print(stderr, "\n");
  return answer;
}

bool agrees(std::string_view question) {
  const auto answer = ascii_lower(ask_person(fmt::format("{} [y/N] ", question)));
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

#include "ask_person.h"

#include <unistd.h>

#include <iostream>

#include <fmt/format.h>

namespace coi::cli {

bool may_ask(const Shell& shell) {
  return !shell.globals().json && ::isatty(STDIN_FILENO) != 0 && ::isatty(STDERR_FILENO) != 0;
}

bool agrees(std::string_view question) {
  fmt::print(stderr, "{} [y/N] ", question);
  std::string answer;
  std::getline(std::cin, answer);
  if (answer.ends_with('\r')) answer.pop_back();
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace coi::cli

// Questions to whoever sits at the terminal, on standard error. Nobody is asked with --json, or where there is no
// terminal.
#pragma once

#include <cstdint>
#include <istream>
#include <string>
#include <string_view>

#include "shell.h"

namespace coi::cli {

bool may_ask(const Shell& shell);
enum class Typing : std::uint8_t { shown, hidden };
// The question, and the line of standard input that answers it; empty where that ends. `question` ends in a blank.
std::string ask_person(std::string_view question, Typing typing = Typing::shown);
// "… [y/N] ": false for all but "y" and "yes", in any case.
bool agrees(std::string_view question);

// The first line of a stream, without its end; empty where there is none.
std::string first_line(std::istream& stream);

}  // namespace coi::cli

// Questions to whoever sits at the terminal, on standard error. Nobody is asked with --json, or where there is no
// terminal.
#pragma once

#include <string_view>

#include "shell.h"

namespace coi::cli {

bool may_ask(const Shell& shell);
// "… [y/N] ": false for all but a yes.
bool agrees(std::string_view question);

}  // namespace coi::cli

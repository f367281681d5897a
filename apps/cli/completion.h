// Completion scripts for three shells, and man pages: made from the tree of commands.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "command_tree.h"

namespace coi::cli {

// What the scripts ask `coi completions` for.
const std::vector<std::string>& askable();
// `shell`: bash, zsh or fish.
std::string completion_script(const std::vector<CommandDoc>& commands, std::string_view shell);
// Of the command with that name, or of the program when it is empty; troff. Error: not_found.
Result<std::string> man_page(const std::vector<CommandDoc>& commands, const std::string& name,
                             std::string_view version);

}  // namespace coi::cli

// The help of --help, and what is said to a person who used a command wrongly.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "command_tree.h"

namespace coi::cli {

// The command that was named, as far as words made one: "contact set"; empty for the program.
std::string named_command(const CLI::App& root);
// Help of that command in lines of at most `width` columns, where words allow.
std::string help_text(const std::vector<CommandDoc>& commands, const std::string& name, std::size_t width);
// The first word that is no option stands where a command should, and is none. Error: invalid.
std::optional<Error> unknown_command(const CLI::App& root);
// The same of the words that `coi help` was given: "contact set".
std::optional<Error> unknown_command(const CLI::App& root, const std::string& name);
// Nothing was said but options: no command, and no other word.
bool is_bare(const CLI::App& root);
// What was wrong, in one clause, with a hint to the help that says it right.
Error usage_error(const CLI::App& root, const CLI::ParseError& error);

}  // namespace coi::cli

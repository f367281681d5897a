// The tree of commands as plain values, for what is made from it: completion and man pages.
#pragma once

#include <string>
#include <vector>

#include "commands.h"

namespace coi::cli {

struct OptionDoc {
  std::string name;                  // "--file"; a positional's "CHAT"
  std::string short_name;            // "-h", or empty
  std::string value;                 // "FILE"; empty for a flag
  std::vector<std::string> choices;  // the only words it takes; empty: any
  std::string description;
  bool positional = false;
  bool required = false;
  bool repeats = false;
};

struct CommandDoc {
  std::vector<std::string> path;  // {"contact", "set"}; empty for the program itself
  std::string description;
  std::string group;
  std::vector<std::string> notes;  // paragraphs below the options
  std::vector<OptionDoc> options;  // positionals in their order, then the others
  std::vector<std::string> below;  // names of its subcommands

  std::string name() const;   // "contact set"
  std::string usage() const;  // "coi send [options] CHAT [TEXT...]"
  bool is_below(const CommandDoc& parent) const;
  std::vector<OptionDoc> shared_options() const;  // the program's, as far as they belong to each command too
};

// The program first, then every command that the help lists, or all of them, depth first.
enum class Which { listed, all };
std::vector<CommandDoc> describe(const Commands& commands, Which which = Which::listed);

}  // namespace coi::cli

// Man pages in the man macros of troff (man(7)).
#include <algorithm>

#include "completion.h"

namespace coi::cli {
namespace {

// Text that troff prints as it is: "-" as a hyphen to be copied, no line that begins with a control character.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c == ' ' ? '-' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return text;
}

std::string synopsis(const CommandDoc& command) {
  std::string out = fmt::format(".B coi{}\n", command.path.empty() ? "" : " " + escaped(command.name()));
  if (!command.below.empty()) out += ".RI [ options ]\n.I COMMAND\n";
  for (const auto& option : command.options) {
    if (!option.positional) continue;
    out += option.required ? fmt::format(".I {}{}\n", option.name, option.repeats ? " ..." : "")
                           : fmt::format(".RI [ {}{} ]\n", option.name, option.repeats ? "\\ ..." : "");
  }
  if (command.below.empty()) out += ".RI [ options ]\n";
  return out;
}

void add_options(std::string& out, const CommandDoc& command, bool positional) {
  for (const auto& option : command.options) {
    if (option.positional != positional) continue;
    out += ".TP\n";
    if (positional)
      out += fmt::format(".I {}\n", option.name);
    else
      out +=
          fmt::format(".BR {}{}{}\n", option.short_name.empty() ? "" : escaped(option.short_name) + " \", \" ",
                      escaped(option.name), option.value.empty() ? "" : fmt::format(" \" \\fI{}\\fR\"", option.value));
    out += escaped(option.description) + "\n";
  }
}

void add_commands(std::string& out, const std::vector<CommandDoc>& commands, const CommandDoc& parent) {
  out += ".SH COMMANDS\n";
  std::string group;
  for (const auto& command : commands) {
    if (command.path.size() != parent.path.size() + 1 ||
        !std::equal(parent.path.begin(), parent.path.end(), command.path.begin()))
      continue;
    if (parent.path.empty() && command.group != group) out += fmt::format(".SS {}\n", group = command.group);
    out += fmt::format(".TP\n.B {}\n{}\n", escaped(command.name()), escaped(command.description));
  }
}

constexpr std::string_view exits = R"(.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 1
refused: bad input, unknown chat, not allowed
.TP
.B 2
wrong usage
.TP
.B 3
the network, or the server behind it
.TP
.B 4
login rejected
.TP
.B 5
encryption impossible
.TP
.B 70
a mistake of the program
)";

constexpr std::string_view surroundings = R"(.SH ENVIRONMENT
.TP
.B COI_DATA
The data directory.
.TP
.B XDG_DATA_HOME
Its
.I coi
is the data directory without COI_DATA; without both it is
.IR ~/.local/share/coi .
.TP
.B NO_COLOR
No colour, if it is set to anything.
)";

}  // namespace

Result<std::string> man_page(const std::vector<CommandDoc>& commands, const std::string& name,
                             std::string_view version) {
  const auto found = std::ranges::find(commands, name, &CommandDoc::name);
  if (found == commands.end())
    return fail(ErrorKind::not_found, fmt::format("there is no command {}", name), "coi --help lists them");
  const auto& command = *found;
  const bool is_program = command.path.empty();
  const auto title = is_program ? std::string("coi") : "coi-" + command.name();
  std::string page =
      fmt::format(".TH {} 1 \"\" \"coi {}\" \"Chat over IMAP\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}", upper(title),
                  version, escaped(title), escaped(command.description), synopsis(command));
  const auto has = [&](bool positional) {
    return std::ranges::any_of(command.options, [&](const auto& option) { return option.positional == positional; });
  };
  if (has(true)) {
    page += ".SH ARGUMENTS\n";
    add_options(page, command, true);
  }
  if (!command.below.empty()) add_commands(page, commands, command);
  page += ".SH OPTIONS\n";
  add_options(page, command, false);
  if (!is_program) {
    auto everywhere = commands.front();
    std::erase_if(everywhere.options,
                  [](const auto& option) { return option.name == "--help" || option.name == "--version"; });
    add_options(page, everywhere, false);
  }
  page += exits;
  if (is_program) page += surroundings;
  page += is_program ? ".SH SEE ALSO\n.BR coid (1)\n" : ".SH SEE ALSO\n.BR coi (1)\n";
  return page;
}

}  // namespace coi::cli

// Man pages in the man macros of troff (man(7)).
#include <algorithm>

#include <fmt/format.h>

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

// "contact-set": what the page is called.
std::string file_word(std::string name) {
  std::ranges::replace(name, ' ', '-');
  return name;
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

std::string synopsis(const CommandDoc& command) {
  std::string out =
      fmt::format(".B coi{}\n.RI [ options ]\n", command.path.empty() ? "" : " " + escaped(command.name()));
  if (!command.below.empty()) out += ".I COMMAND\n";
  for (const auto& option : command.options) {
    if (!option.positional) continue;
    out += option.required ? fmt::format(".I {}{}\n", option.name, option.repeats ? " ..." : "")
                           : fmt::format(".RI [ {}{} ]\n", option.name, option.repeats ? "\\ ..." : "");
  }
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
    if (!command.is_below(parent)) continue;
    if (parent.path.empty() && command.group != group) out += fmt::format(".SS {}\n", group = command.group);
    out += fmt::format(".TP\n.B {}\n{}\n", escaped(command.name()), escaped(command.description));
  }
}

// The pages around this one: of the program those of its commands, of a command the program's.
std::string see_also(const std::vector<CommandDoc>& commands, const CommandDoc& command) {
  std::vector<std::string> pages;
  if (!command.path.empty()) pages.emplace_back("coi");
  for (const auto& below : commands)
    if (below.below.empty() && (command.path.empty() ? !below.path.empty() : below.is_below(command)))
      pages.push_back("coi-" + file_word(below.name()));
  std::string out = ".SH SEE ALSO\n";
  for (std::size_t i = 0; i < pages.size(); ++i)
    out += fmt::format(".BR {} (1){}\n", escaped(pages[i]), i + 1 < pages.size() ? "," : "");
  return out;
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

constexpr std::string_view surroundings = R"(.SH FILES
.TP
.I ~/.local/share/coi
Everything of the accounts: messages, files, and passwords where no keyring runs; readable by you alone.
.TP
.I coid.log
In it: what the daemon did. No message text, and no secret.
.SH EXAMPLES
.TP
.B coi login you@example.org
Finds the servers and asks for the password.
.TP
.B coi send friend@example.net \(dqHello!\(dq
Sends a message; a chat begins with the first one.
.TP
.B date | coi send friend \-
Sends what another program says.
.TP
.B coi \-\-json read friend \-\-last 1 | jq \-r .text
The last message, for a script.
.SH ENVIRONMENT
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
.B XDG_CONFIG_HOME
Its
.I coi/oauth.json
lists OAuth2 clients for \-\-oauth; without it,
.IR ~/.config/coi/oauth.json .
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
  const auto title = is_program ? std::string("coi") : "coi-" + file_word(command.name());
  std::string page =
      fmt::format(".TH {} 1 \"\" \"coi {}\" \"Chat over IMAP\"\n.nh\n.ad l\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}",
                  upper(title), version, escaped(title), escaped(command.description), synopsis(command));
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
    page += ".SH OPTIONS OF EVERY COMMAND\n";
    add_options(page, {.options = commands.front().shared_options()}, false);
  }
  if (!command.notes.empty()) page += ".SH NOTES\n";
  for (const auto& note : command.notes) page += ".PP\n" + escaped(note) + "\n";
  page += exits;
  if (is_program) page += surroundings;
  page += see_also(commands, command);
  return page;
}

}  // namespace coi::cli

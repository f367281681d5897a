#include "help.h"

#include <algorithm>

#include <fmt/format.h>

#include "nearest.h"
#include "text.h"

namespace coi::cli {
namespace {

constexpr std::size_t indent = 2, widest_entry = 22, gap = 2;

// A name and what it means; a long name has a line of its own.
class Table {
 public:
  explicit Table(std::size_t width) : width_(width) {}

  void heading(const std::string& text) { rows_.push_back({.name = text, .meaning = {}, .is_heading = true}); }
  void row(std::string name, std::string meaning) { rows_.push_back({std::move(name), std::move(meaning)}); }

  std::string text() const {
    std::size_t names = 0;
    const auto widest = std::min(widest_entry, width_ / 3);
    for (const auto& row : rows_)
      if (!row.is_heading && columns(row.name) <= widest) names = std::max(names, columns(row.name));
    const auto left = indent + names + gap;
    const auto room = width_ > left + 20 ? width_ - left : 20;
    std::string out;
    for (const auto& row : rows_) {
      if (row.is_heading) {
        out += fmt::format("\n{}:\n", row.name);
        continue;
      }
      const bool fits = columns(row.name) <= names;
      auto head = std::string(indent, ' ') + (fits ? fit(row.name, names) + std::string(gap, ' ') : row.name);
      if (!fits) out += head + "\n";
      for (const auto& line : wrap(row.meaning, room)) {
        out += (fits && !head.empty() ? head : std::string(left, ' ')) + line + "\n";
        head.clear();
      }
    }
    return out;
  }

 private:
  struct Row {
    std::string name, meaning;
    bool is_heading = false;
  };
  std::size_t width_;
  std::vector<Row> rows_;
};

std::string option_name(const OptionDoc& option) {
  return (option.short_name.empty() ? "" : option.short_name + ", ") + option.name +
         (option.value.empty() ? "" : " " + option.value);
}

void add_options(Table& table, const CommandDoc& command, bool positional) {
  for (const auto& option : command.options)
    if (option.positional == positional) table.row(positional ? option.name : option_name(option), option.description);
}

void add_commands(Table& table, const std::vector<CommandDoc>& commands, const CommandDoc& parent) {
  std::string group;
  if (!parent.path.empty()) table.heading("Commands");
  for (const auto& command : commands) {
    if (!command.is_below(parent)) continue;
    if (command.group.empty() && parent.path.empty()) continue;
    if (parent.path.empty() && command.group != group) table.heading(group = command.group);
    table.row(command.path.back(), command.description);
  }
}

bool has(const CommandDoc& command, bool positional) {
  return std::ranges::any_of(command.options, [&](const auto& option) { return option.positional == positional; });
}

}  // namespace

std::string named_command(const CLI::App& root) {
  std::string name;
  for (auto below = root.get_subcommands(); !below.empty(); below = below.front()->get_subcommands())
    name += (name.empty() ? "" : " ") + below.front()->get_name();
  return name;
}

std::string help_text(const std::vector<CommandDoc>& commands, const std::string& name, std::size_t width) {
  const auto found = std::ranges::find(commands, name, &CommandDoc::name);
  const auto& command = found == commands.end() ? commands.front() : *found;
  const bool is_program = command.path.empty();
  std::string text;
  for (const auto& line : wrap(command.description, width)) text += line + "\n";
  text += fmt::format("\nUsage: {}\n", command.usage());
  Table table(width);
  if (has(command, true)) {
    table.heading("Arguments");
    add_options(table, command, true);
  }
  if (!command.below.empty()) add_commands(table, commands, command);
  table.heading("Options");
  add_options(table, command, false);
  if (!is_program) {
    table.heading("Options of every command");
    for (const auto& option : commands.front().shared_options()) table.row(option_name(option), option.description);
  }
  text += table.text();
  for (const auto& note : command.notes) {
    text += "\n";
    for (const auto& line : wrap(note, width)) text += line + "\n";
  }
  if (is_program) text += "\ncoi COMMAND --help says more of each. Begin with: coi login you@example.org\n";
  return text;
}

namespace {

// "did you mean chats? "
std::string guess(std::string_view word, const std::vector<std::string>& words) {
  const auto meant = nearest(word, words);
  return meant && *meant != word ? fmt::format("did you mean {}? ", *meant) : "";
}

const CLI::App& chosen_command(const CLI::App& root) {
  const auto* command = &root;
  for (auto below = root.get_subcommands(); !below.empty(); below = below.front()->get_subcommands())
    command = below.front();
  return *command;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(command->get_name());
  return names;
}

// What is no part of any command or option, as it was written.
std::vector<std::string> words_left(const CLI::App& root) {
  auto left = root.remaining(true);
  std::erase(left, "--");
  return left;
}

Error no_command(const CLI::App& command, const std::string& path, const std::string& word) {
  const std::string space = path.empty() ? "" : " ";
  return {ErrorKind::invalid, fmt::format("there is no command {}{}{}", path, space, one_line(word)),
          fmt::format("{}coi {}{}--help lists the commands", guess(word, commands_of(command)), path, space)};
}

std::vector<std::string> options_of(const CLI::App& root, const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* app : {&root, &command})
    for (const auto* option : app->get_options())
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

}  // namespace

bool is_bare(const CLI::App& root) { return root.get_subcommands().empty() && words_left(root).empty(); }

std::optional<Error> unknown_command(const CLI::App& root) {
  const auto left = words_left(root);
  const auto word = std::ranges::find_if_not(left, [](const auto& one) { return one.starts_with('-'); });
  const auto& command = chosen_command(root);
  if (commands_of(command).empty() || word == left.end()) return std::nullopt;
  return no_command(command, named_command(root), *word);
}

std::optional<Error> unknown_command(const CLI::App& root, const std::string& name) {
  const auto* command = &root;
  std::string path;
  for (const auto& word : name.empty() ? std::vector<std::string>() : CLI::detail::split(name, ' ')) {
    const auto below = command->get_subcommands([&](const CLI::App* one) { return one->get_name() == word; });
    if (below.empty()) return no_command(*command, path, word);
    command = below.front();
    path += (path.empty() ? "" : " ") + word;
  }
  return std::nullopt;
}

Error usage_error(const CLI::App& root, const CLI::ParseError& error) {
  const auto command = named_command(root);
  const auto help = fmt::format("coi {}{}--help", command, command.empty() ? "" : " ");
  const auto wrong = [&](std::string text, std::string_view hint, const std::string& meant = {}) {
    return Error(ErrorKind::invalid, std::move(text), fmt::format("{}{} {}", meant, help, hint));
  };
  const std::string said = error.what();
  const bool lacks_command = said.find("subcommand") != std::string::npos;
  // CLI11 tells what is missing before what is too much; people look for what they wrote.
  const auto left = words_left(root);
  const auto option = std::ranges::find_if(left, [](const auto& word) { return word.starts_with('-'); });
  if (option != left.end())
    return wrong(fmt::format("there is no option {}", one_line(*option)), "lists them; after -- every word is text",
                 guess(option->substr(0, option->find('=')), options_of(root, chosen_command(root))));
  if (lacks_command && left.empty()) return wrong("a command is missing", "lists them");
  if (auto unknown = unknown_command(root)) return *std::move(unknown);
  if (!left.empty()) return wrong(fmt::format("\"{}\" is one word too many", one_line(left.front())), "says how");
  if (error.get_name() == "ArgumentMismatch")
    return wrong(said.substr(0, said.find(':')) + " needs a value", "says which");
  // "Could not convert: --most = x": CLI11's words for what is no number.
  constexpr std::string_view unread = "Could not convert: ", is = " = ";
  if (const auto at = said.find(is); said.starts_with(unread) && at != std::string::npos)
    return wrong(fmt::format("{}: {} is no number that it takes", said.substr(unread.size(), at - unread.size()),
                             one_line(said.substr(at + is.size()))),
                 "says which");
  return wrong(said, "says how");
}

}  // namespace coi::cli

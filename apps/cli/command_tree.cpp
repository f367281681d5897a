#include "command_tree.h"

#include <algorithm>

namespace coi::cli {
namespace {

OptionDoc describe_option(const CLI::Option& option) {
  OptionDoc doc{.description = option.get_description(),
                .positional = option.get_positional(),
                .required = option.get_required()};
  const bool takes_value = option.get_items_expected_max() > 0;
  doc.repeats = option.get_items_expected_max() > 1;
  if (const auto words = option.get_type_name(); words.contains('|')) doc.choices = CLI::detail::split(words, '|');
  if (doc.positional) {
    doc.name = option.get_name(true);
    return doc;
  }
  doc.name = "--" + option.get_lnames().front();
  if (!option.get_snames().empty()) doc.short_name = "-" + option.get_snames().front();
  if (takes_value) doc.value = option.get_type_name();
  return doc;
}

void walk(const CLI::App& app, Which which, std::vector<std::string> path, std::vector<CommandDoc>& out) {
  CommandDoc doc{.path = std::move(path), .description = app.get_description(), .group = app.get_group()};
  if (!app.get_footer().empty()) doc.notes = CLI::detail::split(app.get_footer(), '\n');
  for (const bool positional : {true, false})
    for (const auto* option : app.get_options())
      if (option->get_positional() == positional && !option->get_group().empty())
        doc.options.push_back(describe_option(*option));
  const auto shown = app.get_subcommands(
      [which](const CLI::App* command) { return which == Which::all || !command->get_group().empty(); });
  for (const auto* command : shown) doc.below.push_back(command->get_name());
  auto own_path = doc.path;
  out.push_back(std::move(doc));
  for (const auto* command : shown) {
    auto below = own_path;
    below.push_back(command->get_name());
    walk(*command, which, std::move(below), out);
  }
}

}  // namespace

std::string CommandDoc::name() const {
  std::string text;
  for (const auto& word : path) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string CommandDoc::usage() const {
  std::string text = "coi" + (path.empty() ? "" : " " + name()) + " [options]";
  if (!below.empty()) text += " COMMAND";
  for (const auto& option : options) {
    if (!option.positional) continue;
    const auto word = option.name + (option.repeats ? "..." : "");
    text += option.required ? " " + word : " [" + word + "]";
  }
  return text;
}

bool CommandDoc::is_below(const CommandDoc& parent) const {
  return path.size() == parent.path.size() + 1 && std::equal(parent.path.begin(), parent.path.end(), path.begin());
}

std::vector<OptionDoc> CommandDoc::shared_options() const {
  auto shared = options;
  std::erase_if(shared, [](const auto& option) { return option.name == "--help" || option.name == "--version"; });
  return shared;
}

std::vector<CommandDoc> describe(const Commands& commands, Which which) {
  std::vector<CommandDoc> all;
  walk(commands.root(), which, {}, all);
  return all;
}

}  // namespace coi::cli

// coi folder
#include "folders.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "commands.h"
#include "proto/chat.h"
#include "proto/folder.h"
#include "text.h"

namespace coi::cli {
namespace {

struct FolderOptions {
  std::string chat;
  std::vector<std::string> names;
  bool remove = false;
};

std::string sentence(const proto::Chat& chat) {
  if (chat.folders.empty()) return fmt::format("{} is in no folder.", one_line(chat.name));
  std::vector<std::string> names;
  for (const auto& folder : chat.folders) names.push_back(one_line(folder));
  return fmt::format("{} is in {}.", one_line(chat.name), fmt::join(names, ", "));
}

Result<> folder(Shell& shell, const FolderOptions& options) {
  auto chat = COI_TRY(shell.ask(proto::GetChat{.chat = {options.chat}})).chat;
  if (options.names.empty()) {
    shell.out().show(chat, sentence(chat));
    return {};
  }
  auto folders = chat.folders;
  for (const auto& written : options.names) {
    const auto name = COI_TRY(known_folder(shell, written));
    // Two that are new may differ by case alone, as may what another device wrote.
    const auto there = std::ranges::find_if(folders, [&](const std::string& one) { return ascii_iequal(one, name); });
    if (options.remove) {
      if (there == folders.end())
        return fail(ErrorKind::not_found, fmt::format("{} is not in a folder {}", one_line(chat.name), one_line(name)),
                    sentence(chat));
      folders.erase(there);
    } else if (there == folders.end()) {
      folders.push_back(name);
    }
  }
  chat = COI_TRY(shell.ask(proto::SetFolders{.chat = {options.chat}, .folders = folders})).chat;
  shell.out().report(chat, sentence(chat));
  return {};
}

}  // namespace

Result<std::string> known_folder(Shell& shell, const std::string& written) {
  const auto name = ascii_single_spaced(written);  // as the engine keeps them
  for (const auto& known : COI_TRY(shell.ask(proto::ListFolders{})).folders)
    if (ascii_iequal(known.name, name)) return known.name;
  return name;
}

void add_folder(Commands& commands) {
  auto options = std::make_shared<FolderOptions>();
  auto& command = commands.add("folder", "Sort a chat into folders, or show in which it is", "Chats");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  auto* names = command.add_option("FOLDER", options->names, "Into which it goes too; one that is new is made");
  command.add_flag("--remove", options->remove, "Take it out of these")->needs(names);
  commands.on(command, [options](Shell& shell) { return folder(shell, *options); });
}

}  // namespace coi::cli

// coi group create, add, remove, leave, rename, describe, picture, members
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "commands.h"
#include "message_view.h"
#include "proto/group.h"
#include "save_file.h"
#include "text.h"

namespace coi::cli {
namespace {

// Where the command asks for a group and for more.
struct GroupWishes {
  std::string chat;
  std::string text;  // a name, or a description
  std::vector<std::string> members;
};

std::string names_of(const std::vector<std::string>& addrs) {
  std::vector<std::string> lines;
  for (const auto& addr : addrs) lines.push_back(one_line(addr));
  return fmt::format("{}", fmt::join(lines, ", "));
}

CLI::App& add_command(Commands& commands, CLI::App& group, const std::string& name, const std::string& description,
                      const std::shared_ptr<GroupWishes>& wishes) {
  auto& command = commands.add_below(group, name, description);
  command.add_option("CHAT", wishes->chat, "Chat id, or part of the group's name")->required();
  return command;
}

void add_create(Commands& commands, CLI::App& group) {
  auto wishes = std::make_shared<GroupWishes>();
  auto& command = commands.add_below(group, "create", "Make a group; its first message tells everybody");
  command.add_option("NAME", wishes->text, "What it is called")->required();
  command.add_option("ADDR", wishes->members, "Addresses of those who are in it");
  commands.on(command, [wishes](Shell& shell) {
    return change_chat(shell, proto::CreateGroup{.name = wishes->text, .members = wishes->members},
                       [](const proto::Chat& chat) {
                         return fmt::format(
                             "{} is chat {}. Whoever is in it hears of it with the first message: coi send {} "
                             "Hello",
                             one_line(chat.name), chat.id.value, chat.id.value);
                       });
  });
}

void add_members(Commands& commands, CLI::App& group) {
  auto added = std::make_shared<GroupWishes>();
  auto& add = add_command(commands, group, "add", "Add people to a group", added);
  add.add_option("ADDR", added->members, "Their addresses")->required();
  commands.on(add, [added](Shell& shell) {
    return change_chat(
        shell, proto::AddMembers{.chat = {added->chat}, .members = added->members}, [&](const proto::Chat& chat) {
          return fmt::format("{} now in {}.", names_of(added->members) + (added->members.size() == 1 ? " is" : " are"),
                             one_line(chat.name));
        });
  });
  auto removed = std::make_shared<GroupWishes>();
  auto& remove = add_command(commands, group, "remove", "Remove people from a group", removed);
  remove.add_option("ADDR", removed->members, "Their addresses")->required();
  commands.on(remove, [removed](Shell& shell) {
    return change_chat(shell, proto::RemoveMembers{.chat = {removed->chat}, .members = removed->members},
                       [&](const proto::Chat& chat) {
                         return fmt::format(
                             "{} no longer in {}.",
                             names_of(removed->members) + (removed->members.size() == 1 ? " is" : " are"),
                             one_line(chat.name));
                       });
  });
}

Result<proto::Chat> group_named(Shell& shell, const std::string& name) {
  auto chat = COI_TRY(shell.ask(proto::GetChat{.chat = {name}})).chat;
  if (chat.kind != proto::ChatKind::group)
    return fail(ErrorKind::invalid, fmt::format("{} is no group", one_line(chat.name)));
  return chat;
}

Result<> show_description(Shell& shell, const std::string& name) {
  const auto chat = COI_TRY(group_named(shell, name));
  shell.out().show(chat, chat.description.empty() ? fmt::format("{} has no description.", one_line(chat.name))
                                                  : printable(chat.description));
  return {};
}

void add_words(Commands& commands, CLI::App& group) {
  auto named = std::make_shared<GroupWishes>();
  auto& rename = add_command(commands, group, "rename", "Give a group another name, for everybody in it", named);
  rename.add_option("NAME", named->text, "The new name")->required();
  commands.on(rename, [named](Shell& shell) {
    return change_chat(
        shell, proto::RenameGroup{.chat = {named->chat}, .name = named->text},
        [](const proto::Chat& chat) { return fmt::format("The group is called {} now.", one_line(chat.name)); });
  });
  auto described = std::make_shared<GroupWishes>();
  auto text = std::make_shared<std::optional<std::string>>();
  auto& describe = add_command(commands, group, "describe", "Say what a group is for, or show it", described);
  describe.add_option("TEXT", *text, "The description; \"\" for none (default: show what is there)");
  commands.on(describe, [described, text](Shell& shell) {
    if (!*text) return show_description(shell, described->chat);
    return change_chat(
        shell, proto::DescribeGroup{.chat = {described->chat}, .description = **text}, [](const proto::Chat& chat) {
          return chat.description.empty()
                     ? fmt::format("{} has no description now.", one_line(chat.name))
                     : fmt::format("{} has the description now: {}", one_line(chat.name), one_line(chat.description));
        });
  });
}

// What somebody may do with a group's picture: one of the three.
struct PictureWishes {
  std::string chat, file, save;
  bool remove = false;
};

Result<> save_picture(Shell& shell, const PictureWishes& wishes) {
  const auto chat = COI_TRY(shell.ask(proto::GetChat{.chat = {wishes.chat}})).chat;
  if (chat.picture.empty()) return fail(ErrorKind::not_found, fmt::format("{} has no picture", one_line(chat.name)));
  const auto picture = COI_TRY(shell.ask(proto::GetPicture{.account = chat.account, .picture = chat.picture}));
  COI_TRY(save_as(picture.path, wishes.save));
  shell.out().report(proto::PictureFile{std::filesystem::absolute(wishes.save).string()},
                     fmt::format("Saved {}.", one_line(wishes.save)));
  return {};
}

Result<> picture(Shell& shell, const PictureWishes& wishes) {
  if (!wishes.save.empty()) return save_picture(shell, wishes);
  const auto file = wishes.remove ? std::string() : std::filesystem::absolute(wishes.file).string();
  return change_chat(shell, proto::PictureGroup{.chat = {wishes.chat}, .file = file}, [](const proto::Chat& chat) {
    return fmt::format("{} has {} picture now.", one_line(chat.name), chat.picture.empty() ? "no" : "that");
  });
}

void add_picture(Commands& commands, CLI::App& group) {
  auto wishes = std::make_shared<PictureWishes>();
  auto& command = commands.add_below(group, "picture", "Give a group a picture, for those whose programs show one");
  command.add_option("CHAT", wishes->chat, "Chat id, or part of the group's name")->required();
  command.add_option("FILE", wishes->file, "A picture; its middle is shown as a square");
  command.add_option("--save", wishes->save, "Write the group's picture to this file")->type_name("FILE");
  command.add_flag("--remove", wishes->remove, "Take the picture away");
  commands.on(
      command, [wishes](Shell& shell) { return picture(shell, *wishes); },
      [wishes] {
        if (std::size_t{wishes->remove} + std::size_t{!wishes->file.empty()} + std::size_t{!wishes->save.empty()} != 1)
          throw CLI::RequiredError("One of FILE, --save and --remove");
      });
}

Result<> list_members(Shell& shell, const std::string& name) {
  const auto chat = COI_TRY(group_named(shell, name));
  auto& out = shell.out();
  if (out.json()) {
    for (const auto& member : chat.members) out.object(member);
    return {};
  }
  if (!chat.description.empty()) out.line(one_line(chat.description) + "\n");
  for (const auto& member : chat.members)
    out.line(one_line(member.name) + (member.name == member.addr ? "" : out.styled(Style::dim, "  " + member.addr)));
  out.line(chat.is_member ? "You" : "You are not in it any more.");
  return {};
}

}  // namespace

void add_groups(Commands& commands) {
  auto& group = commands.add("group", "Make a group, or change one", "Chats");
  add_create(commands, group);
  add_members(commands, group);
  auto left = std::make_shared<GroupWishes>();
  auto& leave = add_command(commands, group, "leave", "Leave a group; what was written stays here", left);
  commands.on(leave, [left](Shell& shell) {
    return change_chat(shell, proto::LeaveGroup{.chat = {left->chat}}, [](const proto::Chat& chat) {
      return fmt::format("You are no longer in {}.", one_line(chat.name));
    });
  });
  add_words(commands, group);
  add_picture(commands, group);
  auto shown = std::make_shared<GroupWishes>();
  auto& members = add_command(commands, group, "members", "Who is in a group", shown);
  commands.on(members, [shown](Shell& shell) { return list_members(shell, shown->chat); });
}

}  // namespace coi::cli

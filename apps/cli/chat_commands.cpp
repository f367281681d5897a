// coi seen, archive, unarchive, mute, unmute, accept, block, unblock: one chat each
#include "commands.h"

#include <fmt/format.h>
#include "message_view.h"
#include "proto/chat.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

template <class P>
Result<> change(Shell& shell, P params, const std::function<std::string(const proto::Chat&)>& sentence) {
  const auto chat = COI_TRY(shell.ask(std::move(params))).chat;
  shell.out().report(chat, sentence(chat));
  return {};
}

std::string name_of(const proto::Chat& chat) { return one_line(chat.name); }

constexpr const char* any_chat = "Chat id, address, or part of the name";

// A command that does one thing to one chat. `which` says how that is named; `sentence` has a place for the chat's
// name, or what `named` makes of it.
template <class P>
void add_one(Commands& commands, const std::string& name, const std::string& description, P params,
             const std::string& sentence, std::string (*named)(const proto::Chat&) = name_of,
             const std::string& which = any_chat) {
  auto chat = std::make_shared<std::string>();
  auto& command = commands.add(name, description, "Chats");
  command.add_option("CHAT", *chat, which)->required();
  commands.on(command, [chat, params, sentence, named](Shell& shell) {
    auto request = params;
    request.chat = {*chat};
    return change(shell, request,
                  [&](const proto::Chat& changed) { return fmt::format(fmt::runtime(sentence), named(changed)); });
  });
}

Result<> mute(Shell& shell, const std::string& chat, const std::optional<std::string>& length) {
  proto::MuteChat params{.chat = {chat}};
  if (length) {
    const auto minutes = COI_TRY(parse_duration(*length));
    params.until = json::Rfc3339{system_now() + std::chrono::milliseconds(minutes).count()};
  }
  return change(shell, params, [&](const proto::Chat& changed) {
    const auto until = changed.muted_until ? "until " + moment_text(changed.muted_until->ms, system_now()) : "for good";
    return fmt::format("{} is muted {}.", name_of(changed), until);
  });
}

}  // namespace

void add_chat_commands(Commands& commands) {
  add_one(commands, "seen", "Mark a chat as read", proto::MarkSeen{}, "{} is read.");
  add_one(commands, "archive", "Put a chat aside", proto::ArchiveChat{}, "{} is archived.");
  add_one(commands, "unarchive", "Take a chat back into the list", proto::ArchiveChat{.archived = false},
          "{} is back in the list.");
  add_one(commands, "accept", "Accept somebody who wrote for the first time", proto::AcceptChat{}, "{} is accepted.",
          whom, "Chat id or address, as coi chats --requests lists them");
  add_one(commands, "block", "Hear no more of somebody", proto::BlockChat{}, "{} is blocked.", whom);
  add_one(commands, "unblock", "Hear of somebody again", proto::BlockChat{.blocked = false}, "{} is no longer blocked.",
          whom);

  auto chat = std::make_shared<std::string>();
  auto length = std::make_shared<std::optional<std::string>>();
  auto& command = commands.add("mute", "Silence a chat", "Chats");
  command.add_option("CHAT", *chat, any_chat)->required();
  command.add_option("--for", *length, "How long: 30m, 8h, 2d, 1w, \"1 hour 30 minutes\" (default: for good)")
      ->type_name("TIME");
  commands.on(command, [chat, length](Shell& shell) { return mute(shell, *chat, *length); });
  add_one(commands, "unmute", "Let a chat be heard again", proto::MuteChat{.muted = false}, "{} is heard again.");
}

}  // namespace coi::cli

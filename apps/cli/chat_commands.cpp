// coi seen, archive, unarchive, mute, unmute, accept, block, unblock: one chat each
#include <fmt/format.h>

#include "ask_person.h"
#include "commands.h"
#include "message_view.h"
#include "proto/chat.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

std::string name_of(const proto::Chat& chat) { return one_line(chat.name); }

constexpr const char* any_chat = "Chat id, address, or part of the name";

// What a command that does one thing to one chat says; `{}` is the chat's name, or what `named` makes of it.
struct Sentences {
  std::string done, done_already;
  bool (*is_done)(const proto::Chat&);
  std::string (*named)(const proto::Chat&) = name_of;
  std::string which = any_chat;  // how the chat is named
};

// As it was before; nullopt: nobody is to be told, or it is not found, which the change itself says.
std::optional<proto::Chat> before(Shell& shell, const std::string& chat) {
  if (shell.out().json()) return std::nullopt;
  auto found = shell.ask(proto::GetChat{.chat = {chat}});
  return found ? std::optional(std::move(found->chat)) : std::nullopt;
}

template <class P>
Result<> change_one(Shell& shell, P params, const std::string& chat, const Sentences& sentences) {
  const auto was = before(shell, chat);
  params.chat = {chat};
  return change_chat(shell, std::move(params), [&](const proto::Chat& changed) {
    const bool is_news = !was || was->id != changed.id || !sentences.is_done(*was);
    return fmt::format(fmt::runtime(is_news ? sentences.done : sentences.done_already), sentences.named(changed));
  });
}

template <class P>
void add_one(Commands& commands, const std::string& name, const std::string& description, P params,
             const Sentences& sentences) {
  auto chat = std::make_shared<std::string>();
  auto& command = commands.add(name, description, "Chats");
  command.add_option("CHAT", *chat, sentences.which)->required();
  commands.on(command, [chat, params, sentences](Shell& shell) { return change_one(shell, params, *chat, sentences); });
}

bool is_muted_for_good(const proto::Chat& chat) { return chat.muted && !chat.muted_until; }

// C-48: a forged mail would make the user block somebody who never wrote it.
std::string doubt_about(const std::string& sender) {
  return fmt::format(
      "Nothing shows that the last mail from {} is theirs: somebody else may have written it in their name.", sender);
}

struct BlockOptions {
  std::string chat;
  bool yes = false;
};

Result<> block(Shell& shell, const BlockOptions& options) {
  const auto found = shell.ask(proto::GetChat{.chat = {options.chat}});
  const bool is_doubtful = found && found->chat.sender_unproven && !found->chat.blocked;
  if (is_doubtful && !options.yes && may_ask(shell) &&
      !agrees(fmt::format("{} Block {} all the same?", doubt_about(whom(found->chat)), name_of(found->chat))))
    return fail(ErrorKind::cancelled, fmt::format("{} is not blocked", whom(found->chat)));
  const auto was_blocked = [&](const proto::Chat& now) {
    return found && found->chat.id == now.id && found->chat.blocked;
  };
  return change_chat(shell, proto::BlockChat{.chat = {options.chat}}, [&](const proto::Chat& chat) {
    if (was_blocked(chat)) return fmt::format("{} is blocked already.", whom(chat));
    return fmt::format("{} is blocked.{}", whom(chat), is_doubtful ? " " + doubt_about("there") : "");
  });
}

void add_block(Commands& commands) {
  auto options = std::make_shared<BlockOptions>();
  auto& command = commands.add("block", "Hear no more of somebody", "Chats");
  command.add_option("CHAT", options->chat, any_chat)->required();
  command.add_flag("--yes", options->yes, "Do not ask, even where somebody else may have written in their name");
  commands.on(command, [options](Shell& shell) { return block(shell, *options); });
}

Result<> mute(Shell& shell, const std::string& chat, const std::optional<std::string>& length) {
  proto::MuteChat params{.chat = {chat}};
  if (length) {
    const auto minutes = COI_TRY(parse_duration(*length));
    params.until = json::Rfc3339{system_now() + std::chrono::milliseconds(minutes).count()};
  }
  const auto was = before(shell, chat);
  return change_chat(shell, params, [&](const proto::Chat& changed) {
    if (was && was->id == changed.id && is_muted_for_good(*was) && is_muted_for_good(changed))
      return fmt::format("{} is muted for good already.", name_of(changed));
    const auto until = changed.muted_until ? "until " + moment_text(changed.muted_until->ms, system_now()) : "for good";
    return fmt::format("{} is muted {}.", name_of(changed), until);
  });
}

}  // namespace

void add_chat_commands(Commands& commands) {
  using proto::Chat;
  add_one(commands, "seen", "Mark a chat as read", proto::MarkSeen{},
          {"{} is read.", "{} is read already.", [](const Chat& chat) { return chat.unread == 0; }});
  add_one(commands, "archive", "Put a chat aside", proto::ArchiveChat{},
          {"{} is archived.", "{} is archived already.", [](const Chat& chat) { return chat.archived; }});
  add_one(commands, "unarchive", "Take a chat back into the list", proto::ArchiveChat{.archived = false},
          {"{} is back in the list.", "{} is in the list: it is not archived.",
           [](const Chat& chat) { return !chat.archived; }});
  add_one(
      commands, "accept", "Accept somebody who wrote for the first time", proto::AcceptChat{},
      {"{} is accepted.", "{} is accepted already.", [](const Chat& chat) { return !chat.request && !chat.blocked; },
       whom, "Chat id or address, as coi chats --requests lists them"});
  add_block(commands);
  add_one(commands, "unblock", "Hear of somebody again", proto::BlockChat{.blocked = false},
          {"{} is no longer blocked.", "{} is not blocked.", [](const Chat& chat) { return !chat.blocked; }, whom});

  auto chat = std::make_shared<std::string>();
  auto length = std::make_shared<std::optional<std::string>>();
  auto& command = commands.add("mute", "Silence a chat", "Chats");
  command.add_option("CHAT", *chat, any_chat)->required();
  command.add_option("--for", *length, "How long: 30m, 8h, 2d, 1w, \"1 hour 30 minutes\" (default: for good)")
      ->type_name("TIME");
  commands.on(command, [chat, length](Shell& shell) { return mute(shell, *chat, *length); });
  add_one(commands, "unmute", "Let a chat be heard again", proto::MuteChat{.muted = false},
          {"{} is heard again.", "{} is not muted.", [](const Chat& one) { return !one.muted; }});
}

}  // namespace coi::cli

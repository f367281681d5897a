// coi chats
#include <algorithm>

#include "commands.h"
#include "message_view.h"
#include "proto/chat.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

constexpr std::size_t widest_name = 28;
constexpr std::size_t id_width = 4, unread_width = 4, time_width = 11;

std::string note_of(const proto::Chat& chat) {
  if (chat.pinned) return "★";
  return chat.muted ? "–" : " ";
}

//    3  Bob Miller     2  Fine, thanks.                                   5 min
void print(Output& out, const proto::Chat& chat, std::size_t name_width, UnixMs now) {
  const auto unread = chat.unread == 0 ? "" : fmt::format("{}", chat.unread);
  auto line = out.styled(Style::dim, fmt::format("{:>{}} {}", chat.id.value, id_width, note_of(chat))) + " " +
              out.styled(chat.unread > 0 ? Style::bold : Style::plain, fit(one_line(chat.name), name_width)) +
              out.styled(Style::accent, fmt::format("{:>{}}", unread, unread_width)) + "  ";
  const auto used = id_width + 3 + name_width + unread_width + 2;
  auto text = chat.last ? (chat.last->outgoing ? "You: " : "") + summary_of(*chat.last) : "";
  const auto time = chat.last ? ago(chat.last->time.ms, now) : "";
  constexpr std::size_t narrow = 60, without_terminal = 50;
  const auto width = out.width() == 0 ? without_terminal : std::max(out.width(), narrow) - used - time_width - 1;
  line += fit(text, width) + out.styled(Style::dim, fmt::format("{:>{}}", time, time_width));
  out.line(line);
}

std::string empty_text(const proto::ListChats& params) {
  if (params.requests) return "Nobody new has written.";
  if (params.archived) return "No chat is archived.";
  return "There is no chat yet. Begin one: coi send friend@example.org Hello";
}

Result<> list(Shell& shell, const proto::ListChats& params) {
  const auto chats = COI_TRY(shell.ask(params)).chats;
  auto& out = shell.out();
  if (out.json()) {
    for (const auto& chat : chats) out.object(chat);
    return {};
  }
  std::size_t name_width = 8;
  for (const auto& chat : chats) name_width = std::max(name_width, std::min(columns(one_line(chat.name)), widest_name));
  const auto now = system_now();
  for (const auto& chat : chats) print(out, chat, name_width, now);
  if (chats.empty()) out.line(empty_text(params));
  if (params.archived || params.requests) return {};
  const auto requests = COI_TRY(shell.ask(proto::ListChats{.requests = true})).chats.size();
  if (requests > 0)
    out.line("\n" +
             out.styled(Style::dim, fmt::format("{} wrote that you do not know: coi chats --requests",
                                                requests == 1 ? "Somebody" : fmt::format("{} people", requests))));
  return {};
}

}  // namespace

void add_chats(Commands& commands) {
  auto params = std::make_shared<proto::ListChats>();
  auto& command = commands.add("chats", "List the chats, newest first", "Conversations");
  command.add_flag("--archived", params->archived, "The archived ones");
  command.add_flag("--requests", params->requests, "Those of people you do not know");
  commands.on(command, [params](Shell& shell) { return list(shell, *params); });
}

}  // namespace coi::cli

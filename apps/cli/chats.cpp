// coi chats
#include <algorithm>

#include <fmt/format.h>

#include "commands.h"
#include "folders.h"
#include "message_view.h"
#include "paging.h"
#include "proto/chat.h"
#include "proto/folder.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

constexpr std::size_t chat_id_width = 4, unread_width = 4, time_width = 11;

std::string note_of(const proto::Chat& chat) {
  if (chat.pinned) return "★";
  return chat.muted ? "–" : " ";
}

// Columns that a line has room for.
struct Layout {
  std::size_t name = 8;
  std::size_t text = 50;  // where no terminal says how wide it is
  bool with_time = true;
  Namesakes namesakes;

  Layout(const Output& out, const std::vector<proto::Chat>& chats) : namesakes(chats) {
    constexpr std::size_t widest_name = 28, least_text = 8, narrow = 50;
    for (const auto& chat : chats) name = std::max(name, std::min(columns(one_line(chat.name)), widest_name));
    if (out.width() == 0) return;
    name = std::min(name, std::max<std::size_t>(out.width() / 3, 8));
    with_time = out.width() >= narrow;
    const auto others = chat_id_width + 3 + name + unread_width + 2 + (with_time ? time_width + 1 : 0);
    text = std::max(out.width() - std::min(out.width(), others), least_text);
  }
};

//    3  Bob Miller     2  Fine, thanks.                                   5 min
void print(Output& out, const proto::Chat& chat, const Layout& layout, UnixMs now) {
  const auto unread = chat.unread == 0 ? "" : fmt::format("{}", chat.unread);
  auto line = out.styled(Style::dim, fmt::format("{:>{}} {}", chat.id.value, chat_id_width, note_of(chat))) + " " +
              out.styled(chat.unread > 0 ? Style::bold : Style::plain, fit(one_line(chat.name), layout.name)) +
              out.styled(Style::accent, fmt::format("{:>{}}", unread, unread_width)) + "  ";
  const auto text = !chat.draft.empty() ? "Draft: " + one_line(chat.draft)
                    : chat.last         ? (chat.last->outgoing ? "You: " : "") + summary_of(*chat.last)
                                        : "";
  line += fit(text, layout.text);
  if (layout.with_time)
    line += out.styled(Style::dim, fmt::format("{:>{}}", chat.last ? ago(chat.last->time.ms, now) : "", time_width));
  out.line(line);
  for (const auto& more : address_lines(out, chat, chat_id_width + 3, layout.namesakes)) out.line(more);
}

// Right after a login nothing is here yet, which is not the same as nothing being there.
std::string empty_text(const proto::ListChats& params, const proto::Status& status) {
  if (!params.folder.empty())
    return fmt::format("No chat is in a folder {}. Put one there: coi folder CHAT FOLDER", one_line(params.folder));
  if (status.connection.state == proto::ConnectionState::connecting ||
      status.connection.state == proto::ConnectionState::syncing || !status.progress.finished)
    return "Nothing yet: mail is being fetched. coi sync --wait returns when all is here.";
  if (params.requests) return "Nobody new has written.";
  if (params.archived) return "No chat is archived.";
  return "There is no chat yet. Begin one: coi send friend@example.org Hello";
}

Result<> list(Shell& shell, proto::ListChats params) {
  if (!params.folder.empty()) params.folder = COI_TRY(known_folder(shell, params.folder));
  const auto chats =
      COI_TRY(ask_all(params, &proto::ChatList::chats, [&](const proto::ListChats& page) { return shell.ask(page); }));
  auto& out = shell.out();
  if (out.json()) {
    for (const auto& chat : chats) out.object(chat);
    return {};
  }
  const Layout layout(out, chats);
  const auto now = system_now();
  for (const auto& chat : chats) print(out, chat, layout, now);
  if (chats.empty()) out.line(empty_text(params, COI_TRY(shell.ask(proto::GetStatus{}))));
  if (params.archived || params.requests || !params.folder.empty()) return {};
  const auto requests = COI_TRY(shell.ask(proto::GetCounts{})).requests.chats;
  if (requests > 0)
    out.line("\n" +
             out.styled(Style::dim,
                        fmt::format("{}: coi chats --requests",
                                    requests == 1 ? "Somebody wrote that you do not know"
                                                  : fmt::format("{} chats wait for you to accept them", requests))));
  return {};
}

// main        12 chats, 3 unread with 8 messages
void print_counts(Output& out, const std::string& name, const proto::ListCounts& counts, std::size_t width = 9) {
  auto line = fit(name, width) + fmt::format(" {:>5} {}", counts.chats, counts.chats == 1 ? "chat" : "chats");
  if (counts.unread > 0)
    line += fmt::format(", {} unread with {} {}", counts.unread_chats, counts.unread,
                        counts.unread == 1 ? "message" : "messages");
  if (counts.unread > counts.unread_unmuted)
    line += out.styled(Style::dim, fmt::format(" ({} of them muted)", counts.unread - counts.unread_unmuted));
  out.line(line);
}

Result<> count(Shell& shell) {
  const auto counts = COI_TRY(shell.ask(proto::GetCounts{}));
  auto& out = shell.out();
  if (out.json()) {
    out.object(counts);
    return {};
  }
  print_counts(out, "chats", counts.main);
  print_counts(out, "archived", counts.archived);
  print_counts(out, "requests", counts.requests);
  return {};
}

Result<> list_folders(Shell& shell) {
  const auto list = COI_TRY(shell.ask(proto::ListFolders{}));
  auto& out = shell.out();
  std::size_t width = 9;
  for (const auto& folder : list.folders) width = std::max(width, columns(one_line(folder.name)));
  for (const auto& folder : list.folders) {
    if (out.json())
      out.object(folder);
    else
      print_counts(out, one_line(folder.name), folder.counts, std::min<std::size_t>(width, 40));
  }
  if (list.folders.empty() && !out.json()) out.line("There is no folder yet. Make one: coi folder CHAT FOLDER");
  return {};
}

}  // namespace

void add_chats(Commands& commands) {
  auto params = std::make_shared<proto::ListChats>();
  auto& command = commands.add("chats", "List the chats, newest first", "Conversations");
  command.add_flag("--archived", params->archived, "The archived ones");
  command.add_flag("--requests", params->requests, "Those of people you do not know");
  command.add_option("--folder", params->folder, "Those in a folder, as coi folders lists them")->type_name("FOLDER");
  commands.on(command, [params](Shell& shell) { return list(shell, *params); });

  commands.on(commands.add("counts", "How many chats there are, and how much is unread", "Conversations"), count);
  commands.on(commands.add("folders", "The folders of chats, and how much in each is unread", "Conversations"),
              list_folders);
}

}  // namespace coi::cli

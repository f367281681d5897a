// coi search WORDS
#include "arguments.h"

#include <fmt/format.h>
#include "commands.h"
#include "message_view.h"
#include "paging.h"
#include "proto/chat.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

struct SearchOptions {
  std::vector<std::string> words;
  std::string chat;
  PageWish page;
};

proto::Chat chat_of(const proto::FoundMessages& found, const proto::Message& message) {
  const auto chat = std::ranges::find_if(
      found.chats, [&](const proto::Chat& one) { return one.id == message.chat && one.account == message.account; });
  return chat == found.chats.end() ? proto::Chat{} : *chat;
}

//   12  5 min        Bob Miller            You: Fine, thanks.
void print(Output& out, const proto::FoundMessages& found, const Namesakes& namesakes, const proto::Message& message,
           UnixMs now) {
  constexpr std::size_t time_width = 11, id_width = 5, narrow = 60, least = 8;
  const bool is_narrow = out.width() > 0 && out.width() < narrow;
  const std::size_t name_width = is_narrow ? std::max(out.width() / 4, least) : 20;
  auto head = fmt::format("{:>{}}  ", message.id.value, id_width);
  if (!is_narrow) head += fit(ago(message.time.ms, now), time_width) + "  ";
  const auto chat = chat_of(found, message);
  const std::string_view note = chat.blocked ? "blocked  " : "";
  const auto used = columns(head) + name_width + 2 + columns(note);
  // In a group it may be anybody's.
  const bool has_author = message.outgoing || chat.kind == proto::ChatKind::group;
  auto text = (has_author ? author_of(message, chat) + ": " : "") + summary_of(message);
  if (out.width() > 0) text = cut(text, std::max(out.width() - std::min(out.width(), used), least));
  out.line(out.styled(Style::dim, head) + out.styled(Style::accent, fit(one_line(chat.name), name_width)) + "  " +
           out.styled(Style::bad, note) + text);
  for (const auto& more : address_lines(out, chat, columns(head), namesakes)) out.line(more);
}

Result<> search(Shell& shell, const SearchOptions& options) {
  proto::Search params{.chat = {options.chat}};
  set_page(options.page, params);
  for (const auto& word : options.words) params.words += (params.words.empty() ? "" : " ") + word;
  const auto found = COI_TRY(shell.ask(params, "Searching"));
  auto& out = shell.out();
  const auto now = system_now();
  const Namesakes namesakes(found.chats);
  for (const auto& message : found.messages) {
    if (out.json())
      out.object(message);
    else
      print(out, found, namesakes, message, now);
  }
  if (found.messages.empty() && !out.json()) out.line("Nothing was found.");
  if (found.more_after && !found.messages.empty()) tell_more(out, found.messages.back().id.value);
  return {};
}

}  // namespace

void add_search(Commands& commands) {
  auto options = std::make_shared<SearchOptions>();
  auto& command = commands.add("search", "Search all messages", "Conversations");
  take_words(command.add_option("WORDS", options->words, "All of them have to occur; the last letters may be missing"))
      ->required();
  command.add_option("--chat", options->chat, "In this chat alone")->type_name("CHAT");
  add_page_options(command, options->page, 20, "MSG");
  commands.on(command, [options](Shell& shell) { return search(shell, *options); });
}

}  // namespace coi::cli

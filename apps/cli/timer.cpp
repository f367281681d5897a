// coi timer
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/length_text.h"
#include "commands.h"
#include "message_view.h"
#include "proto/chat.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

struct TimerOptions {
  std::string chat;
  std::vector<std::string> time;
  bool remove_copies = false, keep_copies = false;
};

Result<std::uint32_t> seconds_of(const std::string& text) {
  if (text == "off" || text == "0") return 0;
  auto length = parse_seconds(text);
  if (!length) return fail(ErrorKind::invalid, length.error().text(), "write 30s, 5m, 8h, 1d, 4w, or off");
  return static_cast<std::uint32_t>(length->count());  // of a hundred years at most
}

std::string sentence_of(const proto::Chat& chat) {
  const auto timer = chat.timer == 0
                         ? fmt::format("Messages do not disappear in the chat {}.", one_line(chat.name))
                         : fmt::format("Messages disappear after {} in programs that support it, in the chat {}.",
                                       length_text(chat.timer), one_line(chat.name));
  return chat.removes_copies ? timer + " Copies in your mailbox go too, whoever wrote them." : timer;
}

Result<> set_timer(Shell& shell, const TimerOptions& options) {
  const auto time = fmt::format("{}", fmt::join(options.time, " "));
  if (time.empty() && !options.remove_copies && !options.keep_copies) {
    const auto chat = COI_TRY(shell.ask(proto::GetChat{.chat = {options.chat}})).chat;
    shell.out().show(chat, sentence_of(chat));
    return {};
  }
  proto::SetTimer params{.chat = {options.chat}};
  if (!time.empty()) params.seconds = COI_TRY(seconds_of(time));
  if (options.remove_copies || options.keep_copies) params.remove_copies = options.remove_copies;
  const auto set = COI_TRY(shell.ask(std::move(params)));
  auto& out = shell.out();
  out.report(set.chat, sentence_of(set.chat));
  if (!set.kept_by.empty() && !out.json()) {
    std::vector<std::string> addrs;
    for (const auto& addr : set.kept_by) addrs.push_back(one_line(addr));
    out.line(fmt::format("Not known to use a chat program, so that their copies stay: {}.", fmt::join(addrs, ", ")));
  }
  return {};
}

}  // namespace

void add_timer(Commands& commands) {
  auto options = std::make_shared<TimerOptions>();
  auto& command = commands.add("timer", "Let the messages of a chat disappear after a time", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  command.add_option("TIME", options->time, "30s, 5m, 8h, 1d, 4w, or off (default: say what it is)");
  auto* remove = command.add_flag("--remove-copies", options->remove_copies,
                                  "Copies of what others wrote go from your mailbox too, for all timers in this chat");
  command.add_flag("--keep-copies", options->keep_copies, "They stay in your mailbox (default)")->excludes(remove);
  commands.on(command, [options](Shell& shell) { return set_timer(shell, *options); });
}

}  // namespace coi::cli

// coi read CHAT
#include "arguments.h"

#include <fmt/format.h>
#include "commands.h"
#include "message_view.h"
#include "proto/chat.h"
#include "text.h"

namespace coi::cli {
namespace {

struct ReadOptions {
  std::string chat;
  std::uint32_t last = 20;
  std::int64_t before = 0;
};

Result<> read(Shell& shell, const ReadOptions& options) {
  proto::ListMessages params{.chat = {options.chat}, .last = options.last};
  if (options.before > 0) params.before = proto::MessageId(options.before);
  const auto found = COI_TRY(shell.ask(params));
  auto& out = shell.out();
  if (out.json()) {
    for (const auto& message : found.messages) out.object(message);
    return {};
  }
  if (found.chat.request) out.line(request_text(found.chat) + "\n");
  Conversation conversation(out, system_now());
  conversation.make_room(found.messages, found.chat);
  for (const auto& message : found.messages)
    for (const auto& line : conversation.lines(message, found.chat)) out.line(line);
  if (found.messages.empty())
    out.line(out.styled(Style::dim, fmt::format("There are no messages with {}.", one_line(found.chat.name))));
  return {};
}

}  // namespace

void add_read(Commands& commands) {
  auto options = std::make_shared<ReadOptions>();
  auto& command = commands.add("read", "Show the messages of a chat, oldest first", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  command.add_option("--last", options->last, "How many (default: 20)")->type_name("N")->check(number_between(1, 1000));
  command.add_option("--before", options->before, "Those before this message")->type_name("MSG")->check(id_number());
  command.footer(
      "The number before a message is its id, as --before, --reply, retry and original take it. Behind your own stands "
      "what became of it: … waits, ✓ the server took it, ✓✓ it was read, ! it failed for some of the recipients, ✗ it "
      "failed; the reason is below.\n"
      "Nothing is marked as read: coi seen and coi chat do that.");
  commands.on(command, [options](Shell& shell) { return read(shell, *options); });
}

}  // namespace coi::cli

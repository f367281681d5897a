// coi read CHAT
#include "arguments.h"

#include <fmt/format.h>
#include "commands.h"
#include "message_view.h"
#include "paging.h"
#include "proto/chat.h"
#include "text.h"

namespace coi::cli {
namespace {

struct ReadOptions {
  std::string chat;
  PageWish page;
  std::int64_t around = 0;
  bool unread = false;
};

Result<> read(Shell& shell, const ReadOptions& options) {
  proto::ListMessages params{.chat = {options.chat}};
  set_page(options.page, params);
  if (options.around > 0) params.around = proto::Anchor{.id = options.around};
  std::optional<proto::MessageId> first_unread;
  if (options.unread) first_unread = COI_TRY(shell.ask(proto::GetChat{.chat = {options.chat}})).chat.first_unread;
  if (first_unread) params.around = proto::Anchor{.id = first_unread->value};
  const auto found = COI_TRY(shell.ask(params));
  auto& out = shell.out();
  if (out.json()) {
    for (const auto& message : found.messages) out.object(message);
    return {};
  }
  if (found.chat.request) out.line(request_text(found.chat) + "\n");
  Conversation conversation(out, system_now(), [&](const proto::Message& message) {
    auto text = shell.ask(proto::GetBlocks{.account = message.account, .message = message.id});
    return text ? std::move(text->blocks) : std::vector<proto::TextBlock>();
  });
  conversation.make_room(found.messages, found.chat);
  if (first_unread) conversation.mark_unread(*first_unread);
  for (const auto& message : found.messages)
    for (const auto& line : conversation.lines(message, found.chat)) out.line(line);
  if (options.unread && !first_unread) out.line(out.styled(Style::dim, "\nNothing is unread."));
  if (found.messages.empty())
    out.line(out.styled(Style::dim, options.page.before > 0
                                        ? fmt::format("There are none before {}.", options.page.before)
                                    : options.page.after > 0
                                        ? fmt::format("There are none after {}.", options.page.after)
                                        : fmt::format("There are no messages with {}.", one_line(found.chat.name))));
  if (found.more_after && !found.messages.empty())
    out.line(out.styled(Style::dim, fmt::format("\nThere are newer ones: coi read {} --after {}", found.chat.id.value,
                                                found.messages.back().id.value)));
  return {};
}

}  // namespace

void add_read(Commands& commands) {
  auto options = std::make_shared<ReadOptions>();
  auto& command = commands.add("read", "Show the messages of a chat, oldest first", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  options->page.most = 20;
  command.add_option("--last", options->page.most, "How many (default: 20)")
      ->type_name("N")
      ->check(number_between(1, proto::longest_page));
  const auto place = [&](const std::string& name, std::int64_t& message, const std::string& description) {
    return command.add_option(name, message, description)->type_name("MSG")->check(id_number());
  };
  std::vector<CLI::Option*> places = {place("--before", options->page.before, "Those before this message"),
                                      place("--after", options->page.after, "Those behind it"),
                                      place("--around", options->around, "This message, and those on either side"),
                                      command.add_flag("--unread", options->unread, "Around the first that is unread")};
  for (auto* one : places)
    for (auto* other : places)
      if (one != other) one->excludes(other);
  command.footer(
      "The number before a message is its id, as --before, --after, --around, --reply, retry and original take it. "
      "Behind your own stands "
      "what became of it: ◷ goes out later (coi outbox), … waits, ✓ the server took it, ✓✓ it was read, ! it failed "
      "for some of the recipients, ✗ it "
      "failed; the reason is below.\n"
      "Nothing is marked as read: coi seen and coi chat do that.");
  commands.on(command, [options](Shell& shell) { return read(shell, *options); });
}

}  // namespace coi::cli

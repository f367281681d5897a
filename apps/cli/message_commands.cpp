// coi retry, receipt, react: one message each
#include "arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include "commands.h"
#include "message_view.h"
#include "proto/message.h"
#include "sending.h"
#include "unsent.h"

namespace coi::cli {
namespace {

void add_receipt(Commands& commands) {
  auto message = std::make_shared<std::int64_t>(0);
  auto& command = commands.add("receipt", "Send the read receipt that a mail program asks for", "Conversations");
  command.add_option("MSG", *message, "Message id")->required()->check(id_number());
  commands.on(command, [message](Shell& shell) -> Result<> {
    const auto changed = COI_TRY(shell.ask(proto::AnswerReceipt{.message = proto::MessageId(*message)})).message;
    shell.out().report(changed, fmt::format("The receipt for message {} is on its way.", changed.id.value));
    return {};
  });
}

void add_retry(Commands& commands) {
  auto message = std::make_shared<std::int64_t>(0);
  auto& command = commands.add("retry", "Send a message now that failed, or that waits", "Conversations");
  command.add_option("MSG", *message, "Message id")->required()->check(id_number());
  commands.on(command, [message](Shell& shell) -> Result<> {
    const auto messages = messages_of(COI_TRY(shell.ask(proto::RetryMessage{.message = proto::MessageId(*message)})));
    report(shell.out(), messages,
           fmt::format("{} {} on {} way.", named(messages), messages.size() == 1 ? "is" : "are",
                       messages.size() == 1 ? "its" : "their"));
    return {};
  });
}

struct ReactOptions {
  std::int64_t message = 0;
  std::string emoji;
  bool withdraw = false;
  bool mail = false;
};

Result<> react(Shell& shell, const ReactOptions& options) {
  const auto reacted = COI_TRY(shell.ask(
      proto::React{.message = proto::MessageId(options.message), .emoji = options.emoji, .to_plain = options.mail}));
  const auto id = reacted.message.id.value;
  auto& out = shell.out();
  out.report(reacted.message, options.withdraw ? fmt::format("Your reaction to message {} is taken back.", id)
                                               : fmt::format("{} to message {}.", options.emoji, id));
  tell_unsent(out, reacted.unsent_to);
  return {};
}

void add_react(Commands& commands) {
  auto options = std::make_shared<ReactOptions>();
  auto& command = commands.add("react", "React to a message with an emoji", "Conversations");
  command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
  command.add_option("EMOJI", options->emoji, "The emoji; it replaces the one that you gave before");
  command.add_flag("--withdraw", options->withdraw, "Take your reaction back");
  command.add_flag("--mail", options->mail, "Send it as an ordinary mail to people without a chat program, too");
  commands.on(
      command, [options](Shell& shell) { return react(shell, *options); },
      [options] {
        if (options->emoji.empty() && !options->withdraw) throw CLI::RequiredError("EMOJI or --withdraw");
        if (!options->emoji.empty() && options->withdraw) throw CLI::ValidationError("--withdraw", "it takes no emoji");
      });
}

}  // namespace

void add_message_commands(Commands& commands) {
  add_retry(commands);
  add_receipt(commands);
  add_react(commands);
}

}  // namespace coi::cli

// coi retry, receipt, react: one message each
#include "arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include "commands.h"
#include "message_view.h"
#include "proto/message.h"

namespace coi::cli {
namespace {

// `sentence` has a place for the message's id.
template <class P>
void add_one(Commands& commands, const std::string& name, const std::string& description, const std::string& sentence) {
  auto message = std::make_shared<std::int64_t>(0);
  auto& command = commands.add(name, description, "Conversations");
  command.add_option("MSG", *message, "Message id")->required()->check(id_number());
  commands.on(command, [message, sentence](Shell& shell) -> Result<> {
    const auto changed = COI_TRY(shell.ask(P{.message = proto::MessageId(*message)})).message;
    shell.out().report(changed, fmt::format(fmt::runtime(sentence), changed.id.value));
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
  if (options.withdraw != options.emoji.empty())
    return fail(ErrorKind::invalid, options.withdraw ? "--withdraw takes no emoji" : "no emoji is given",
                options.withdraw ? "such as: coi react 12 --withdraw" : "such as: coi react 12 👍");
  const auto reacted = COI_TRY(shell.ask(
      proto::React{.message = proto::MessageId(options.message), .emoji = options.emoji, .to_plain = options.mail}));
  const auto id = reacted.message.id.value;
  auto& out = shell.out();
  out.report(reacted.message, options.withdraw ? fmt::format("Your reaction to message {} is taken back.", id)
                                               : fmt::format("{} to message {}.", options.emoji, id));
  if (!reacted.unsent_to.empty() && !out.json())
    out.line(fmt::format("Not sent to {}, not known to use a chat program; --mail sends {} as an ordinary mail.",
                         fmt::join(reacted.unsent_to, ", "), options.withdraw ? "this" : "it"));
  return {};
}

void add_react(Commands& commands) {
  auto options = std::make_shared<ReactOptions>();
  auto& command = commands.add("react", "React to a message with an emoji", "Conversations");
  command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
  command.add_option("EMOJI", options->emoji, "The emoji; it replaces the one that you gave before");
  command.add_flag("--withdraw", options->withdraw, "Take your reaction back");
  command.add_flag("--mail", options->mail, "Send it as an ordinary mail to people without a chat program, too");
  commands.on(command, [options](Shell& shell) { return react(shell, *options); });
}

}  // namespace

void add_message_commands(Commands& commands) {
  add_one<proto::RetryMessage>(commands, "retry", "Send a message now that failed, or that waits",
                               "Message {} is on its way again.");
  add_one<proto::AnswerReceipt>(commands, "receipt", "Send the read receipt that a mail program asks for",
                                "The receipt for message {} is on its way.");
  add_react(commands);
}

}  // namespace coi::cli

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
    return fail(ErrorKind::invalid,
                options.withdraw ? "an emoji and --withdraw exclude each other" : "no emoji is given",
                "such as: coi react 12 👍");
  const auto reacted = COI_TRY(shell.ask(
      proto::React{.message = proto::MessageId(options.message), .emoji = options.emoji, .to_plain = options.mail}));
  const auto id = reacted.message.id.value;
  auto& out = shell.out();
  out.report(reacted.message, options.withdraw ? fmt::format("The reaction to message {} is withdrawn.", id)
                                               : fmt::format("{} to message {}.", options.emoji, id));
  if (!reacted.untold.empty() && !out.json())
    out.line(fmt::format("Not sent to {}, whose program shows no reactions; --mail sends it as a mail.",
                         fmt::join(reacted.untold, ", ")));
  return {};
}

void add_react(Commands& commands) {
  auto options = std::make_shared<ReactOptions>();
  auto& command = commands.add("react", "Say an emoji about a message", "Conversations");
  command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
  command.add_option("EMOJI", options->emoji, "One emoji, in the place of the one before");
  command.add_flag("--withdraw", options->withdraw, "Take back what was said before");
  command.add_flag("--mail", options->mail, "Send it also to those whose programs show it as a mail");
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

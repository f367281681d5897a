// coi retry, receipt: one message each
#include "arguments.h"

#include <fmt/format.h>
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

}  // namespace

void add_message_commands(Commands& commands) {
  add_one<proto::RetryMessage>(commands, "retry", "Send a message now that failed, or that waits",
                               "Message {} is on its way again.");
  add_one<proto::AnswerReceipt>(commands, "receipt", "Send the read receipt that a mail program asks for",
                                "The receipt for message {} is on its way.");
}

}  // namespace coi::cli

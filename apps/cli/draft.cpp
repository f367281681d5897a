// coi draft
#include <fmt/format.h>

#include "arguments.h"
#include "commands.h"
#include "message_view.h"
#include "proto/chat.h"
#include "sending.h"
#include "text.h"

namespace coi::cli {
namespace {

struct DraftOptions {
  std::string chat;
  std::vector<std::string> words;
};

Result<> draft(Shell& shell, const DraftOptions& options) {
  if (!options.words.empty()) {
    const auto text = words_text(options.words);
    const auto chat = COI_TRY(shell.ask(proto::SetDraft{.chat = {options.chat}, .text = text})).chat;
    shell.out().report(chat, text.empty()
                                 ? fmt::format("There is no draft in the chat {} any more.", one_line(chat.name))
                                 : fmt::format("Kept as a draft in the chat {}.", one_line(chat.name)));
    return {};
  }
  const auto chat = COI_TRY(shell.ask(proto::GetChat{.chat = {options.chat}})).chat;
  shell.out().show(chat, chat.draft.empty() ? fmt::format("There is no draft in the chat {}.", one_line(chat.name))
                                            : printable(chat.draft));
  return {};
}

}  // namespace

void add_draft(Commands& commands) {
  auto options = std::make_shared<DraftOptions>();
  auto& command = commands.add("draft", "Keep a text that is not yet sent, or show it", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  take_words(command.add_option("TEXT", options->words,
                                "The text; - reads it from standard input; \"\": none any more (default: show what is "
                                "there)"));
  commands.on(command, [options](Shell& shell) { return draft(shell, *options); });
}

}  // namespace coi::cli

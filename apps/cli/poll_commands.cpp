// coi poll, vote, poll-close
#include <fmt/format.h>

#include "arguments.h"
#include "base/time.h"
#include "commands.h"
#include "message_view.h"
#include "poll_view.h"
#include "proto/poll_methods.h"
#include "sending.h"
#include "text.h"
#include "token.h"
#include "unsent.h"
#include "when.h"
#include "who.h"

namespace coi::cli {
namespace {

struct PollOptions {
  std::string chat, question;
  std::vector<std::string> options;
  std::string description, end;
  std::vector<std::string> files;
  bool single = false, no_revote = false, dates = false, wait = false;
};

Result<> poll(Shell& shell, const PollOptions& options) {
  const auto whom = COI_TRY(find_whom(shell, options.chat));
  proto::CreatePoll params{.account = whom.account,
                           .chat = {whom.chat},
                           .question = options.question,
                           .description = options.description,
                           .options = options.options,
                           .dates = options.dates,
                           .files = {},
                           .single = options.single,
                           .revote = !options.no_revote,
                           .token = random_token(),
                           .wait = options.wait};
  if (options.dates)
    for (auto& option : params.options) option = COI_TRY(parse_date(option, system_now()));
  for (const auto& file : options.files) params.files.push_back(std::filesystem::absolute(file).string());
  if (!options.end.empty()) params.ends = json::Rfc3339{COI_TRY(parse_when(options.end, system_now(), Day::end))};
  const auto message = COI_TRY(shell.ask(params, "Sending")).message;
  auto& out = shell.out();
  if (message.scheduled) {
    out.report(message, fmt::format("Poll {} to {} goes out {}; coi undo {} takes it back.", message.id.value,
                                    whom.text, going_text(message.scheduled->ms, system_now()), message.id.value));
    return {};
  }
  out.report(message,
             fmt::format("Poll {} to {} {}. Everybody there sees who votes for what.", message.id.value, whom.text,
                         message.state == proto::MessageState::pending ? "is on its way" : "was sent"));
  return {};
}

struct VoteOptions {
  std::int64_t message = 0;
  std::vector<std::uint32_t> choices;
  bool withdraw = false;
};

Result<> vote(Shell& shell, const VoteOptions& options) {
  const auto voted =
      COI_TRY(shell.ask(proto::Vote{.message = proto::MessageId(options.message), .choices = options.choices}));
  const auto& message = voted.message;
  std::string chosen;
  if (message.poll)
    for (const auto& option : message.poll->options)
      if (option.own)
        chosen += (chosen.empty() ? "" : option.date.empty() ? ", " : "; ") + option_text(option, system_now());
  shell.out().report(message, options.withdraw ? fmt::format("Your vote in poll {} is taken back.", message.id.value)
                                               : fmt::format("Your vote in poll {}: {}.", message.id.value, chosen));
  tell_unsent(shell.out(), voted.unsent_to, "not known to use a chat program: they see it when the poll is closed");
  return {};
}

Result<> close(Shell& shell, std::int64_t id) {
  const auto message = COI_TRY(shell.ask(proto::ClosePoll{.message = proto::MessageId(id)})).message;
  shell.out().report(message, fmt::format("Poll {} is closed. Everybody in the chat is told what it came to.", id));
  return {};
}

void add_poll(Commands& commands) {
  auto options = std::make_shared<PollOptions>();
  auto& command = commands.add("poll", "Ask a question with options to choose from", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  command.add_option("QUESTION", options->question, "The question, as one word: \"Which film?\"")->required();
  take_words(command.add_option("OPTION", options->options, "What can be chosen: 2 to 20 of them"))->required();
  command.add_flag("--single", options->single, "One option may be chosen (default: any number of them)");
  command.add_option("--end", options->end, fmt::format("Voting is open {}", until_help))
      ->type_name("TIME")
      ->check(not_empty());
  command.add_flag("--no-revote", options->no_revote, "A vote cannot be changed");
  command.add_flag("--dates", options->dates,
                   "The options are dates: 2026-11-30, \"2026-11-30 18:00\", \"tomorrow 9:00\"");
  command.add_option("--file", options->files, "A picture or another file of an option; one for each, in their order")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->check(existing_file());
  command.add_option("--description", options->description, "What is said to the question")->type_name("TEXT");
  command.add_flag("--wait", options->wait, "Return when the server has accepted it");
  command.footer(
      "Everybody in the chat sees who votes for what. Who uses a mail program votes by a reply with the numbers.");
  commands.on(
      command, [options](Shell& shell) { return poll(shell, *options); },
      [options] {
        if (options->options.size() < 2) throw CLI::RequiredError("A second OPTION");
      });
}

}  // namespace

void add_poll_commands(Commands& commands) {
  add_poll(commands);
  {
    auto options = std::make_shared<VoteOptions>();
    auto& command = commands.add("vote", "Vote in a poll", "Conversations");
    command.add_option("MSG", options->message, "Message id of the poll")->required()->check(id_number());
    command.add_option("NUMBER", options->choices, "Numbers of the options; they replace those that you chose before")
        ->check(option_number());
    command.add_flag("--withdraw", options->withdraw, "Take your vote back");
    command.footer("Everybody in the chat sees what you vote for.");
    commands.on(
        command, [options](Shell& shell) { return vote(shell, *options); },
        [options] {
          if (options->choices.empty() && !options->withdraw) throw CLI::RequiredError("NUMBER or --withdraw");
          if (!options->choices.empty() && options->withdraw)
            throw CLI::ValidationError("--withdraw", "it takes no number");
        });
  }
  {
    auto message = std::make_shared<std::int64_t>(0);
    auto& command =
        commands.add("poll-close", "End a poll of yours, and tell everybody what it came to", "Conversations");
    command.add_option("MSG", *message, "Message id of the poll")->required()->check(id_number());
    commands.on(command, [message](Shell& shell) { return close(shell, *message); });
  }
}

}  // namespace coi::cli

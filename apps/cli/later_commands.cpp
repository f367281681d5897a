// coi schedule, outbox, reschedule, undo: messages that wait for a time
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arguments.h"
#include "commands.h"
#include "message_view.h"
#include "paging.h"
#include "proto/chat.h"
#include "proto/later_methods.h"
#include "sending.h"
#include "text.h"
#include "times.h"
#include "token.h"
#include "when.h"
#include "who.h"

namespace coi::cli {
namespace {

struct ScheduleOptions {
  std::string chat, time;
  std::vector<std::string> words;
};

void add_schedule(Commands& commands) {
  auto options = std::make_shared<ScheduleOptions>();
  auto& command = commands.add("schedule", "Send a message later", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  command.add_option("TIME", options->time, fmt::format("When: {}", when_help))->required();
  take_words(command.add_option("TEXT", options->words, "The text; - reads it from standard input"))->required();
  commands.on(command, [options](Shell& shell) -> Result<> {
    // What is wrong with the time is said before anybody is asked whom they mean.
    const auto at = COI_TRY(parse_when(options->time, system_now()));
    const auto whom = COI_TRY(find_whom(shell, options->chat));
    proto::SendMessage params{
        .account = whom.account, .chat = {whom.chat}, .text = words_text(options->words), .token = random_token()};
    if (!is_text(params.text)) return fail(ErrorKind::invalid, "there is a NUL in the text, so it is none");
    params.at = json::Rfc3339{at};
    return send_and_report(shell, whom, std::move(params));
  });
}

Result<std::vector<proto::Message>> scheduled(Shell& shell) {
  return ask_all(proto::ListScheduled{}, &proto::ScheduledMessages::messages,
                 [&](const proto::ListScheduled& page) { return shell.ask(page); });
}

void add_outbox(Commands& commands) {
  auto& command = commands.add("outbox", "The messages that wait for their time, the next one first", "Conversations");
  commands.on(command, [](Shell& shell) -> Result<> {
    const auto messages = COI_TRY(scheduled(shell));
    auto& out = shell.out();
    constexpr std::size_t widest = 28, usual_width = 50, least = 8;
    std::map<proto::ChatId, std::string> names;
    std::size_t when_width = 0, name_width = 0;
    for (const auto& message : messages) {
      if (out.json()) break;
      if (message.scheduled)
        when_width = std::max(when_width, columns(moment_text(message.scheduled->ms, system_now())));
      auto& name = names[message.chat];
      if (name.empty())
        name = one_line(COI_TRY(shell.ask(proto::GetChat{.account = message.account,
                                                         .chat = {fmt::format("{}", message.chat.value)}}))
                            .chat.name);
      name_width = std::max(name_width, std::min(columns(name), widest));
    }
    for (const auto& message : messages) {
      if (out.json()) {
        out.object(message);
        continue;
      }
      const auto when = message.scheduled ? moment_text(message.scheduled->ms, system_now()) : "";
      const auto* where = !message.at_server      ? ""
                          : message.can_take_back ? "about to be handed to your provider's server"
                                                  : "your provider's server has it: it cannot be taken back";
      const auto text =
          fmt::format("{:>5}  {}  {}  ", message.id.value, fit(when, when_width), fit(names[message.chat], name_width));
      const auto room =
          out.width() == 0 ? usual_width : std::max(out.width() - std::min(out.width(), columns(text)), least);
      out.line(text + fit(summary_of(message), room));
      // Without words its files stand there already.
      if (const auto files = files_of(message); !files.empty() && !message.text.empty())
        out.line(out.styled(
            Style::dim,
            "       " + (out.width() == 0
                             ? files
                             : cut(files, std::max(out.width() - std::min(out.width(), std::size_t{7}), least)))));
      if (*where != '\0') out.line(out.styled(Style::dim, fmt::format("       {}", where)));
    }
    if (messages.empty() && !out.json()) out.line("Nothing waits for its time.");
    return {};
  });
}

struct RescheduleOptions {
  std::int64_t message = 0;
  std::string time;
};

void add_reschedule(Commands& commands) {
  auto options = std::make_shared<RescheduleOptions>();
  auto& command = commands.add("reschedule", "Give a message that waits another time", "Conversations");
  command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
  command.add_option("TIME", options->time, fmt::format("When: {}; or now", when_help))->required();
  commands.on(command, [options](Shell& shell) -> Result<> {
    const auto at = COI_TRY(parse_when(options->time, system_now()));
    const bool is_now = options->time == "now";
    proto::Reschedule params{.message = proto::MessageId(options->message)};
    if (!is_now) params.at = json::Rfc3339{at};
    const auto messages = messages_of(COI_TRY(shell.ask(params)));
    report(shell.out(), messages,
           fmt::format("{} {} out {}.", named(messages), messages.size() == 1 ? "goes" : "go",
                       is_now ? "now" : moment_text(at, system_now())));
    return {};
  });
}

// The one written last. One of earlier is not what somebody means who has just seen a mistake.
Result<proto::MessageId> newest(Shell& shell) {
  constexpr UnixMs just_now = 60'000;
  auto messages = COI_TRY(scheduled(shell));
  std::erase_if(messages, [](const proto::Message& one) { return !one.can_take_back; });
  if (messages.empty())
    return fail(ErrorKind::not_found, "no message waits, so there is nothing to take back",
                "coi delete MSG takes back one that was sent; coi settings undo-send 10s holds each back so long");
  const auto newest = std::ranges::max_element(messages, {}, [](const proto::Message& one) { return one.id.value; });
  if (system_now() - newest->received.ms > just_now)
    return fail(ErrorKind::not_found, "no message that waits was written within the last minute",
                fmt::format("say which one: coi outbox lists them, coi undo {} takes back the last", newest->id.value));
  return newest->id;
}

void add_undo(Commands& commands) {
  auto message = std::make_shared<std::int64_t>(0);
  auto& command = commands.add("undo", "Take a message back that waits; nothing of it leaves", "Conversations");
  command.add_option("MSG", *message, "Message id (default: the one written last, within a minute)")
      ->check(id_number());
  commands.on(command, [message](Shell& shell) -> Result<> {
    const auto id = *message > 0 ? proto::MessageId(*message) : COI_TRY(newest(shell));
    const auto were = messages_of(COI_TRY(shell.ask(proto::TakeBack{.message = id})));
    report(shell.out(), were,
           fmt::format("{} {} taken back: {}", named(were), were.size() == 1 ? "is" : "are",
                       cut(summary_of(were.front()), 60)));
    return {};
  });
}

}  // namespace

void add_later_commands(Commands& commands) {
  add_schedule(commands);
  add_outbox(commands);
  add_reschedule(commands);
  add_undo(commands);
}

}  // namespace coi::cli

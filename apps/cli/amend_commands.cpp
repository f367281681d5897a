// coi edit, delete, history, pin, unpin: one message each
#include <algorithm>

#include <fmt/format.h>

#include "arguments.h"
#include "ask_person.h"
#include "commands.h"
#include "message_view.h"
#include "paging.h"
#include "passage.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/later_methods.h"
#include "proto/message.h"
#include "sending.h"
#include "text.h"
#include "times.h"
#include "unsent.h"
#include "when.h"

namespace coi::cli {
namespace {

constexpr auto mail_help = "Send it as an ordinary mail to people without a chat program, too";

// Of messages that were pinned or edited: the message, and to whom it was not sent.
void report(Shell& shell, const proto::Reacted& amended, const std::string& sentence) {
  shell.out().report(amended.message, sentence);
  tell_unsent(shell.out(), amended.unsent_to);
}

struct EditOptions {
  std::int64_t message = 0;
  std::vector<std::string> words;
  bool mail = false;
};

void add_edit(Commands& commands) {
  auto options = std::make_shared<EditOptions>();
  auto& command = commands.add("edit", "Give a message of yours other words", "Conversations");
  command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
  take_words(command.add_option("TEXT", options->words, "The new text; - reads it from standard input"))->required();
  command.add_flag("--mail", options->mail, mail_help);
  commands.on(command, [options](Shell& shell) -> Result<> {
    auto text = words_text(options->words);
    if (!is_text(text)) return fail(ErrorKind::invalid, "there is a NUL in the text, so it is none");
    const auto edited = COI_TRY(shell.ask(proto::EditMessage{
        .message = proto::MessageId(options->message), .text = std::move(text), .to_plain = options->mail}));
    report(shell, edited, fmt::format("Message {} is edited.", options->message));
    return {};
  });
}

struct DeleteOptions {
  std::int64_t message = 0;
  bool here = false, yes = false, mail = false;
};

Result<> delete_one(Shell& shell, const DeleteOptions& options) {
  const proto::MessageId id(options.message);
  const auto message = COI_TRY(shell.ask(proto::GetMessage{.message = id})).message;
  // Nobody has heard of it: there is nothing to be told.
  const bool waits = message.scheduled && message.can_take_back;
  const bool here = options.here || !message.outgoing;
  constexpr std::size_t most_shown = 60;  // enough to know it by; the question stays in sight behind it
  const auto shown = cut(summary_of(message), most_shown);
  const auto words =
      waits ? fmt::format("Take \"{}\" back, which was not sent yet?", shown)
            : fmt::format("Delete \"{}\" {}?", shown, here ? "from this device and your mailbox" : "for everybody");
  if (!options.yes && may_ask(shell) && !agrees(words)) return fail(ErrorKind::cancelled, "nothing was deleted");
  const auto deleted = COI_TRY(shell.ask(proto::DeleteMessage{.message = id, .here = here, .to_plain = options.mail}));
  auto& out = shell.out();
  if (out.json()) {
    out.object(deleted);
    return {};
  }
  if (waits) {
    out.line(fmt::format("Message {} is taken back: nothing of it has left.", options.message));
    return {};
  }
  out.line(here ? fmt::format("Message {} is gone from this device and your mailbox.", options.message)
                : fmt::format("Message {} is deleted.", options.message));
  tell_unsent(out, deleted.unsent_to, "not known to use a program that obeys it; --mail sends it as an ordinary mail");
  return {};
}

void add_delete(Commands& commands) {
  auto options = std::make_shared<DeleteOptions>();
  auto& command =
      commands.add("delete", "Take a message of yours back, or put another's out of sight", "Conversations");
  command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
  command.add_flag("--here", options->here, "On this device and in your mailbox alone, as messages of others are");
  command.add_flag("--yes", options->yes, "Do not ask");
  command.add_flag("--mail", options->mail, "Tell people without a chat program by an ordinary mail, too");
  commands.on(command, [options](Shell& shell) { return delete_one(shell, *options); });
}

// The words as they were typed, marks of formatted text included: they are part of what was changed.
void print_history(Output& out, const std::vector<proto::MessageVersion>& versions) {
  if (versions.empty()) out.line("The message was deleted.");
  const auto now = system_now();
  for (const auto& version : versions) {
    const auto time = moment_text(version.time.ms, now) + "  ";
    const auto indent = columns(time);
    bool first = true;
    for (const auto& line :
         wrap(printable(version.text), out.width() == 0 ? 0 : out.width() - std::min(out.width() - 1, indent))) {
      out.line((first ? out.styled(Style::dim, time) : std::string(indent, ' ')) + line);
      first = false;
    }
  }
  if (versions.size() == 1) out.line(out.styled(Style::dim, "It was never edited."));
}

void add_history(Commands& commands) {
  auto message = std::make_shared<std::int64_t>(0);
  auto& command = commands.add("history", "All the words that a message had", "Conversations");
  command.add_option("MSG", *message, "Message id")->required()->check(id_number());
  commands.on(command, [message](Shell& shell) -> Result<> {
    const auto history = COI_TRY(shell.ask(proto::GetHistory{.message = proto::MessageId(*message)}));
    auto& out = shell.out();
    if (out.json())
      for (const auto& version : history.versions) out.object(version);
    else
      print_history(out, history.versions);
    return {};
  });
}

struct PinOptions {
  std::int64_t message = 0;
  std::optional<std::string> length;
  bool mail = false;
};

Result<> pin(Shell& shell, const PinOptions& options, bool pinned) {
  proto::PinMessage params{.message = proto::MessageId(options.message), .pinned = pinned, .to_plain = options.mail};
  std::string until;
  if (options.length) {
    params.until = json::Rfc3339{COI_TRY(parse_when(*options.length, system_now(), Day::end))};
    until = " until " + moment_text(params.until->ms, system_now());
  }
  const auto amended = COI_TRY(shell.ask(std::move(params)));
  report(shell, amended, fmt::format("Message {} is {}pinned{}.", options.message, pinned ? "" : "no longer ", until));
  return {};
}

void add_pin(Commands& commands, bool pinned) {
  auto options = std::make_shared<PinOptions>();
  auto& command = pinned ? commands.add("pin", "Pin a message in its chat, for all who are in it", "Conversations")
                         : commands.add("unpin", "Take the pin of a message away", "Conversations");
  command.add_option("MSG", options->message, "Message id")->required()->check(id_number());
  if (pinned)
    command
        .add_option("--for,--until", options->length,
                    fmt::format("How long, or {} (default: until it is taken away)", until_help))
        ->type_name("TIME");
  command.add_flag("--mail", options->mail, mail_help);
  commands.on(command, [options, pinned](Shell& shell) { return pin(shell, *options, pinned); });
}

// As `read` calls them; by address who is not in the chat any more.
std::string name_of_pinner(const std::vector<proto::Account>& accounts, const std::vector<proto::Member>& members,
                           const proto::Pin& pin) {
  const auto own = std::ranges::find(accounts, pin.message.account, &proto::Account::id);
  if (own != accounts.end() && own->addr == pin.by) return "you";
  const auto member = std::ranges::find(members, pin.by, &proto::Member::addr);
  return one_line(member == members.end() ? pin.by : member->name);
}

// Its id and as much of it as the line holds, then who pinned it.
void print_pin(Output& out, const proto::Pin& pin, const std::string& by) {
  constexpr std::size_t least = 8;
  const auto id = fmt::format("{:>5}  ", pin.message.id.value);
  const auto text = summary_of(pin.message);
  const auto used = std::min(out.width(), columns(id));
  out.line(id + (out.width() == 0 ? text : cut(text, std::max(out.width() - used, least))));
  const auto until = pin.until ? ", until " + moment_text(pin.until->ms, system_now()) : "";
  out.line(out.styled(Style::dim, fmt::format("       pinned by {}{}", by, until)));
}

Result<> list_pins(Shell& shell, const std::string& chat, const PageWish& wish) {
  proto::ListPins params{.chat = {chat}};
  set_page(wish, params);
  const auto found = COI_TRY(shell.ask(params));
  auto& out = shell.out();
  if (out.json()) {
    for (const auto& pin : found.pins) out.object(pin);
    return {};
  }
  if (found.pins.empty()) {
    out.line("Nothing is pinned there.");
    return {};
  }
  const auto accounts = COI_TRY(shell.ask(proto::ListAccounts{})).accounts;
  const auto members = COI_TRY(shell.ask(proto::GetChat{.chat = {chat}})).chat.members;
  for (const auto& pin : found.pins) print_pin(out, pin, name_of_pinner(accounts, members, pin));
  if (found.more_after) tell_more(out, found.pins.back().message.id.value);
  return {};
}

void add_pins(Commands& commands) {
  auto chat = std::make_shared<std::string>();
  auto wish = std::make_shared<PageWish>();
  auto& command = commands.add("pins", "The pinned messages of a chat, the newest pin first", "Conversations");
  command.add_option("CHAT", *chat, "Chat id, address, or part of the name")->required();
  add_page_options(command, *wish, proto::longest_page, "MSG");
  commands.on(command, [chat, wish](Shell& shell) { return list_pins(shell, *chat, *wish); });
}

}  // namespace

void add_amend_commands(Commands& commands) {
  add_edit(commands);
  add_delete(commands);
  add_history(commands);
  add_pin(commands, true);
  add_pin(commands, false);
  add_pins(commands);
}

}  // namespace coi::cli

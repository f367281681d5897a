// coi send CHAT TEXT…
#include <algorithm>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "arguments.h"
#include "base/ascii.h"
#include "commands.h"
#include "message_view.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/event.h"
#include "sending.h"
#include "text.h"
#include "times.h"
#include "token.h"
#include "when.h"
#include "who.h"

namespace coi::cli {
namespace {

struct SendOptions {
  std::string chat;
  std::vector<std::string> words;
  std::vector<std::string> files;
  std::string voice, sticker;
  double seconds = 0;  // of the voice note, where its file does not tell
  bool keep_place = false;
  std::int64_t reply_to = 0;
  std::string at;
  std::string delay;
  bool wait = false;
};

// Says why a message waits, each reason once: it is stored and goes out when the reason is gone, so the wait goes on.
class Reasons {
 public:
  explicit Reasons(bool wanted) : wanted_(wanted) {}

  void tell(const proto::Connection& connection, Progress& progress) {
    const auto& reason = connection.sending_problem;
    if (!wanted_ || reason == told_) return;
    told_ = reason;
    if (reason.empty()) return;
    progress.clear();
    to_stderr(fmt::format("coi: the message waits: {}\n", one_line(reason)));
  }

 private:
  bool wanted_;
  std::string told_;
};

Result<proto::SentMessages> send_and_wait(Shell& shell, proto::SendMessage params) {
  auto* client = COI_TRY(shell.client());
  Progress progress("Sending", !shell.globals().json);
  Reasons reasons(!shell.globals().json);
  std::string account;
  client->idle = [&] { progress.tick(); };
  client->notice = [&](const proto::RpcMessage& message) {
    if (message.method != proto::event_method) return;
    const auto event = json::decode<proto::Event>(message.params);
    if (!event) return;  // of a newer daemon
    const auto* changed = std::get_if<proto::ConnectionChanged>(&*event);
    if (changed != nullptr && changed->account == account) reasons.tell(changed->connection, progress);
  };
  const auto sent = [&]() -> Result<proto::SentMessages> {
    const auto status = COI_TRY(client->call(proto::GetStatus{.account = params.account}));
    account = status.account;
    COI_TRY(client->call(proto::Subscribe{.account = params.account}));
    reasons.tell(status.connection, progress);
    return client->call(params);
  }();
  client->idle = nullptr;
  client->notice = nullptr;
  return sent;
}

// When the daemon goes amid it, the message is sent again under its token: it is stored once, whatever had become of
// it.
Result<proto::SentMessages> send_surely(Shell& shell, const proto::SendMessage& params) {
  constexpr int attempts = 3;
  for (int attempt = 1;; ++attempt) {
    auto sent = params.wait ? send_and_wait(shell, params) : shell.ask(params, "Sending");
    if (sent || attempt == attempts || !shell.lost()) return sent;
    COI_TRY(shell.reconnect());
  }
}

Result<> send(Shell& shell, const SendOptions& options) {
  std::optional<json::Rfc3339> at;
  if (!options.at.empty()) at = json::Rfc3339{COI_TRY(parse_when(options.at, system_now()))};
  const auto whom = COI_TRY(find_whom(shell, options.chat));
  proto::SendMessage params{.account = whom.account,
                            .chat = {whom.chat},
                            .text = words_text(options.words),
                            .token = random_token(),
                            .wait = options.wait};
  if (!is_text(params.text))
    return fail(ErrorKind::invalid, "there is a NUL in the text, so it is none", "send it as a file with --file");
  for (const auto& file : options.files) params.files.push_back(std::filesystem::absolute(file).string());
  params.keep_place = options.keep_place;
  if (!options.voice.empty()) {
    if (!params.files.empty()) return fail(ErrorKind::invalid, "a voice note goes without other files");
    params.files = {std::filesystem::absolute(options.voice).string()};
    params.voice = true;
  }
  if (!options.sticker.empty()) {
    if (!params.files.empty() || !params.text.empty())
      return fail(ErrorKind::invalid, "a sticker goes without words and other files");
    params.files = {std::filesystem::absolute(options.sticker).string()};
    params.sticker = true;
  }
  params.duration = static_cast<std::uint64_t>(options.seconds * 1000);
  params.at = at;
  if (!options.delay.empty()) params.delay = COI_TRY(parse_delay(options.delay));
  if (options.reply_to > 0) params.reply_to = proto::MessageId(options.reply_to);
  return send_and_report(shell, whom, std::move(params));
}

}  // namespace

std::string going_text(UnixMs at, UnixMs now) {
  const auto seconds = std::max<UnixMs>(at - now + 999, 0) / 1000;
  return seconds > 60 ? moment_text(at, now) : fmt::format("in {} s", seconds);
}

std::string named(const std::vector<proto::Message>& messages) {
  auto names = fmt::format("{}", messages.front().id.value);
  for (std::size_t i = 1; i < messages.size(); ++i)
    names += fmt::format("{}{}", i + 1 == messages.size() ? " and " : ", ", messages[i].id.value);
  return (messages.size() == 1 ? "Message " : "Messages ") + names;
}

std::vector<proto::Message> messages_of(proto::SentMessages sent) {
  std::vector<proto::Message> messages = {std::move(sent.message)};
  std::ranges::move(sent.further, std::back_inserter(messages));
  return messages;
}

void report(Output& out, const std::vector<proto::Message>& messages, const std::string& sentence) {
  out.report(messages.front(), sentence);
  for (std::size_t i = 1; i < messages.size() && out.json(); ++i) out.object(messages[i]);
}

std::string words_text(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += ' ';
    if (word == "-")
      text.append(std::istreambuf_iterator<char>(std::cin), {});
    else
      text += word;
  }
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

namespace {

// One that is on its way says so for all.
proto::MessageState state_of(const std::vector<proto::Message>& messages) {
  const auto waits = std::ranges::find(messages, proto::MessageState::pending, &proto::Message::state);
  return waits == messages.end() ? messages.front().state : waits->state;
}

}  // namespace

Result<> send_and_report(Shell& shell, const Whom& whom, proto::SendMessage params) {
  const auto messages = messages_of(COI_TRY(send_surely(shell, params)));
  const auto& first = messages.front();
  const bool is_one = messages.size() == 1;
  const auto what = named(messages);
  auto& out = shell.out();
  const bool is_waiting = state_of(messages) == proto::MessageState::pending;
  if (first.scheduled)
    out.done(fmt::format("{} to {} {} for {} time", ascii_lower(what), whom.text, is_one ? "waits" : "wait",
                         is_one ? "its" : "their"));
  else
    out.done(fmt::format("{} to {} {}", ascii_lower(what), whom.text,
                         is_waiting ? (is_one ? "is stored and goes out" : "are stored and go out")
                                    : (is_one ? "was sent" : "were sent")));
  if (out.json()) {
    for (const auto& message : messages) out.object(message);
    return {};
  }
  if (first.scheduled) {
    const auto fate = first.at_server
                          ? fmt::format(
                                "your provider's server keeps {} until then, and {} cannot be "
                                "taken back",
                                is_one ? "it" : "them", is_one ? "it" : "they")
                          : fmt::format("coi undo {} takes {} back", first.id.value, is_one ? "it" : "them");
    out.line(fmt::format("{} to {}{} {} out {}; {}.", what, whom.text, from_words(shell, first.account),
                         is_one ? "goes" : "go", going_text(first.scheduled->ms, system_now()), fate));
  } else {
    out.line(
        fmt::format("{} to {}{} {} {}", out.styled(Style::dim, what), whom.text, from_words(shell, first.account),
                    is_waiting ? (is_one ? "is on its way" : "are on their way") : (is_one ? "was sent" : "were sent"),
                    mark_of(out, state_of(messages))));
  }
  if (!is_one)
    out.line(out.styled(Style::dim, "The files were too large for one mail; each message has some of them."));
  return {};
}

void add_send(Commands& commands) {
  auto options = std::make_shared<SendOptions>();
  auto& command = commands.add("send", "Send a message", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  take_words(command.add_option("TEXT", options->words, "The text; - reads it from standard input"));
  command.add_option("--file", options->files, "Attach a file; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->check(existing_file());
  command.add_flag("--keep-place", options->keep_place,
                   "Send photos with what they tell of where and by whom they were taken");
  command.add_option("--voice", options->voice, "Send a sound file as a voice note")
      ->type_name("FILE")
      ->check(existing_file());
  command.add_option("--duration", options->seconds, "How long the sound lasts, where its file does not tell")
      ->type_name("SECONDS")
      ->check(seconds_between(0.001, 86400));
  command.add_option("--sticker", options->sticker, "Send a picture as a sticker, which is shown without a frame")
      ->type_name("FILE")
      ->check(existing_file());
  command.add_option("--reply", options->reply_to, "The message that this answers")
      ->type_name("MSG")
      ->check(id_number());
  auto* at = command.add_option("--at", options->at, fmt::format("Send it later: {}", when_help))
                 ->type_name("TIME")
                 ->check(not_empty());
  command
      .add_option("--delay", options->delay,
                  "Hold it back so long, while coi undo takes it back: 5s, 60s at most, or off (default: as coi "
                  "settings undo-send says)")
      ->type_name("TIME")
      ->check(not_empty())
      ->excludes(at);
  command.add_flag("--wait", options->wait, "Return when the server has accepted it");
  commands.on(
      command, [options](Shell& shell) { return send(shell, *options); },
      [options] {
        if (options->words.empty() && options->files.empty() && options->voice.empty() && options->sticker.empty())
          throw CLI::RequiredError("TEXT, --file, --voice or --sticker");
      });
}

}  // namespace coi::cli

// coi send CHAT TEXT…
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "arguments.h"
#include "commands.h"
#include "message_view.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/event.h"
#include "text.h"
#include "token.h"
#include "who.h"

namespace coi::cli {
namespace {

struct SendOptions {
  std::string chat;
  std::vector<std::string> words;
  std::vector<std::string> files;
  std::int64_t reply_to = 0;
  bool wait = false;
};

// The words with spaces between; a lone "-" stands for standard input, without its last line end.
std::string text_of(const SendOptions& options) {
  std::string text;
  for (const auto& word : options.words) {
    if (!text.empty()) text += ' ';
    if (word == "-")
      text.append(std::istreambuf_iterator<char>(std::cin), {});
    else
      text += word;
  }
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

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

Result<proto::OneMessage> send_and_wait(Shell& shell, proto::SendMessage params) {
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
  const auto sent = [&]() -> Result<proto::OneMessage> {
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
Result<proto::OneMessage> send_surely(Shell& shell, const proto::SendMessage& params) {
  constexpr int attempts = 3;
  for (int attempt = 1;; ++attempt) {
    auto sent = params.wait ? send_and_wait(shell, params) : shell.ask(params, "Sending");
    if (sent || attempt == attempts || !shell.lost()) return sent;
    COI_TRY(shell.reconnect());
  }
}

Result<> send(Shell& shell, const SendOptions& options) {
  const auto whom = COI_TRY(find_whom(shell, options.chat));
  proto::SendMessage params{.account = whom.account,
                            .chat = {whom.chat},
                            .text = text_of(options),
                            .token = random_token(),
                            .wait = options.wait};
  if (!is_text(params.text))
    return fail(ErrorKind::invalid, "there is a NUL in the text, so it is none", "send it as a file with --file");
  for (const auto& file : options.files) params.files.push_back(std::filesystem::absolute(file).string());
  if (options.reply_to > 0) params.reply_to = proto::MessageId(options.reply_to);
  const auto message = COI_TRY(send_surely(shell, params)).message;
  auto& out = shell.out();
  const bool is_waiting = message.state == proto::MessageState::pending;
  out.done(fmt::format("message {} to {} {}", message.id.value, whom.text,
                       is_waiting ? "is stored and goes out" : "was sent"));
  if (out.json())
    out.object(message);
  else
    out.line(fmt::format("{} to {}{} {} {}", out.styled(Style::dim, fmt::format("Message {}", message.id.value)),
                         whom.text, from_words(shell, message.account), is_waiting ? "is on its way" : "was sent",
                         mark_of(out, message.state)));
  return {};
}

}  // namespace

void add_send(Commands& commands) {
  auto options = std::make_shared<SendOptions>();
  auto& command = commands.add("send", "Send a message", "Conversations");
  command.add_option("CHAT", options->chat, "Chat id, address, or part of the name")->required();
  take_words(command.add_option("TEXT", options->words, "The text; - reads it from standard input"));
  command.add_option("--file", options->files, "Attach a file; may be given several times")
      ->type_name("FILE")
      ->allow_extra_args(false)
      ->check(existing_file());
  command.add_option("--reply", options->reply_to, "The message that this answers")
      ->type_name("MSG")
      ->check(id_number());
  command.add_flag("--wait", options->wait, "Return when the server has accepted it");
  commands.on(command, [options](Shell& shell) { return send(shell, *options); });
}

}  // namespace coi::cli

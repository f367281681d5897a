// coi chat CHAT: a conversation in the terminal
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "commands.h"
#include "message_view.h"
#include "proto/event.h"
#include "terminal.h"
#include "text.h"

namespace coi::cli {
namespace {

class Conversing {
 public:
  Conversing(Shell& shell, Client& client, std::string name)
      : shell_(shell), client_(client), name_(std::move(name)), view_(shell.out(), system_now()) {}

  // What was said before. An address that nobody wrote from or to yet begins a chat with the first line.
  Result<> begin() {
    COI_TRY(client_.call(proto::Subscribe{.account = shell_.globals().account}));
    constexpr std::uint32_t shown_before = 10;
    auto found = shell_.ask(proto::ListMessages{.chat = {name_}, .last = shown_before});
    if (!found && (found.error().kind() != ErrorKind::not_found || !name_.contains('@')))
      return std::unexpected(found.error());
    terminal_.emplace(shell_.out());
    if (found) {
      account_ = found->chat.account;
      chat_ = found->chat.id;
      seq_ = found->seq;
      view_.make_room(found->messages);
      for (const auto& message : found->messages) show(message);
      if (found->chat.unread > 0) COI_TRY(mark_seen());
    }
    terminal_->draw_prompt();
    return {};
  }

  Result<> run() {
    while (!terminal_->ended() || !awaited_.empty()) {
      while (auto message = COI_TRY(client_.next_ready())) COI_TRY(take(*message));
      if (terminal_->ended() && awaited_.empty()) break;
      std::array<pollfd, 2> waits = {pollfd{.fd = terminal_->descriptor(), .events = POLLIN, .revents = 0},
                                     pollfd{.fd = client_.descriptor(), .events = POLLIN, .revents = 0}};
      if (::poll(waits.data(), waits.size(), -1) < 0) {
        if (errno != EINTR) return fail(ErrorKind::io, "cannot wait for input");
        terminal_->draw_prompt();  // the terminal has another size, perhaps
        continue;
      }
      if (waits[0].revents != 0) {
        for (const auto& line : terminal_->read_lines()) COI_TRY(say(line));
        terminal_->draw_prompt();
      }
    }
    return failed_ ? Result<>(std::unexpected(*failed_)) : Result<>();
  }

 private:
  Result<> say(const std::string& line) {
    if (line.find_first_not_of(" \n") == std::string::npos) return {};
    const proto::ChatName chat{chat_ ? std::to_string(chat_->value) : name_};
    awaited_.insert(
        COI_TRY(client_.send(proto::SendMessage{.account = shell_.globals().account, .chat = chat, .text = line})));
    return {};
  }

  Result<> take(const proto::RpcMessage& message) {
    if (message.method == proto::event_method) {
      const auto event = json::decode<proto::Event>(message.params);
      if (!event) return {};  // of a newer daemon
      return std::visit([&](const auto& one) { return take(one); }, *event);
    }
    if (!message.id || !message.id->is_int64() || awaited_.erase(message.id->get_int64()) == 0) return {};
    if (message.error) {
      failed_ = to_error(*message.error);
      note(failed_->text());
      return {};
    }
    const auto sent = COI_TRY(json::decode<proto::OneMessage>(message.result)).message;
    account_ = sent.account;
    chat_ = sent.chat;
    show(sent);
    return {};
  }

  Result<> take(const proto::MessageAdded& event) {
    if (!is_here(event.message) || event.seq <= seq_) return {};
    show(event.message);
    if (!event.message.outgoing) return mark_seen();
    return {};
  }
  Result<> take(const proto::MessageChanged& event) {
    const auto& message = event.message;
    if (is_here(message) && message.state == proto::MessageState::failed && told_.insert(message.id).second)
      note(fmt::format("not delivered: {} ({})", cut(summary_of(message), 40), one_line(message.error)));
    return {};
  }
  Result<> take(const auto&) { return {}; }

  // Chats are numbered anew in each account, and events come of all.
  bool is_here(const proto::Message& message) const {
    return chat_ && message.chat == *chat_ && message.account == account_;
  }

  // A message comes as reply and as event: it is shown once.
  void show(const proto::Message& message) {
    if (!shown_.insert(message.id).second) return;
    if (shell_.out().json()) return shell_.out().object(message);
    auto plain = message;
    // It would still say "on its way" when it has long arrived. What fails is told.
    if (plain.state == proto::MessageState::pending) plain.state = proto::MessageState::seen;
    terminal_->print(view_.lines(plain));
  }

  void note(const std::string& text) {
    if (!shell_.out().json()) terminal_->print({shell_.out().styled(Style::bad, "       " + text)});
  }

  Result<> mark_seen() {
    COI_TRY(client_.send(proto::MarkSeen{.account = shell_.globals().account, .chat = {std::to_string(chat_->value)}}));
    return {};
  }

  Shell& shell_;
  Client& client_;
  const std::string name_;
  std::string account_;  // of chat_
  std::optional<proto::ChatId> chat_;
  std::int64_t seq_ = 0;
  Conversation view_;
  std::optional<Terminal> terminal_;
  std::set<std::int64_t> awaited_;  // requests that send something
  std::set<proto::MessageId> shown_, told_;
  std::optional<Error> failed_;
};

Result<> converse(Shell& shell, const std::string& chat) {
  auto* client = COI_TRY(shell.client());
  Conversing conversing(shell, *client, chat);
  COI_TRY(conversing.begin());
  return conversing.run();
}

}  // namespace

void add_converse(Commands& commands) {
  auto chat = std::make_shared<std::string>();
  auto& command = commands.add("chat", "Converse in the terminal; ctrl-D ends it", "Conversations");
  command.add_option("CHAT", *chat, "Chat id, address, or part of the name")->required();
  commands.on(command, [chat](Shell& shell) { return converse(shell, *chat); });
}

}  // namespace coi::cli

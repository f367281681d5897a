// coi chat CHAT: a conversation in the terminal
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <set>
#include <span>

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
    auto found = list(shown_before);
    if (!found && (found.error().kind() != ErrorKind::not_found || !name_.contains('@')))
      return std::unexpected(found.error());
    // What is unread may lie further back, with other messages between.
    if (found && unread_in(found->messages) < found->chat.unread) found = COI_TRY(list(most_listed));
    terminal_.emplace(shell_.out());
    if (found) {
      if (found->chat.request) note(Style::plain, request_text(found->chat));
      COI_TRY(take(*found));
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
  static constexpr std::uint32_t shown_before = 10;   // at least
  static constexpr std::uint32_t most_listed = 1000;  // what the daemon gives at once

  static std::int64_t unread_in(const std::vector<proto::Message>& messages) {
    return std::ranges::count(messages, proto::MessageState::fresh, &proto::Message::state);
  }

  proto::ChatName chat() const { return {chat_ ? std::to_string(chat_->value) : name_}; }

  Result<proto::ChatMessages> list(std::uint32_t last) {
    const proto::ListMessages params{.account = shell_.globals().account, .chat = chat(), .last = last};
    return terminal_ ? client_.call(params) : shell_.ask(params);  // no progress amid a conversation
  }

  // Shows the newest messages, from the first on that is unread or behind what is shown; without such, the last few.
  Result<> take(const proto::ChatMessages& found) {
    account_ = found.chat.account;
    chat_ = found.chat.id;
    seq_ = found.seq;
    const auto& all = found.messages;
    const auto wanted = std::ranges::find_if(all, [&](const proto::Message& message) {
      return message.state == proto::MessageState::fresh || shown_.contains(message.id);
    });
    const std::span newest(std::min(wanted, all.end() - std::min<std::ptrdiff_t>(std::ssize(all), shown_before)),
                           all.end());
    if (const auto hidden = found.chat.unread - unread_in(all); hidden > 0 && !newest.empty())
      note(Style::dim, fmt::format("{} earlier ones are unread: coi read {} --before {}", hidden, chat_->value,
                                   newest.front().id.value));
    view_.make_room({newest.begin(), newest.end()});
    for (const auto& message : newest) show(message);
    return mark_seen(newest);
  }

  Result<> say(const std::string& line) {
    if (line.find_first_not_of(" \n") == std::string::npos) return {};
    awaited_.insert(
        COI_TRY(client_.send(proto::SendMessage{.account = shell_.globals().account, .chat = chat(), .text = line})));
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
      note(Style::bad, failed_->text());
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
    return mark_seen({&event.message, 1});
  }
  Result<> take(const proto::MessageChanged& event) {
    const auto& message = event.message;
    if (is_here(message) && message.state == proto::MessageState::failed && told_.insert(message.id).second)
      note(Style::bad, fmt::format("not delivered: {} ({})", cut(summary_of(message), 40), message.error));
    return {};
  }
  Result<> take(const proto::Resync& event) {
    if (!chat_ || event.account != account_ || event.seq <= seq_) return {};
    return take(COI_TRY(list(most_listed)));
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

  // Other people's words may be in it.
  void note(Style style, const std::string& text) {
    if (!shell_.out().json()) terminal_->print({shell_.out().styled(style, "       " + one_line(text))});
  }

  // C-34: a receipt says that a message was on screen. So these are marked, which are, and none before or after.
  Result<> mark_seen(std::span<const proto::Message> shown) {
    const auto is_unread = [](const proto::Message& message) { return message.state == proto::MessageState::fresh; };
    const auto first = std::ranges::find_if(shown, is_unread);
    if (first == shown.end()) return {};
    const auto last = std::ranges::find_if(shown.rbegin(), shown.rend(), is_unread);
    COI_TRY(client_.send(
        proto::MarkSeen{.account = shell_.globals().account, .chat = chat(), .from = first->id, .up_to = last->id}));
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

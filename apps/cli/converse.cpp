// coi chat CHAT: a conversation in the terminal
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <span>

#include <fmt/format.h>

#include "commands.h"
#include "members.h"
#include "message_view.h"
#include "proto/account.h"
#include "proto/event.h"
#include "restarts.h"
#include "terminal.h"
#include "text.h"
#include "token.h"
#include "who.h"

namespace coi::cli {
namespace {

struct Said {
  std::string line;
  std::string token;
};

std::vector<Said> said(std::vector<std::string> lines) {
  std::vector<Said> all;
  for (auto& line : lines) all.push_back({.line = std::move(line), .token = random_token()});
  return all;
}

class Conversing {
 public:
  Conversing(Shell& shell, Client& client, Whom whom)
      : shell_(shell), client_(&client), whom_(std::move(whom)), view_(shell.out(), system_now()) {}

  // Who it is, and what was said before. An address that nobody wrote from or to yet begins a chat with the first line.
  Result<> begin() {
    COI_TRY(client_->call(proto::Subscribe{.account = whom_.account}));
    auto found = list(shown_before);
    if (!found && found.error().kind() != ErrorKind::not_found) return std::unexpected(found.error());
    // What is unread may lie further back, with other messages between.
    if (found && unread_in(found->messages) < found->chat.unread) found = COI_TRY(list(most_listed));
    connection_ = COI_TRY(client_->call(proto::GetStatus{.account = whom_.account})).connection;
    terminal_.emplace(shell_.out());
    introduce();
    if (found) {
      if (found->chat.request) note(Style::plain, request_text(found->chat));
      COI_TRY(take(*found));
    }
    tell_what_waits();
    terminal_->draw_prompt();
    return {};
  }

  Result<> run() {
    while (true) {
      const auto done = client_ == nullptr ? try_again() : step();
      if (!done && client_ != nullptr && client_->gone())
        COI_TRY(lose_daemon());
      else if (!done)
        return done;
      if (terminal_->ended() && awaited_.empty() && unsent_.empty()) break;
    }
    return failed_ && !terminal_->is_interactive() ? Result<>(std::unexpected(*failed_)) : Result<>();
  }

 private:
  static constexpr std::uint32_t shown_before = 10;    // at least
  static constexpr std::uint32_t most_listed = 1000;   // what the daemon gives at once
  static constexpr int attempts = 5, pause_ms = 1000;  // to reach a daemon that ended

  static std::int64_t unread_in(const std::vector<proto::Message>& messages) {
    return std::ranges::count(messages, proto::MessageState::fresh, &proto::Message::state);
  }

  void introduce() {
    auto text = "Conversation with " + whom_.text;
    if (terminal_->is_interactive())
      text += ". Enter sends a line, ctrl-D leaves; coi chat --help lists the keys.";
    else
      text += ".";
    if (!shell_.out().json()) terminal_->print({shell_.out().styled(Style::dim, one_line(text)), ""});
  }

  Result<> step() {
    while (auto message = COI_TRY(client_->next_ready())) COI_TRY(take(*message));
    if (terminal_->ended() && awaited_.empty()) return {};
    std::array<pollfd, 2> waits = {pollfd{.fd = terminal_->descriptor(), .events = POLLIN, .revents = 0},
                                   pollfd{.fd = client_->descriptor(), .events = POLLIN, .revents = 0}};
    COI_TRY(terminal_->wait(waits, -1));
    if (waits[0].revents == 0) return {};
    std::ranges::copy(said(terminal_->read_lines()), std::back_inserter(unsent_));
    COI_TRY(say_unsent());
    terminal_->draw_prompt();
    return {};
  }

  // What was not answered is said again, under the same token: what the daemon had stored already is not stored twice.
  Result<> lose_daemon() {
    COI_TRY(restarts_.allow());
    client_ = nullptr;
    lost_ = 0;
    note(Style::bad, "the daemon ended; it is started again");
    for (auto one = awaited_.rbegin(); one != awaited_.rend(); ++one) unsent_.push_front(one->second);
    awaited_.clear();
    return {};
  }

  // Once a second, while the person types on.
  Result<> try_again() {
    if (lost_ > 0) {
      std::array<pollfd, 1> waits = {pollfd{.fd = terminal_->descriptor(), .events = POLLIN, .revents = 0}};
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(pause_ms);
      for (auto now = std::chrono::steady_clock::now(); now < until; now = std::chrono::steady_clock::now()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now).count();
        COI_TRY(terminal_->wait(waits, static_cast<int>(left)));
        if (waits[0].revents == 0) continue;
        std::ranges::copy(said(terminal_->read_lines()), std::back_inserter(unsent_));
        terminal_->draw_prompt();
        if (terminal_->ended()) break;
        waits[0].fd = terminal_->descriptor();
      }
    }
    auto again = shell_.reconnect();
    if (!again) {
      if (++lost_ >= attempts || terminal_->ended()) return std::unexpected(again.error());
      if (lost_ == 1) note(Style::bad, again.error().text());
      return {};
    }
    client_ = *again;
    return begin_again();
  }

  Result<> begin_again() {
    COI_TRY(client_->call(proto::Subscribe{.account = whom_.account}));
    auto found = list(most_listed);
    if (found) {
      COI_TRY(take(*found));
    } else if (found.error().kind() != ErrorKind::not_found) {
      return std::unexpected(found.error());
    }
    note(Style::dim, "connected to the daemon again");
    return say_unsent();
  }

  proto::ChatName chat() const { return {chat_ ? std::to_string(chat_->id.value) : whom_.chat}; }

  Result<proto::ChatMessages> list(std::uint32_t last) {
    const proto::ListMessages params{.account = whom_.account, .chat = chat(), .most = last};
    return terminal_ ? client_->call(params) : shell_.ask(params);  // no progress amid a conversation
  }

  // Shows the newest messages, from the first on that is unread or behind what is shown; without such, the last few.
  Result<> take(const proto::ChatMessages& found) {
    whom_.account = found.chat.account;
    chat_ = found.chat;
    seq_ = found.seq;
    const auto& all = found.messages;
    const auto wanted = std::ranges::find_if(all, [&](const proto::Message& message) {
      return message.state == proto::MessageState::fresh || shown_.contains(message.id);
    });
    const std::span newest(std::min(wanted, all.end() - std::min<std::ptrdiff_t>(std::ssize(all), shown_before)),
                           all.end());
    if (const auto hidden = found.chat.unread - unread_in(all); hidden > 0 && !newest.empty())
      note(Style::dim, fmt::format("{} earlier ones are unread: coi read {} --before {}", hidden, chat_->id.value,
                                   newest.front().id.value));
    view_.make_room({newest.begin(), newest.end()}, *chat_);
    for (const auto& message : newest) show(message);
    return mark_seen(newest);
  }

  Result<> say_unsent() {
    while (!unsent_.empty()) {
      COI_TRY(say(unsent_.front()));
      unsent_.pop_front();
    }
    return {};
  }

  // What cannot even be asked is refused like what the daemon refuses: the conversation goes on.
  Result<> say(const Said& one) {
    const auto& line = one.line;
    if (line.find_first_not_of(" \n") == std::string::npos) return {};
    if (!is_text(line)) {
      refuse(line, {ErrorKind::invalid, "there is a NUL in the line, so it is no text"});
      return {};
    }
    const auto request =
        client_->send(proto::SendMessage{.account = whom_.account, .chat = chat(), .text = line, .token = one.token});
    if (request)
      awaited_.emplace(*request, one);
    else if (client_->gone())
      return std::unexpected(request.error());
    else
      refuse(line, request.error());
    return {};
  }

  void refuse(const std::string& line, const Error& error) {
    failed_ = error;
    const bool is_back = terminal_->put_back(line);
    note(Style::bad, "not sent: " + error.text() + (error.hint().empty() ? "" : fmt::format(" ({})", error.hint())));
    if (!is_back && terminal_->is_interactive()) note(Style::dim, "arrow up brings the line back");
  }

  Result<> take(const proto::RpcMessage& message) {
    if (message.method == proto::event_method) {
      const auto event = json::decode<proto::Event>(message.params);
      if (!event) return {};  // of a newer daemon
      return std::visit([&](const auto& one) { return take(one); }, *event);
    }
    if (!message.id || !message.id->is_int64()) return {};
    const auto asked = awaited_.extract(message.id->get_int64());
    if (asked.empty()) return {};
    if (message.error) {
      refuse(asked.mapped().line, to_error(*message.error));
      return {};
    }
    auto answer = COI_TRY(json::decode<proto::SentMessages>(message.result));
    const auto sent = std::move(answer.message);
    whom_.account = sent.account;
    if (!chat_) chat_ = proto::Chat{.account = sent.account, .id = sent.chat};
    stored_.insert(sent.id);
    shell_.out().done(stored_.size() == 1 ? "a message is stored and goes out"
                                          : fmt::format("{} messages are stored and go out", stored_.size()));
    show(sent);
    tell_what_waits();
    return {};
  }

  Result<> take(const proto::MessageAdded& event) {
    if (!is_here(event.message) || event.seq <= seq_) return {};
    show(event.message);
    return mark_seen({&event.message, 1});
  }
  // A chat that was not there when the conversation began is there with its first message, whoever writes it.
  Result<> take(const proto::ChatChanged& event) {
    if (chat_ && chat_->id == event.chat.id && event.chat.account == whom_.account) chat_ = event.chat;
    if (chat_ || !others_.insert(event.chat.id).second) return {};
    const auto found = list(most_listed);
    if (found) return take(*found);
    return client_->gone() ? Result<>(std::unexpected(found.error())) : Result<>();
  }
  Result<> take(const proto::MessageChanged& event) {
    const auto& message = event.message;
    if (!is_here(message)) return {};
    if (message.state == proto::MessageState::failed && told_.insert(message.id).second) {
      waiting_.erase(message.id);
      note(Style::bad, fmt::format("not delivered: {} ({})", cut(summary_of(message), 40), message.error));
    } else if (message.state != proto::MessageState::pending && waiting_.erase(message.id) > 0 && !reason_.empty()) {
      note(Style::dim, fmt::format("sent now: {}", cut(summary_of(message), 40)));
    }
    if (waiting_.empty()) reason_.clear();
    tell_words(message);
    tell_reactions(message);
    return {};
  }
  Result<> take(const proto::ConnectionChanged& event) {
    if (event.account != whom_.account && !whom_.account.empty()) return {};
    connection_ = event.connection;
    tell_what_waits();
    return {};
  }
  Result<> take(const proto::Resync& event) {
    if ((!whom_.account.empty() && event.account != whom_.account) || (chat_ && event.seq <= seq_)) return {};
    const auto found = list(most_listed);
    if (found) return take(*found);
    return chat_ || client_->gone() ? Result<>(std::unexpected(found.error())) : Result<>();
  }
  Result<> take(const auto&) { return {}; }

  // Why messages wait: each reason once.
  void tell_what_waits() {
    const auto& reason = connection_.sending_problem;
    if (waiting_.empty() || reason.empty() || reason == reason_) return;
    reason_ = reason;
    note(Style::bad,
         fmt::format("{}: {}{}",
                     waiting_.size() == 1 ? "a message waits" : fmt::format("{} messages wait", waiting_.size()),
                     reason, connection_.hint.empty() ? "" : fmt::format(" ({})", connection_.hint)));
  }

  // Chats are numbered anew in each account, and events come of all.
  bool is_here(const proto::Message& message) const {
    return chat_ && message.chat == chat_->id && message.account == whom_.account;
  }

  // This chat, as the message is to be shown in it.
  const proto::Chat& chat_for(const proto::Message& message) {
    if (!shell_.out().json() && speaks_of_members(message)) name_all_members(*client_, *chat_);
    return *chat_;
  }

  // Of a message on the screen that is edited or deleted.
  void tell_words(const proto::Message& message) {
    const auto told = words_.find(message.id);
    auto words = summary_of(message);
    if (told == words_.end() || told->second == words) return;
    if (message.edited || message.deleted)
      note(Style::dim, fmt::format("{}: {}", message.deleted ? "deleted" : "edited",
                                   cut(message.deleted ? told->second : words, 40)));
    told->second = std::move(words);
  }

  // To a message on the screen, whenever they change.
  void tell_reactions(const proto::Message& message) {
    const auto told = reactions_.find(message.id);
    if (told == reactions_.end()) return;
    auto reactions = reactions_of(message, chat_for(message));
    if (told->second == reactions) return;
    note(Style::dim,
         fmt::format("{}: {}", reactions.empty() ? "no reaction any more" : reactions, cut(summary_of(message), 40)));
    told->second = std::move(reactions);
  }

  // A message comes as reply and as event: it is shown once.
  void show(const proto::Message& message) {
    if (message.outgoing && message.state == proto::MessageState::pending && !told_.contains(message.id))
      waiting_.insert(message.id);
    if (!shown_.insert(message.id).second) return;
    const auto& chat = chat_for(message);
    reactions_[message.id] = reactions_of(message, chat);
    words_[message.id] = summary_of(message);
    if (shell_.out().json()) return shell_.out().object(message);
    auto plain = message;
    // It would still say "on its way" when it has long arrived. What fails or waits is told.
    if (plain.state == proto::MessageState::pending) plain.state = proto::MessageState::seen;
    terminal_->print(view_.lines(plain, chat));
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
    COI_TRY(
        client_->send(proto::MarkSeen{.account = whom_.account, .chat = chat(), .from = first->id, .up_to = last->id}));
    return {};
  }

  Shell& shell_;
  Client* client_;  // nullptr: the daemon ended
  Restarts restarts_;
  int lost_ = 0;  // attempts to reach it since
  Whom whom_;
  std::optional<proto::Chat> chat_;  // as it was told last
  std::int64_t seq_ = 0;
  proto::Connection connection_;
  Conversation view_;
  std::optional<Terminal> terminal_;
  std::deque<Said> unsent_;
  std::map<std::int64_t, Said> awaited_;               // by the id of the request
  std::map<proto::MessageId, std::string> words_;      // as they were shown last
  std::map<proto::MessageId, std::string> reactions_;  // as they were shown last
  std::set<proto::MessageId> shown_, told_, waiting_, stored_;
  std::string reason_;              // why messages wait, as it was told
  std::set<proto::ChatId> others_;  // chats that were looked at, and are not this one
  std::optional<Error> failed_;
};

Result<> converse(Shell& shell, const std::string& chat) {
  auto whom = COI_TRY(find_whom(shell, chat));
  auto* client = COI_TRY(shell.client());
  Conversing conversing(shell, *client, std::move(whom));
  COI_TRY(conversing.begin());
  return conversing.run();
}

}  // namespace

void add_converse(Commands& commands) {
  auto chat = std::make_shared<std::string>();
  auto& command = commands.add("chat", "Converse in the terminal; ctrl-D ends it", "Conversations");
  command.add_option("CHAT", *chat, "Chat id, address, or part of the name")->required();
  command.footer(
      "Enter sends the line. ctrl-D on an empty line leaves; ctrl-C clears the line, leaves on an empty one, and ends "
      "a long text early; ctrl-Z stops the program until fg; ctrl-L clears the screen.\n"
      "Arrows, Home, End, ctrl-A, ctrl-E, ctrl-B and ctrl-F move, by words with ctrl or as Alt-B and Alt-F; Backspace, "
      "Delete, ctrl-H, ctrl-D, ctrl-K, ctrl-U "
      "and ctrl-W erase; up and down, ctrl-P and ctrl-N, bring back earlier lines. Pasted text is one message, line "
      "ends "
      "included.\n"
      "With anything else than a terminal at either end, each line of standard input is a message.");
  commands.on(command, [chat](Shell& shell) { return converse(shell, *chat); });
}

}  // namespace coi::cli

// coi watch
#include <map>
#include <optional>

#include <fmt/format.h>

#include "commands.h"
#include "message_view.h"
#include "proto/event.h"
#include "restarts.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

// Prints what people want to see happen: messages, what became of them, and the connection.
class Watch {
 public:
  Watch(Shell& shell, std::optional<proto::ChatId> only)
      : out_(shell.out()), only_(only), conversation_(out_, system_now()) {}

  void name(const proto::Chat& chat) {
    names_[{chat.account, chat.id}] = {.name = one_line(chat.name), .known = !chat.request};
  }

  bool concerns(const proto::Event& event) const {
    if (!only_) return true;
    if (const auto* added = std::get_if<proto::MessageAdded>(&event)) return added->message.chat == *only_;
    if (const auto* changed = std::get_if<proto::MessageChanged>(&event)) return changed->message.chat == *only_;
    if (const auto* chat = std::get_if<proto::ChatChanged>(&event)) return chat->chat.id == *only_;
    // Whose chat a message was is not known any more when it is gone.
    return std::holds_alternative<proto::MessageRemoved>(event) || std::holds_alternative<proto::Resync>(event);
  }

  void show(const proto::MessageAdded& event) {
    const auto& message = event.message;
    for (const auto& line : conversation_.lines(message, said_of(event))) out_.line(line);
  }
  void show(const proto::MessageChanged& event) {
    const auto& message = event.message;
    if (const auto mark = mark_of(out_, message.state); !mark.empty())
      note(fmt::format("message {} ", message.id.value) + mark +
           (message.error.empty() ? "" : " " + one_line(message.error)));
  }
  void show(const proto::ChatChanged& event) { name(event.chat); }
  void show(const proto::ConnectionChanged& event) {
    if (event.connection.state == std::exchange(state_, event.connection.state)) return;
    if (event.connection.state == proto::ConnectionState::online) note("online");
    if (event.connection.state == proto::ConnectionState::offline)
      note("offline: " + one_line(event.connection.problem));
    if (event.connection.state == proto::ConnectionState::rejected)
      note("login rejected: " + one_line(event.connection.problem));
  }
  // The daemon ended, and another one is there: what happened between is not told.
  void missed(const std::vector<proto::Position>& positions) {
    if (out_.json()) {
      for (const auto& position : positions)
        out_.line(json::encode(proto::Event(proto::Resync{position.account, position.seq})));
    } else {
      note("the daemon ended and was started again; coi chats shows what came meanwhile");
    }
    state_.reset();
  }
  void show(const proto::Resync&) { note("much happened at once; coi chats shows it"); }
  void show(const auto&) {}

 private:
  struct Named {
    std::string name;
    bool known = false;
  };

  // What a message's author does not say. A chat that is not named yet is a stranger's, perhaps.
  std::string said_of(const proto::MessageAdded& event) const {
    const auto& message = event.message;
    const auto found = names_.find({event.account, message.chat});
    const auto chat = found == names_.end() ? Named{} : found->second;
    if (message.outgoing) return only_ || chat.name.empty() ? "" : "to " + chat.name;
    const bool is_said = message.from.name.empty() || message.from.name == message.from.addr;
    return chat.known || is_said ? "" : fmt::format("<{}>", one_line(message.from.addr));
  }

  void note(const std::string& text) {
    out_.line(out_.styled(Style::dim, "       " + clock_text(system_now()) + "  ") + out_.styled(Style::dim, text));
  }

  Output& out_;
  std::optional<proto::ChatId> only_;
  Conversation conversation_;
  std::map<std::pair<std::string, proto::ChatId>, Named> names_;
  std::optional<proto::ConnectionState> state_;
};

Result<> watch(Shell& shell, const std::string& chat) {
  // Of one account like every command, although the daemon would tell of all.
  const auto account = COI_TRY(shell.ask(proto::GetStatus{})).account;
  COI_TRY(shell.ask(proto::Subscribe{.account = account}));
  std::vector<proto::Chat> chats;
  if (!chat.empty())
    chats = {COI_TRY(shell.ask(proto::GetChat{.chat = {chat}})).chat};
  else if (!shell.out().json())
    chats = COI_TRY(shell.ask(proto::ListChats{})).chats;
  Watch view(shell, chat.empty() ? std::nullopt : std::optional(chats.front().id));
  for (const auto& one : chats) view.name(one);
  auto* client = COI_TRY(shell.client());
  Restarts restarts;
  while (true) {
    const auto next = client->next();
    if (!next && client->gone()) {
      COI_TRY(shell.out().complete());
      COI_TRY(restarts.allow());
      client = COI_TRY(shell.reconnect());
      view.missed(COI_TRY(client->call(proto::Subscribe{.account = account})).positions);
      continue;
    }
    if (!next) return std::unexpected(next.error());
    const auto& message = *next;
    if (message.method != proto::event_method) continue;
    const auto event = json::decode<proto::Event>(message.params);
    if (event && !view.concerns(*event)) continue;
    // Scripts also get what only a newer daemon knows.
    if (shell.out().json())
      shell.out().line(json::print(message.params));
    else if (event)
      std::visit([&](const auto& one) { view.show(one); }, *event);
    COI_TRY(shell.out().complete());
  }
}

}  // namespace

void add_watch(Commands& commands) {
  auto chat = std::make_shared<std::string>();
  auto& command = commands.add("watch", "Show what happens, until interrupted", "Conversations");
  command.add_option("--chat", *chat, "In this chat alone")->type_name("CHAT");
  commands.on(command, [chat](Shell& shell) { return watch(shell, *chat); });
}

}  // namespace coi::cli

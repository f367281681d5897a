// coi watch
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "commands.h"
#include "members.h"
#include "message_view.h"
#include "paging.h"
#include "proto/account.h"
#include "proto/event.h"
#include "restarts.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

// What was told of messages, of the last ones alone: a watch may last for months.
class Told {
 public:
  using Key = std::pair<std::string, proto::MessageId>;  // account, message
  struct Entry {
    std::optional<std::size_t> words;  // the hash of those shown last; empty: they were not shown
    bool reacted = false;              // it was shown with reactions
  };

  Entry& put(const Key& key) {
    const auto [found, is_new] = entries_.try_emplace(key);
    if (is_new) {
      order_.push_back(key);
      if (order_.size() > most) {
        entries_.erase(order_.front());
        order_.pop_front();
      }
    }
    return found->second;
  }
  Entry* find(const Key& key) {
    const auto found = entries_.find(key);
    return found == entries_.end() ? nullptr : &found->second;
  }

 private:
  static constexpr std::size_t most = 1000;
  std::map<Key, Entry> entries_;
  std::deque<Key> order_;
};

std::size_t hash_of(const std::string& words) { return std::hash<std::string>()(words); }

// Prints what people want to see happen: messages, what became of them, and the connection.
class Watch {
 public:
  // `addresses`: of the accounts, by id, where there are several.
  Watch(Shell& shell, std::optional<proto::ChatId> only, std::map<std::string, std::string> addresses)
      : shell_(shell),
        out_(shell.out()),
        only_(only),
        addresses_(std::move(addresses)),
        conversation_(out_, system_now()) {}

  void name(const proto::Chat& chat) {
    auto& kept = chats_[{chat.account, chat.id}] = chat;
    kept.last.reset();
    namesakes_.put(chat);
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
    // "Hear no more of somebody", unless the user asked for this very chat.
    if (event.blocked && !message.outgoing && !only_) return;
    const auto& chat = chat_for(event.account, message);
    for (const auto& line : conversation_.lines(message, chat, said_of(event, chat))) out_.line(line);
    told_.put({event.account, message.id}) = {.words = hash_of(summary_of(message)),
                                              .reacted = !message.reactions.empty()};
  }
  void show(const proto::MessageChanged& event) {
    const auto& message = event.message;
    auto state = mark_of(out_, message.state);
    if (!state.empty() && !message.error.empty()) state += " " + one_line(message.error);
    if (const auto reactions = reactions_to(event.account, message); !reactions.empty())
      state += (state.empty() ? "" : "  ") + reactions;
    if (const auto words = new_words(event.account, message); !words.empty())
      state += (state.empty() ? "" : "  ") + words;
    if (!state.empty()) note(fmt::format("{}message {} ", prefix(event.account), message.id.value) + state);
  }
  void show(const proto::ChatChanged& event) { name(event.chat); }
  void show(const proto::ConnectionChanged& event) {
    const auto& connection = event.connection;
    const auto [known, is_new] = states_.try_emplace(event.account, connection.state);
    if (!is_new && std::exchange(known->second, connection.state) == connection.state) return;
    if (connection.state == proto::ConnectionState::online) note(prefix(event.account) + "online");
    if (connection.state == proto::ConnectionState::offline)
      note(prefix(event.account) + "offline: " + one_line(connection.problem));
    if (connection.state == proto::ConnectionState::rejected)
      note(prefix(event.account) + "login rejected: " + one_line(connection.problem));
  }
  // The daemon ended, and another one is there: what happened between is not told.
  void missed(const std::vector<proto::Position>& positions) {
    if (out_.json()) {
      for (const auto& position : positions)
        out_.line(json::encode(proto::Event(proto::Resync{position.account, position.seq})));
    } else {
      note("the daemon ended and was started again; coi chats shows what came meanwhile");
    }
    states_.clear();
  }
  void show(const proto::Resync&) { note("much happened at once; coi chats shows it"); }
  void show(const auto&) {}

 private:
  // Of one that is edited or deleted, unless that was said before; of a blocked person's as below. Of a message that
  // was not shown nothing tells an edit of now from one of long ago, of which a reader or a pin is the news.
  std::string new_words(const std::string& account, const proto::Message& message) {
    if (!message.edited && !message.deleted) return {};
    const auto found = chats_.find({account, message.chat});
    if (found != chats_.end() && found->second.blocked && !only_) return {};
    const auto words = summary_of(message);
    auto* told = told_.find({account, message.id});
    if (told == nullptr || !told->words || *told->words == hash_of(words)) return {};
    told->words = hash_of(words);
    return message.deleted ? "is deleted" : "is edited: " + words;
  }

  // As they stand now; of a blocked person's, nothing, unless the user asked for this very chat.
  std::string reactions_to(const std::string& account, const proto::Message& message) {
    const auto& chat = chat_for(account, message);
    if (chat.blocked && !only_) return {};
    const Told::Key key(account, message.id);
    if (message.reactions.empty()) {
      auto* told = told_.find(key);
      return told != nullptr && std::exchange(told->reacted, false) ? "no reaction any more" : "";
    }
    told_.put(key).reacted = true;
    return reactions_of(message, chat);
  }

  // Whose account it is, where there are several.
  std::string of_account(const std::string& id) const {
    if (addresses_.empty()) return {};
    const auto found = addresses_.find(id);
    return one_line(found == addresses_.end() ? id : found->second);
  }
  std::string prefix(const std::string& id) const {
    const auto account = of_account(id);
    return account.empty() ? "" : account + ": ";
  }

  // The message's, as it is to be shown in it. One that is not named yet is a stranger's, perhaps.
  const proto::Chat& chat_for(const std::string& account, const proto::Message& message) {
    static const proto::Chat unknown{.request = true};
    const auto found = chats_.find({account, message.chat});
    if (found == chats_.end()) return unknown;
    if (const auto client = shell_.client(); client && speaks_of_members(message))
      name_all_members(**client, found->second);
    return found->second;
  }

  // What a message's author does not say: to whom, and by which address, where the name is a stranger's or several
  // people's.
  std::string said_of(const proto::MessageAdded& event, const proto::Chat& chat) const {
    const auto& message = event.message;
    const auto addr = one_line(message.from.addr);
    std::string text;
    if (message.outgoing)
      text = only_ || chat.name.empty() ? "" : "to " + (namesakes_.has(chat) ? whom(chat) : one_line(chat.name));
    else if ((chat.request || namesakes_.has(chat)) && !addr.empty() && author_of(message, chat) != addr)
      text = fmt::format("<{}>", addr);
    const auto account = of_account(event.account);
    return account.empty() ? text : text + (text.empty() ? "of " : ", of ") + account;
  }

  void note(const std::string& text) {
    out_.line(out_.styled(Style::dim, "       " + clock_text(system_now()) + "  ") + out_.styled(Style::dim, text));
  }

  Shell& shell_;
  Output& out_;
  std::optional<proto::ChatId> only_;
  std::map<std::string, std::string> addresses_;
  Conversation conversation_;
  std::map<std::pair<std::string, proto::ChatId>, proto::Chat> chats_;
  Namesakes namesakes_;
  std::map<std::string, proto::ConnectionState> states_;
  Told told_;
};

// What is subscribed to, and what is known of it.
struct Watched {
  std::string account;                           // id; empty: all of them
  std::map<std::string, std::string> addresses;  // by id, of several accounts
  std::vector<proto::Chat> chats;
};

// The chat that is named, and its account; else the account that is meant; else all.
Result<Watched> find_watched(Shell& shell, const std::string& chat) {
  if (!chat.empty()) {
    auto found = COI_TRY(shell.ask(proto::GetChat{.chat = {chat}})).chat;
    return Watched{.account = found.account, .addresses = {}, .chats = {std::move(found)}};
  }
  Watched watched;
  const auto accounts = COI_TRY(shell.ask(proto::ListAccounts{})).accounts;
  if (shell.globals().account.empty() && accounts.size() > 1 && std::ranges::none_of(accounts, &proto::Account::used)) {
    for (const auto& account : accounts) watched.addresses.emplace(account.id, account.addr);
  } else {
    watched.account = COI_TRY(shell.ask(proto::GetStatus{})).account;
  }
  if (!shell.out().json())
    watched.chats = COI_TRY(ask_all(proto::ListChats{}, &proto::ChatList::chats,
                                    [&](const proto::ListChats& page) { return shell.ask(page); }));
  return watched;
}

Result<> watch(Shell& shell, const std::string& chat) {
  const auto watched = COI_TRY(find_watched(shell, chat));
  const proto::Subscribe subscription{.account = watched.account};
  COI_TRY(shell.ask(subscription));
  Watch view(shell, chat.empty() ? std::nullopt : std::optional(watched.chats.front().id), watched.addresses);
  for (const auto& one : watched.chats) view.name(one);
  auto* client = COI_TRY(shell.client());
  Restarts restarts;
  while (true) {
    const auto next = client->next();
    if (!next && client->gone()) {
      COI_TRY(shell.out().complete());
      COI_TRY(restarts.allow());
      client = COI_TRY(shell.reconnect());
      view.missed(COI_TRY(client->call(subscription)).positions);
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

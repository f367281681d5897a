// coi completion, man
#include <algorithm>

#include "arguments.h"
#include "commands.h"
#include "completion.h"
#include "members.h"
#include "paging.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "proto/contact.h"
#include "proto/folder.h"
#include "start_daemon.h"
#include "text.h"

namespace coi::cli {
namespace {

// "contact set"
std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// In lower case as far as it is ASCII.
std::string folded(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// A name that means somebody, and neither an id, nor an address, nor an option.
bool is_sayable(std::string_view name) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return !name.starts_with('-') && name.find('@') == std::string_view::npos && !std::ranges::all_of(name, is_digit);
}

Result<> add_chat_words(Client& client, proto::ListChats params, std::vector<std::string>& words) {
  auto chats = COI_TRY(
      ask_all(params, &proto::ChatList::chats, [&](const proto::ListChats& page) { return client.call(page); }));
  for (auto& chat : chats) {
    name_all_members(client, chat);
    // Strangers take no part in names.
    if (const auto name = one_line(chat.name); !chat.request && is_sayable(name)) words.push_back(name);
    for (const auto& member : chat.members) words.push_back(member.addr);
  }
  return {};
}

Result<> add_contact_words(Client& client, const std::string& account, std::string_view what,
                           std::vector<std::string>& words) {
  const auto contacts = COI_TRY(ask_all(proto::ListContacts{.account = account}, &proto::ContactList::contacts,
                                        [&](const proto::ListContacts& page) { return client.call(page); }));
  for (const auto& contact : contacts) {
    const bool may_begin_a_chat = contact.known && !contact.blocked && !contact.chat;
    if (what == "chats" && !may_begin_a_chat) continue;
    if (const auto name = one_line(contact.name); what == "chats" && is_sayable(name)) words.push_back(name);
    for (const auto& address : contact.addresses) words.push_back(address.addr);
  }
  return {};
}

// `what`: one of askable().
Result<std::vector<std::string>> words_for(Client& client, const std::string& account, std::string_view what) {
  std::vector<std::string> words;
  if (what == "accounts")
    for (const auto& one : COI_TRY(client.call(proto::ListAccounts{})).accounts) words.push_back(one.addr);
  if (what == "folders")
    for (const auto& folder : COI_TRY(client.call(proto::ListFolders{.account = account})).folders)
      words.push_back(folder.name);
  if (what == "chats" || what == "people")
    for (const bool archived : {false, true})
      COI_TRY(add_chat_words(client, {.account = account, .archived = archived}, words));
  if (what == "requests") COI_TRY(add_chat_words(client, {.account = account, .requests = true}, words));
  if (what == "contacts" || what == "chats" || what == "people")
    COI_TRY(add_contact_words(client, account, what, words));
  return words;
}

// For completion: what begins so, of a daemon that runs. None is started for it, and what fails is nothing to complete.
Result<> complete(Shell& shell, const std::string& what, const std::string& begun) {
  const auto socket = connect_to_running_daemon(shell.globals());
  if (!socket) return {};
  Client client(*socket);
  auto words = words_for(client, shell.globals().account, what).value_or(std::vector<std::string>());
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  for (const auto& word : words)
    if (!word.empty() && word == one_line(word) && !word.starts_with('-') && folded(word).starts_with(folded(begun)))
      shell.out().line(word);
  return {};
}

}  // namespace

void add_shell_support(Commands& commands) {
  const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  auto shell = std::make_shared<std::string>();
  auto& completion = commands.add("completion", "Print a completion script: bash, zsh or fish", "Programs");
  completion.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->type_name(choice_words(shells))
      ->check(one_of(shells));
  commands.on(completion, [shell, &commands](Shell& used) -> Result<> {
    used.out().raw(completion_script(describe(commands), *shell));
    return {};
  });

  auto what = std::make_shared<std::string>();
  auto begun = std::make_shared<std::string>();
  auto& completions = commands.add("completions", "Words that an argument may be", "");
  completions.add_option("WHAT", *what, choice_words(askable()))->required()->check(one_of(askable()));
  completions.add_option("BEGUN", *begun, "How they begin");
  commands.on(completions, [what, begun](Shell& used) { return complete(used, *what, *begun); });

  auto topic = std::make_shared<std::vector<std::string>>();
  auto& help = commands.add("help", "Say how a command is used, as its --help does", "Programs");
  take_words(help.add_option("COMMAND", *topic, "A command (default: coi itself)"));
  help.callback([topic, &commands] { commands.help_for = joined(*topic); });

  auto words = std::make_shared<std::vector<std::string>>();
  auto& man = commands.add("man", "Print a man page: coi man | man -l -", "Programs");
  man.add_option("COMMAND", *words, "A command (default: coi itself)");
  commands.on(man, [words, &commands](Shell& used) -> Result<> {
    used.out().raw(COI_TRY(man_page(describe(commands), joined(*words), commands.root().version())));
    return {};
  });
}

}  // namespace coi::cli

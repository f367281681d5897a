#include "who.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ask_person.h"
#include "base/ascii.h"
#include "message_view.h"
#include "proto/account.h"
#include "proto/chat.h"
#include "text.h"

namespace coi::cli {
namespace {

// A choice by number, on standard error; nothing when the person chose none.
std::optional<std::size_t> choose(std::string_view question, const std::vector<std::string>& choices) {
  std::string list = fmt::format("{}\n", question);
  for (std::size_t i = 0; i < choices.size(); ++i) list += fmt::format("{:>4}  {}\n", i + 1, choices[i]);
  to_stderr(list);
  const auto answer = ask_person(fmt::format("Which one (1-{}, Enter for none)? ", choices.size()));
  const auto line = ascii_trim(answer);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (error != std::errc() || end != line.data() + line.size() || number < 1 || number > choices.size())
    return std::nullopt;
  return number - 1;
}

std::string text_of(const proto::Candidate& one) {
  if (one.kind == proto::ChatKind::self) return std::string(name_of_self);
  if (one.kind == proto::ChatKind::group) return one_line(one.name);
  const auto addr = one_line(one.addr), name = one_line(one.name);
  return name.empty() || name == addr ? addr : fmt::format("{} <{}>", name, addr);
}

// With the chat's id where no address tells a group from another of its name, and the account where there are several.
std::vector<std::string> texts_of(const std::vector<proto::Candidate>& all) {
  const bool several = std::ranges::any_of(all, [&](const auto& one) { return one.account != all.front().account; });
  std::vector<std::string> texts;
  for (const auto& one : all) {
    const bool needs_id = one.kind != proto::ChatKind::self && one.addr.empty() && one.chat;
    texts.push_back(text_of(one) + (needs_id ? fmt::format(" (chat {})", one.chat->value) : "") +
                    (several ? fmt::format(", of {}", one_line(one.account_addr)) : ""));
  }
  return texts;
}

Whom whom_of(const proto::Candidate& one) {
  return {.account = one.account,
          .chat = one.chat           ? std::to_string(one.chat->value)
                  : one.addr.empty() ? one.account_addr
                                     : one.addr,
          .text = text_of(one)};
}

// Which of several accounts writes to an address that none of them knows.
Result<std::string> choose_account(Shell& shell) {
  if (!shell.globals().account.empty() || !may_ask(shell)) return shell.globals().account;
  const auto accounts = COI_TRY(shell.ask(proto::ListAccounts{})).accounts;
  if (accounts.size() < 2 || std::ranges::any_of(accounts, &proto::Account::used)) return std::string();
  std::vector<std::string> texts;
  for (const auto& account : accounts) texts.push_back(one_line(account.addr));
  const auto chosen = choose("There are several accounts to write from:", texts);
  if (!chosen) return fail(ErrorKind::cancelled, "no account was chosen");
  return accounts[*chosen].id;
}

// Of several accounts that know the word, the one that `coi use` chose is meant.
Result<> keep_the_used_one(Shell& shell, std::vector<proto::Candidate>& all) {
  const auto is_other = [&](const proto::Candidate& one) { return one.account != all.front().account; };
  if (std::ranges::none_of(all, is_other)) return {};
  const auto accounts = COI_TRY(shell.ask(proto::ListAccounts{})).accounts;
  const auto used = std::ranges::find_if(accounts, &proto::Account::used);
  if (used == accounts.end()) return {};
  if (std::ranges::any_of(all, [&](const auto& one) { return one.account == used->id; }))
    std::erase_if(all, [&](const auto& one) { return one.account != used->id; });
  return {};
}

}  // namespace

Result<Whom> find_whom(Shell& shell, const std::string& word) {
  auto all = COI_TRY(shell.ask(proto::ListCandidates{.account = shell.globals().account, .chat = {word}})).candidates;
  if (!all.empty()) COI_TRY(keep_the_used_one(shell, all));
  if (all.size() == 1) return whom_of(all.front());
  if (all.empty() && !word.contains('@'))
    return fail(ErrorKind::not_found, fmt::format("there is no chat with {}", one_line(word)),
                "coi chats and coi chats --requests list them; people you do not know are named by id or address");
  if (all.empty()) return Whom{.account = COI_TRY(choose_account(shell)), .chat = word, .text = one_line(word)};
  const auto texts = texts_of(all);
  if (!may_ask(shell))
    return fail(ErrorKind::ambiguous,
                fmt::format("{} may be one of {}: {}", one_line(word), all.size(), fmt::join(texts, "; ")),
                "give the address, the number of the chat, or --account");
  const auto chosen = choose(fmt::format("{} may be one of these:", one_line(word)), texts);
  if (!chosen) return fail(ErrorKind::cancelled, "nobody was chosen");
  return whom_of(all[*chosen]);
}

std::string from_words(Shell& shell, const std::string& account) {
  const auto listed = shell.ask(proto::ListAccounts{});
  if (!listed || listed->accounts.size() < 2) return {};
  const auto own = std::ranges::find(listed->accounts, account, &proto::Account::id);
  return own == listed->accounts.end() ? std::string() : fmt::format(", from {},", one_line(own->addr));
}

}  // namespace coi::cli

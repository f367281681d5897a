// coi settings [NAME [VALUE]]
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arguments.h"
#include "commands.h"
#include "proto/account.h"
#include "text.h"

namespace coi::cli {
namespace {

const std::vector<std::string> names = {"name", "receipts", "filter", "sent-folder"};

std::string value_of(const proto::AccountSettings& settings, std::string_view name) {
  if (name == "name") return one_line(settings.name);
  if (name == "receipts") return settings.receipts ? "on" : "off";
  if (name == "sent-folder") return one_line(settings.sent_folder);
  const auto word = json::encode(settings.filter);
  return word.substr(1, word.size() - 2);  // without its quotes
}

std::string unset_text(std::string_view name) {
  return name == "sent-folder" ? "(found by itself)" : "(none: others see the address)";
}

Result<bool> switch_of(std::string_view value) {
  constexpr std::array on = {"on", "yes", "true", "1"}, off = {"off", "no", "false", "0"};
  if (std::ranges::find(on, value) != on.end()) return true;
  if (std::ranges::find(off, value) != off.end()) return false;
  return fail(ErrorKind::invalid, fmt::format("{} is neither on nor off", one_line(value)));
}

Result<proto::ChangeSettings> change_to(std::string_view name, const std::string& value) {
  proto::ChangeSettings change;
  if (name == "name") {
    change.name = value;
  } else if (name == "receipts") {
    change.receipts = COI_TRY(switch_of(value));
  } else if (name == "sent-folder") {
    change.sent_folder = value;
  } else {
    const auto filter = json::decode<proto::Filter>(json::Value(value));
    if (!filter) return fail(ErrorKind::invalid, fmt::format("{} is none of none, active, seen", one_line(value)));
    change.filter = *filter;
  }
  return change;
}

struct Wishes {
  std::string name;
  std::optional<std::string> value;
};

Result<> settings(Shell& shell, const Wishes& wishes) {
  const auto now = wishes.value ? COI_TRY(shell.ask(COI_TRY(change_to(wishes.name, *wishes.value))))
                                : COI_TRY(shell.ask(proto::GetSettings{}));
  auto& out = shell.out();
  if (wishes.value) out.done(fmt::format("{} is now \"{}\"", wishes.name, value_of(now, wishes.name)));
  if (out.json()) {
    out.object(now);
  } else if (wishes.name.empty()) {
    for (const auto& name : names) {
      const auto value = value_of(now, name);
      out.line(fmt::format("{:<11} {}", name, value.empty() ? out.styled(Style::dim, unset_text(name)) : value));
    }
  } else {
    out.line(value_of(now, wishes.name));
  }
  return {};
}

}  // namespace

void add_settings(Commands& commands) {
  auto wishes = std::make_shared<Wishes>();
  auto& command = commands.add("settings", "Show the account's settings, or change one", "Accounts");
  command.add_option("NAME", wishes->name, "Which one: name, receipts, filter or sent-folder (default: all)")
      ->type_name(choice_words(names))
      ->check(one_of(names));
  command.add_option("VALUE", wishes->value, "What it shall be; without it, it is shown");
  command.footer(
      "name: what others see beside the address.\nreceipts, on or off: read receipts are sent, and asked for.\nfilter, "
      "none, active or seen: where chat mail lies on the server, as coi filter says it.\nsent-folder: the server's "
      "folder for sent mail, where it is not "
      "found by itself; \"\": as the server says.");
  commands.on(command, [wishes](Shell& shell) { return settings(shell, *wishes); });
}

}  // namespace coi::cli

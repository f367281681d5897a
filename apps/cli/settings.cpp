// coi settings [NAME [VALUE]]
#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "arguments.h"
#include "commands.h"
#include "proto/account.h"
#include "text.h"
#include "when.h"

namespace coi::cli {
namespace {

const std::vector<std::string> names = {"name",        "signature", "receipts",       "filter",
                                        "sent-folder", "undo-send", "hold-at-server", "contacts"};

std::string value_of(const proto::AccountSettings& settings, std::string_view name) {
  if (name == "name") return one_line(settings.name);
  if (name == "signature") return one_line(settings.signature);
  if (name == "receipts") return settings.receipts ? "on" : "off";
  if (name == "undo-send") return settings.undo_send == 0 ? "off" : fmt::format("{}s", settings.undo_send);
  if (name == "hold-at-server") return settings.hold_at_server ? "on" : "off";
  if (name == "sent-folder") return one_line(settings.sent_folder);
  if (name == "contacts") return !settings.contacts ? "" : *settings.contacts ? "on" : "off";
  const auto word = json::encode(settings.filter);
  return word.substr(1, word.size() - 2);  // without its quotes
}

std::string unset_text(std::string_view name) {
  if (name == "signature") return "(none)";
  if (name == "contacts") return "(off until you say on: coi settings contacts on)";
  return name == "sent-folder" ? "(found by itself)" : "(none: others see the address)";
}

Result<bool> switch_of(std::string_view value) {
  constexpr std::array on = {"on", "yes", "true", "1"}, off = {"off", "no", "false", "0"};
  if (std::ranges::find(on, value) != on.end()) return true;
  if (std::ranges::find(off, value) != off.end()) return false;
  return fail(ErrorKind::invalid, fmt::format("\"{}\" is neither on nor off", one_line(value)));
}

Result<proto::ChangeSettings> change_to(std::string_view name, const std::string& value) {
  proto::ChangeSettings change;
  if (name == "name") {
    change.name = value;
  } else if (name == "signature") {
    change.signature = value;
  } else if (name == "receipts") {
    change.receipts = COI_TRY(switch_of(value));
  } else if (name == "undo-send") {
    change.undo_send = COI_TRY(parse_delay(value));
  } else if (name == "hold-at-server") {
    change.hold_at_server = COI_TRY(switch_of(value));
  } else if (name == "sent-folder") {
    change.sent_folder = value;
  } else if (name == "contacts") {
    change.contacts = COI_TRY(switch_of(value));
  } else {
    const auto filter = json::decode<proto::Filter>(json::Value(value));
    if (!filter) return fail(ErrorKind::invalid, fmt::format("\"{}\" is none of none, active, seen", one_line(value)));
    change.filter = *filter;
  }
  return change;
}

std::string shown(const Output& out, const proto::AccountSettings& settings, std::string_view name) {
  const auto value = value_of(settings, name);
  return value.empty() ? out.styled(Style::dim, unset_text(name)) : value;
}

// What follows from a change, where it is not what was said; empty: nothing.
std::string_view what_follows(const proto::AccountSettings& now, std::string_view name) {
  if (name == "contacts")
    return now.contacts.value_or(false)
               ? "Contacts, drafts and what you decide about people and groups are written into your mailbox from now "
                 "on, as mails that are not encrypted; your other devices read them there."
               : "Nothing more of them is written into your mailbox; what lies there stays.";
  if (name == "hold-at-server")
    return now.hold_at_server ? "Messages for later are handed over at once from now on, where your provider's server "
                                "keeps them: they go also when this device is off, and cannot be taken back."
                              : "Messages for later wait on this device from now on, which has to be on at their time. "
                                "What the server has already it sends.";
  if (name == "sent-folder")
    return now.sent_folder.empty()
               ? "Sent mail is kept in the folder that your server names, or in one that is found by itself."
               : "Sent mail is kept and looked for in that folder from now on; if there is none of that name, coi "
                 "status says it.";
  return {};
}

struct SettingWishes {
  std::string name;
  std::optional<std::string> value;
};

Result<> settings(Shell& shell, const SettingWishes& wishes) {
  const auto now = wishes.value ? COI_TRY(shell.ask(COI_TRY(change_to(wishes.name, *wishes.value))))
                                : COI_TRY(shell.ask(proto::GetSettings{}));
  auto& out = shell.out();
  if (wishes.value) out.done(fmt::format("{} is now \"{}\"", wishes.name, value_of(now, wishes.name)));
  if (out.json()) {
    out.object(now);
  } else if (wishes.name.empty()) {
    for (const auto& name : names) out.line(fmt::format("{:<14} {}", name, shown(out, now, name)));
  } else {
    out.line(shown(out, now, wishes.name));
    if (const auto more = wishes.value ? what_follows(now, wishes.name) : ""; !more.empty())
      for (const auto& line : wrap(more, out.width())) out.line(out.styled(Style::dim, line));
  }
  return {};
}

}  // namespace

void add_settings(Commands& commands) {
  auto wishes = std::make_shared<SettingWishes>();
  auto& command = commands.add("settings", "Show the account's settings, or change one", "Accounts");
  command.add_option("NAME", wishes->name, fmt::format("Which one: {} (default: all)", fmt::join(names, ", ")))
      ->type_name(choice_words(names))
      ->check(one_of(names));
  command.add_option("VALUE", wishes->value, "What it shall be; without it, it is shown");
  command.footer(
      "name: what others see beside the address (none at first).\n"
      "signature: stands below what you write, as mail programs show it; chat programs show it with your name (none at "
      "first).\n"
      "receipts, on or off: read receipts are sent, and asked for (on at first).\n"
      "filter, none, active or seen: where chat mail lies on the server, as coi filter says it (none at first).\n"
      "sent-folder: the server's folder for sent mail, where it is not found by itself; \"\": as the server says.\n"
      "undo-send, such as 5s, 60s at most, or off: each message waits so long before it goes, and coi undo takes it "
      "back (off at first).\n"
      "hold-at-server, on or off: a message for later is handed over at once where the server keeps it until its time. "
      "It goes also when this device is off, and cannot be taken back (off at first).\n"
      "contacts, on or off: the people you name, accept, block, mute, pin or archive are kept in the mailbox, as mails "
      "that are not encrypted, and so are drafts and what you decide about groups; all your devices have them then. "
      "Nothing is written before you say on, and off leaves what was written.");
  commands.on(command, [wishes](Shell& shell) { return settings(shell, *wishes); });
}

}  // namespace coi::cli

// coi status, sync, filter
#include "arguments.h"

#include <fmt/format.h>
#include "base/size_text.h"
#include "commands.h"
#include "proto/account.h"
#include "proto/event.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

std::string state_text(const Output& out, const proto::Connection& connection) {
  switch (connection.state) {
    case proto::ConnectionState::online:
      return out.styled(Style::good, "online");
    case proto::ConnectionState::syncing:
      return out.styled(Style::good, "online, fetching");
    case proto::ConnectionState::connecting:
      return "connecting";
    case proto::ConnectionState::rejected:
      return out.styled(Style::bad, "login rejected");
    case proto::ConnectionState::offline:
      break;
  }
  return out.styled(Style::bad, "offline");
}

std::string coi_text(const proto::Connection& connection) {
  if (!connection.coi) return "not on this server: this device does the filing";
  return connection.coi_enabled ? "on: the server does the filing" : "offered by the server, and off";
}

// Long texts go on below themselves.
void row(Output& out, std::string_view label, std::string_view text) {
  constexpr std::size_t indent = 2, label_width = 11, least = 16;
  if (text.empty()) return;
  const auto width = out.width() == 0 ? 0 : std::max(out.width() - std::min(out.width(), indent + label_width), least);
  auto head = std::string(indent, ' ') + out.styled(Style::dim, fit(label, label_width));
  for (const auto& line : wrap(one_line(text), width)) {
    out.line(head + line);
    head = std::string(indent + label_width, ' ');
  }
}

std::string filter_text(proto::Filter filter) {
  switch (filter) {
    case proto::Filter::active:
      return "active: chat mail goes to the chats folder at once";
    case proto::Filter::seen:
      return "seen: chat mail goes to the chats folder once it was read";
    case proto::Filter::none:
      break;
  }
  return "none: chat mail stays where it came in";
}

std::string offers_text(const proto::Connection& connection) {
  std::string text = connection.tls;
  for (const auto& word : connection.offers) text += (text.empty() ? "" : " · ") + word;
  return text;
}

void print(Output& out, const proto::Status& status) {
  const auto& connection = status.connection;
  if (!status.problem.empty()) {
    out.line(out.styled(Style::bold, one_line(status.addr.empty() ? status.account : status.addr)) + "  " +
             out.styled(Style::bad, "cannot be opened"));
    row(out, "", status.problem);
    row(out, "", connection.hint);
    return;
  }
  out.line(
      out.styled(Style::bold, one_line(status.addr)) + "  " + state_text(out, connection) +
      (connection.since ? out.styled(Style::dim, "  since " + moment_text(connection.since->ms, system_now())) : ""));
  row(out, "", connection.problem);
  row(out, "", connection.hint);
  row(out, "server", offers_text(connection));
  row(out, "alert", connection.alert);
  if (connection.connection_limit)
    row(out, "", "the provider allows few connections: one is used in turns, new mail may come late");
  row(out, "COI", coi_text(connection));
  if (connection.webpush) row(out, "WebPush", "offered");
  row(out, "filter", filter_text(connection.filter));
  row(out, "messages",
      fmt::format("{}{}", status.messages,
                  status.unreadable > 0 ? fmt::format(", and {} mails that cannot be read", status.unreadable) : ""));
  if (!status.progress.finished && status.progress.total > 0)
    row(out, "fetching", fmt::format("{} of {} mails", status.progress.done, status.progress.total));
  row(out, "queue",
      status.queue.outgoing == 0
          ? "empty"
          : fmt::format("{} to send{}{}", status.queue.outgoing, connection.sending_problem.empty() ? "" : ": ",
                        connection.sending_problem));
  if (status.queue.scheduled > 0) row(out, "", fmt::format("{} for later: coi outbox", status.queue.scheduled));
  row(out, "sent", fmt::format("{} in the last 24 hours", status.queue.sent_today));
  if (connection.quota)
    row(out, "quota",
        fmt::format("{} of {}", size_text(connection.quota->used_kb * 1000),
                    size_text(connection.quota->limit_kb * 1000)));
  row(out, "password", status.secrets == proto::SecretsPlace::keyring ? "in the keyring" : "in a file on this device");
}

// Of the account that is meant, else of all.
Result<> show_status(Shell& shell) {
  std::vector<std::string> ids;
  if (shell.globals().account.empty())
    for (const auto& account : COI_TRY(shell.ask(proto::ListAccounts{})).accounts) {
      if (account.used) ids.assign(1, account.id);
      if (account.used) break;
      ids.push_back(account.id);
    }
  if (ids.empty()) ids.emplace_back();
  for (const auto& id : ids) {
    const auto status = COI_TRY(shell.ask(proto::GetStatus{.account = id}));
    if (shell.out().json())
      shell.out().object(status);
    else
      print(shell.out(), status);
  }
  return {};
}

Result<> sync(Shell& shell, bool wait) {
  if (!wait) {
    COI_TRY(shell.ask(proto::Sync{}));
    return {};
  }
  auto* client = COI_TRY(shell.client());
  Progress progress("Fetching", !shell.globals().json);
  client->idle = [&] { progress.tick(); };
  client->notice = [&](const proto::RpcMessage& message) {
    if (message.method != proto::event_method) return;
    const auto event = json::decode<proto::Event>(message.params);
    if (!event) return;  // of a newer daemon
    if (const auto* made = std::get_if<proto::ProgressMade>(&*event)) progress.count(made->progress);
  };
  COI_TRY(client->call(proto::Subscribe{.account = shell.globals().account}));
  const auto done = client->call(proto::Sync{.account = shell.globals().account, .wait = true});
  client->idle = nullptr;
  client->notice = nullptr;
  if (!done) return std::unexpected(done.error());
  return {};
}

Result<> show_filter(Shell& shell) {
  const auto status = COI_TRY(shell.ask(proto::GetStatus{}));
  shell.out().show(status, "Filter " + filter_text(status.connection.filter) + ".");
  return {};
}

Result<> set_filter(Shell& shell, proto::Filter filter) {
  const auto status = COI_TRY(shell.ask(proto::SetFilter{.filter = filter}));
  shell.out().report(status, "Filter " + filter_text(status.connection.filter) + ".");
  return {};
}

}  // namespace

void add_status(Commands& commands) {
  commands.on(commands.add("status", "Show the connection, what the server offers, and the queue", "Accounts"),
              show_status);

  auto wait = std::make_shared<bool>(false);
  auto& fetch = commands.add("sync", "Fetch what is new, and send what waits, now", "Accounts");
  fetch.add_flag("--wait", *wait, "Return when all that is new is here");
  commands.on(fetch, [wait](Shell& shell) { return sync(shell, *wait); });

  const std::vector<std::string> words = {"none", "active", "seen"};
  auto chosen = std::make_shared<std::string>();
  auto& filter = commands.add("filter", "Choose where chat mail lies on the server, or show it", "Accounts");
  filter
      .add_option(
          "WHEN", *chosen,
          "none: where it came in; active: in the chats folder at once; seen: there once it was read (default: show "
          "what is chosen)")
      ->type_name(choice_words(words))
      ->check(one_of(words));
  commands.on(filter, [chosen](Shell& shell) -> Result<> {
    if (chosen->empty()) return show_filter(shell);
    return set_filter(shell, COI_TRY(json::decode<proto::Filter>(json::Value(*chosen))));
  });
}

}  // namespace coi::cli

#include <algorithm>

#include <fmt/format.h>

#include "api/methods.h"
#include "api/rows.h"
#include "api/rpc.h"

namespace coi::api {
namespace {

Result<proto::Account> account_with(const engine::Engine& engine, std::string_view addr) {
  for (const auto& entry : engine.accounts())
    if (entry.config.addr == addr || entry.config.id == addr) return to_proto(entry, engine.used());
  return fail(ErrorKind::not_found, fmt::format("there is no account {}", addr));
}

engine::OAuthFlow flow_of(proto::OAuthFlow flow) {
  switch (flow) {
    case proto::OAuthFlow::device:
      return engine::OAuthFlow::device;
    case proto::OAuthFlow::device_if_offered:
      return engine::OAuthFlow::device_if_offered;
    case proto::OAuthFlow::browser:
      break;
  }
  return engine::OAuthFlow::browser;
}

engine::LoginRequest request_of(const proto::Login& params) {
  engine::LoginRequest request{.addr = params.addr,
                               .name = params.name,
                               .imap_url = params.imap,
                               .smtp_url = params.smtp,
                               .user = params.user,
                               .tls_ca = params.tls_ca,
                               .token_command = params.token_command};
  if (params.password) {
    request.password = *params.password;
  } else if (params.oauth) {
    request.auth = engine::AuthKind::oauth;
    auto& at = request.oauth.at;
    at.issuer = params.oauth->issuer;
    at.client_id = params.oauth->client_id;
    at.client_secret = params.oauth->client_secret.value_or(Secret());
    at.scope = params.oauth->scope;
    request.oauth.flow = flow_of(params.oauth->flow);
  } else {
    request.auth = engine::AuthKind::token_command;
  }
  if (params.secrets)
    request.secrets = *params.secrets == proto::SecretsPlace::keyring ? secrets::Mode::keyring : secrets::Mode::file;
  return request;
}

proto::SecretsPlace place_of(secrets::Mode mode) {
  return mode == secrets::Mode::keyring ? proto::SecretsPlace::keyring : proto::SecretsPlace::file;
}

Result<proto::Status> status_of(const OpenAccount& open) {
  const auto config = open.account->config();
  const auto queue = COI_TRY(open.reader->queue(open.call.service.environment.clock()));
  const auto status = open.account->status();
  return proto::Status{.account = open.id,
                       .addr = config.addr,
                       .connection = to_proto(status),
                       .progress = to_proto(open.account->progress()),
                       .queue = {.outgoing = queue.outgoing,
                                 .scheduled = queue.scheduled,
                                 .jobs = queue.jobs,
                                 .sent_today = queue.sent_today},
                       .secrets = place_of(config.secrets),
                       .messages = queue.messages,
                       .unreadable = queue.unreadable,
                       .problem = ""};
}

}  // namespace

Result<proto::Account> login(const Call& call, const proto::Login& params) {
  if (params.password.has_value() + !params.token_command.empty() + params.oauth.has_value() != 1)
    return fail(ErrorKind::invalid, "a login takes one of password, token_command and oauth");
  const auto tell = [&](const proto::LoginStep& step) {
    call.client->put_notice(notification_line(proto::login_step_method, json::encode(step)));
  };
  // It ends with its client; and with the next command while a person is on the provider's page, and may have left it
  // for good.
  std::stop_source stop, displaced;
  const auto end = [&] { stop.request_stop(); };
  const std::stop_callback with_client(call.client->closed(), end), with_next(displaced.get_token(), end);
  auto request = request_of(params);
  const auto about = mime::written_address(params.addr);
  request.oauth.answered = [&] { call.service.errands.keep(about); };
  request.oauth.show = [&](const oauth::Prompt& prompt) {
    call.service.errands.give_way(about, displaced);
    tell({.request = call.id,
          .step = "waiting for you to log in on the provider's page",
          .url = prompt.url,
          .code = prompt.code.empty() ? std::nullopt : std::optional(prompt.code)});
  };
  request.doubt = [&](const std::string& imap, const std::string& smtp) {
    tell({.request = call.id, .step = "found servers that the user has to agree to", .imap = imap, .smtp = smtp});
  };
  request.stop = stop.get_token();
  request.oauth.wanted = [&] { return !stop.stop_requested(); };
  const auto account = call.service.engine->login(
      request, [&](std::string_view step) { tell({.request = call.id, .step = std::string(step)}); });
  if (!account && displaced.stop_requested())
    return fail(ErrorKind::cancelled, fmt::format("another command about {} came while the login waited", params.addr),
                "log in again, if it is still wanted");
  auto details = COI_TRY(account_with(*call.service.engine, COI_TRY(account)->config().id));
  call.service.events.account_changed(details);
  return details;
}

Result<proto::RepairedAccount> repair(const Call& call, const proto::RepairAccount& params) {
  auto& engine = *call.service.engine;
  const auto repaired = COI_TRY(engine.repair(params.account));
  auto details = COI_TRY(account_with(engine, COI_TRY(engine.entry(params.account)).config.id));
  call.service.events.account_changed(details);
  return proto::RepairedAccount{.account = details.id,
                                .addr = details.addr,
                                .sound = repaired.sound,
                                .kept = repaired.kept.string(),
                                .messages = repaired.messages,
                                .chats = repaired.chats,
                                .contacts = repaired.contacts,
                                .waiting = repaired.waiting,
                                .incomplete = repaired.incomplete};
}

Result<proto::Done> logout(const Call& call, const proto::Logout& params) {
  auto& engine = *call.service.engine;
  const auto before = engine.accounts();
  const auto used = engine.used();
  COI_TRY(engine.logout(params.account));
  const auto after = engine.accounts();
  for (const auto& entry : before) {
    if (std::ranges::any_of(after, [&](const auto& one) { return one.config.id == entry.config.id; })) continue;
    auto details = to_proto(entry, used);
    details.removed = true;
    call.service.events.account_changed(std::move(details));
  }
  return {};
}

void list_accounts(const Call& call, const proto::ListAccounts&, const Responder<proto::AccountList>& responder) {
  const auto& engine = *call.service.engine;
  proto::AccountList list;
  for (const auto& entry : engine.accounts()) list.accounts.push_back(to_proto(entry, engine.used()));
  // The only account needs no choosing.
  if (list.accounts.size() == 1) list.accounts.front().used = true;
  responder(list);
}

Result<proto::Account> use_account(const Call& call, const proto::UseAccount& params) {
  auto& engine = *call.service.engine;
  const auto before = engine.used();
  COI_TRY(engine.use(params.account));
  if (before && before != engine.used())
    if (auto left = account_with(engine, *before)) call.service.events.account_changed(std::move(*left));
  auto details = COI_TRY(account_with(engine, engine.used().value_or(params.account)));
  call.service.events.account_changed(details);
  return details;
}

namespace {

Result<proto::AccountSettings> settings_of(const OpenAccount& open) {
  const auto config = open.account->config();
  const auto status = open.account->status();
  const auto filter = wire::parse_filter(status.filter).value_or(wire::Filter::none);
  return proto::AccountSettings{
      .account = open.id,
      .addr = config.addr,
      .name = config.name,
      .signature = config.signature,
      .receipts = config.receipts,
      .filter = to_proto(filter),
      .sent_folder = config.sent_folder,
      .undo_send = config.undo_send,
      .hold_at_server = config.hold_at_server,
      .contacts = status.contacts.empty() ? std::nullopt : std::optional(status.contacts == "on")};
}

// Those that the database has, one after the other.
void store_wishes(const OpenAccount& open, proto::ChangeSettings left,
                  const Responder<proto::AccountSettings>& responder) {
  std::optional<chat::Input> next;
  if (left.filter)
    next = chat::SetFilter{filter_of(*std::exchange(left.filter, {}))};
  else if (left.contacts)
    next = chat::KeepContacts{*std::exchange(left.contacts, {})};
  if (!next) return responder(settings_of(open));
  open.account->act(*std::move(next), [call = open.call, id = open.id, left, responder](Result<store::Changes> done) {
    if (!done) return responder(std::unexpected(done.error()));
    open_account(call, id, Purpose::follow_up, [left, responder](Result<OpenAccount> again) {
      if (!again) return responder(std::unexpected(again.error()));
      store_wishes(*again, left, responder);
    });
  });
}

}  // namespace

Result<proto::AccountSettings> get_settings(const OpenAccount& open, const proto::GetSettings&) {
  return settings_of(open);
}

void change_settings(const Call& call, const proto::ChangeSettings& params,
                     const Responder<proto::AccountSettings>& responder) {
  constexpr std::size_t longest_signature = 500;
  if (params.signature && params.signature->size() > longest_signature)
    return responder(fail(ErrorKind::invalid, "the signature is too long", "at most 500 octets"));
  // Which account is found out where accounts are read; then it has to begin anew, which takes a while.
  open_account(call, params.account, Purpose::command, [=](Result<OpenAccount> open) {
    if (!open) return responder(std::unexpected(open.error()));
    auto addr = open->account->config().addr;
    const auto store = [call = open->call, id = open->id, params, responder] {
      auto& engine = *call.service.engine;
      if (params.name || params.signature || params.receipts || params.sent_folder || params.undo_send ||
          params.hold_at_server)
        if (const auto done = engine.change(id, {.name = params.name,
                                                 .signature = params.signature,
                                                 .receipts = params.receipts,
                                                 .sent_folder = params.sent_folder,
                                                 .undo_send = params.undo_send,
                                                 .hold_at_server = params.hold_at_server});
            !done)
          return responder(std::unexpected(done.error()));
      if (auto details = account_with(engine, id)) call.service.events.account_changed(std::move(*details));
      open_account(call, id, Purpose::follow_up, [params, responder](Result<OpenAccount> again) {
        if (!again) return responder(std::unexpected(again.error()));
        store_wishes(*again, params, responder);
      });
    };
    call.service.errands.post(std::move(addr), store);
  });
}

void get_status(const Call& call, const proto::GetStatus& params, const Responder<proto::Status>& responder) {
  open_account(call, params.account, Purpose::read, [call, params, responder](const Result<OpenAccount>& open) {
    if (open) return responder(status_of(*open));
    // An account that cannot be opened has a state too: the reason.
    const auto entry = call.service.engine->entry(params.account);
    if (!entry || !entry->problem) return responder(std::unexpected(open.error()));
    responder(proto::Status{.account = entry->config.id,
                            .addr = entry->config.addr,
                            .connection = {.problem = entry->problem->text(), .hint = entry->problem->hint()},
                            .progress = {.finished = true},
                            .secrets = place_of(entry->config.secrets),
                            .problem = entry->problem->text()});
  });
}

void sync(const Call& call, const proto::Sync& params, const Responder<proto::Done>& responder) {
  call.service.reads.post(
      [=](Readers& readers) {
        // The first failure is the answer, else the last account's end.
        const auto last = std::shared_ptr<void>(nullptr, [responder](void*) { responder(proto::Done{}); });
        const auto begun =
            for_each_account(call, readers, params.account, {}, [&](const OpenAccount& open) -> Result<> {
              open.account->sync(
                  [responder, wait = params.wait, held = params.wait ? last : nullptr](const Result<>& done) {
                    if (!done && wait) responder(std::unexpected(done.error()));
                  });
              return {};
            });
        if (!begun) responder(std::unexpected(begun.error()));
      },
      params.wait ? call.client->closed() : std::stop_token());
}

void set_filter(const OpenAccount& open, const proto::SetFilter& params, const Responder<proto::Status>& responder) {
  act<proto::Status>(open, chat::SetFilter{filter_of(params.filter)}, responder,
                     [](const OpenAccount& again, const store::Changes&) { return status_of(again); });
}

}  // namespace coi::api

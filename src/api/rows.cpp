#include "api/rows.h"

#include <array>

namespace coi::api {
namespace {

// A mute for good is stored as a time that nobody lives to see; from this on it is shown as such.
constexpr UnixMs for_good = 32'503'680'000'000;  // the year 3000

template <class To, class From>
std::optional<To> id_or_none(From id) {
  return id ? std::optional(To{id.value}) : std::nullopt;
}

std::optional<json::Rfc3339> time_or_none(UnixMs time) {
  return time == 0 ? std::nullopt : std::optional(json::Rfc3339{time});
}

proto::Program to_proto(chat::PeerClass program) {
  switch (program) {
    case chat::PeerClass::plain:
      return proto::Program::plain;
    case chat::PeerClass::delta:
      return proto::Program::delta;
    case chat::PeerClass::coi:
      return proto::Program::coi;
    case chat::PeerClass::unknown:
      break;
  }
  return proto::Program::unknown;
}

proto::MessageState to_proto(store::MessageRow::State state) {
  using State = store::MessageRow::State;
  switch (state) {
    case State::fresh:
      return proto::MessageState::fresh;
    case State::seen:
      return proto::MessageState::seen;
    case State::pending:
      return proto::MessageState::pending;
    case State::sent:
      return proto::MessageState::sent;
    case State::partly:
      return proto::MessageState::partly;
    case State::read:
      return proto::MessageState::read;
    case State::failed:
      return proto::MessageState::failed;
  }
  return proto::MessageState::failed;
}

proto::Recipient to_proto(const store::RecipientRow& row) {
  using State = store::RecipientRow::State;
  proto::Recipient recipient{.addr = row.addr, .error = row.error, .read_at = time_or_none(row.read_ms)};
  switch (row.state) {
    case State::pending:
      recipient.state = proto::RecipientState::pending;
      break;
    case State::sent:
      recipient.state = proto::RecipientState::sent;
      break;
    case State::read:
      recipient.state = proto::RecipientState::read;
      break;
    case State::failed:
      recipient.state = proto::RecipientState::failed;
      break;
  }
  return recipient;
}

proto::ConnectionState to_proto(engine::ConnectionState state) {
  switch (state) {
    case engine::ConnectionState::offline:
      return proto::ConnectionState::offline;
    case engine::ConnectionState::connecting:
      return proto::ConnectionState::connecting;
    case engine::ConnectionState::syncing:
      return proto::ConnectionState::syncing;
    case engine::ConnectionState::online:
      return proto::ConnectionState::online;
    case engine::ConnectionState::rejected:
      return proto::ConnectionState::rejected;
  }
  return proto::ConnectionState::offline;
}

// What to tell of a message with several recipients: the first that failed, else is delayed, with its address where
// that says more.
std::string error_of(const store::MessageRow& row) {
  using State = store::RecipientRow::State;
  for (const auto state : {State::failed, State::sent})
    for (const auto& recipient : row.recipients)
      if (recipient.state == state && !recipient.error.empty())
        return row.recipients.size() == 1 ? recipient.error : recipient.addr + ": " + recipient.error;
  return {};
}

}  // namespace

proto::Message to_proto(const std::string& account, const store::MessageRow& row) {
  proto::Message message{
      .account = account,
      .id = proto::MessageId{row.id.value},
      .chat = proto::ChatId{row.chat.value},
      .sort = row.sort_ms,
      .rfc_id = row.rfc_id,
      .from = {.addr = row.from.addr, .name = row.from.name, .person = id_or_none<proto::ContactId>(row.person)},
      .outgoing = row.outgoing,
      .time = {row.shown_ms},
      .received = {row.arrived_ms},
      .subject = row.subject,
      .text = row.text,
      .quote = row.quote,
      .footer = row.footer,
      .html = row.html,
      .kind = row.kind == chat::MessageKind::media ? proto::MessageKind::media : proto::MessageKind::text,
      .state = to_proto(row.state),
      .error = error_of(row),
      .is_chat = row.is_chat,
      .automatic = row.automatic,
      .on_server = row.on_server,
      .asks_receipt = row.asks_receipt,
      .forged = row.forged};
  if (row.odd_date_ms) message.dated = json::Rfc3339{*row.odd_date_ms};
  if (row.reply_to) message.reply_to = proto::MessageId{row.reply_to->value};
  for (const auto& recipient : row.recipients) message.recipients.push_back(to_proto(recipient));
  for (const auto& attachment : row.attachments) message.attachments.push_back(to_proto(attachment));
  for (const auto& reaction : row.reactions) message.reactions.push_back({reaction.emoji, reaction.from, reaction.own});
  return message;
}

proto::Attachment to_proto(const store::AttachmentRow& row) {
  proto::Attachment attachment{
      .id = proto::AttachmentId{row.id.value}, .name = row.file.name, .type = row.file.type, .size = row.file.size};
  switch (row.file.state) {
    case chat::FileState::remote:
      attachment.state = proto::FileState::remote;
      break;
    case chat::FileState::loading:
      attachment.state = proto::FileState::loading;
      break;
    case chat::FileState::local:
      attachment.state = proto::FileState::local;
      break;
  }
  return attachment;
}

proto::Chat to_proto(const std::string& account, const store::ChatRow& row, UnixMs now) {
  const bool self = row.kind == chat::ChatKind::self;
  proto::Chat chat{.account = account,
                   .id = proto::ChatId{row.id.value},
                   .kind = self ? proto::ChatKind::self : proto::ChatKind::single,
                   .request = row.request,
                   .section = row.feed ? proto::Section::feed : proto::Section::main,
                   .name = self ? "Saved messages" : row.name,
                   .unread = row.unread,
                   .muted = row.muted_until > now,
                   .pinned = row.pinned,
                   .archived = row.archived,
                   .blocked = row.blocked};
  if (!self)
    chat.members.push_back({.addr = row.addr,
                            .name = row.name,
                            .person = id_or_none<proto::ContactId>(row.person),
                            .program = to_proto(row.peer_class)});
  if (row.last) chat.last = to_proto(account, *row.last);
  if (chat.muted && row.muted_until < for_good) chat.muted_until = json::Rfc3339{row.muted_until};
  return chat;
}

proto::Contact to_proto(const std::string& account, const store::PersonRow& row) {
  proto::Contact contact{.account = account,
                         .id = proto::ContactId{row.id.value},
                         .name = row.name,
                         .known = row.known,
                         .blocked = row.blocked,
                         .chat = id_or_none<proto::ChatId>(row.chat)};
  for (const auto& address : row.addresses) contact.addresses.push_back({address.addr, to_proto(address.peer_class)});
  return contact;
}

proto::Account to_proto(const engine::Engine::Entry& entry, const std::optional<std::string>& used) {
  const auto& config = entry.config;
  constexpr std::array auths = {proto::Auth::password, proto::Auth::token_command, proto::Auth::oauth};
  return {
      .id = config.id,
      .addr = config.addr,
      .name = config.name,
      .user = config.user,
      .imap = net::to_url(net::Service::imap, config.imap),
      .smtp = net::to_url(net::Service::smtp, config.smtp),
      .auth = auths.at(static_cast<std::size_t>(config.auth)),
      .secrets = config.secrets == secrets::Mode::keyring ? proto::SecretsPlace::keyring : proto::SecretsPlace::file,
      .used = used == config.addr,
      .problem = entry.problem ? entry.problem->text() : ""};
}

proto::Connection to_proto(const engine::Status& status) {
  proto::Connection connection{.state = to_proto(status.state),
                               .since = time_or_none(status.since_ms),
                               .problem = status.problem,
                               .sending_problem = status.sending_problem,
                               .hint = status.hint,
                               .connection_limit = status.connection_limit,
                               .coi = status.coi,
                               .coi_enabled = status.coi_enabled,
                               .webpush = status.webpush,
                               .filter = to_proto(wire::parse_filter(status.filter).value_or(wire::Filter::none)),
                               .offers = status.offers,
                               .tls = status.tls,
                               .alert = status.alert};
  if (status.quota_used_kb && status.quota_limit_kb) connection.quota = {*status.quota_used_kb, *status.quota_limit_kb};
  return connection;
}

proto::Progress to_proto(const engine::Progress& progress) {
  return {.done = progress.done, .total = progress.total, .finished = progress.finished};
}

proto::Filter to_proto(wire::Filter filter) {
  switch (filter) {
    case wire::Filter::active:
      return proto::Filter::active;
    case wire::Filter::seen:
      return proto::Filter::seen;
    case wire::Filter::none:
      break;
  }
  return proto::Filter::none;
}

wire::Filter filter_of(proto::Filter filter) {
  switch (filter) {
    case proto::Filter::active:
      return wire::Filter::active;
    case proto::Filter::seen:
      return wire::Filter::seen;
    case proto::Filter::none:
      break;
  }
  return wire::Filter::none;
}

}  // namespace coi::api

#include "api/rows.h"

#include <algorithm>
#include <array>

namespace coi::api {
namespace {

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
    case State::scheduled:
      return proto::MessageState::scheduled;
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

proto::MessageKind to_proto(chat::MessageKind kind) {
  switch (kind) {
    case chat::MessageKind::text:
      return proto::MessageKind::text;
    case chat::MessageKind::media:
      return proto::MessageKind::media;
    case chat::MessageKind::sticker:
      return proto::MessageKind::sticker;
    case chat::MessageKind::notice:
      return proto::MessageKind::notice;
    case chat::MessageKind::voice:
      return proto::MessageKind::voice;
    case chat::MessageKind::location:
      return proto::MessageKind::location;
    case chat::MessageKind::contact:
      return proto::MessageKind::contact;
    case chat::MessageKind::poll:
      return proto::MessageKind::poll;
  }
  return proto::MessageKind::text;
}

std::optional<proto::Poll> poll_of(const store::MessageRow& row) {
  if (!row.details.poll || !row.poll) return std::nullopt;
  const auto& asked = *row.details.poll;
  proto::Poll poll{.question = asked.question,
                   .description = asked.description,
                   .options = {},
                   .voters = row.poll->voters,
                   .single = !asked.multiple,
                   .revote = asked.revote,
                   .closed = row.poll->closed_ms.has_value()};
  if (asked.closes) poll.ends = json::Rfc3339{*asked.closes};
  for (std::size_t i = 0; i < asked.options.size(); ++i) {
    const auto& option = asked.options[i];
    proto::PollOption one{.text = option.label,
                          .date = option.kind == chat::PollOption::Kind::date ? option.value : "",
                          .votes = row.poll->options[i].votes,
                          .from = row.poll->options[i].voters,
                          .own = std::ranges::find(row.poll->own, i + 1) != row.poll->own.end()};
    if (option.file > 0 && option.file <= row.attachments.size())
      one.file = proto::AttachmentId{row.attachments[option.file - 1].id.value};
    poll.options.push_back(std::move(one));
  }
  return poll;
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
      .formatted = row.details.formatted,
      .plain = row.plain,
      .quote = row.quote,
      .footer = row.footer,
      .html = row.html,
      .kind = to_proto(row.kind),
      .state = to_proto(row.state),
      .error = error_of(row),
      .edited = row.edited,
      .deleted = row.deleted,
      .scheduled = time_or_none(row.not_before_ms),
      .at_server = row.at_server,
      .can_take_back = row.can_take_back,
      .pinned = row.pinned,
      .timer = row.timer,
      .is_chat = row.is_chat,
      .automatic = row.automatic,
      .on_server = row.on_server,
      .asks_receipt = row.asks_receipt,
      .forged = row.forged};
  if (!row.notice.code.empty()) message.notice = proto::Notice{row.notice.code, row.notice.params};
  message.forwarded = row.details.forwarded;
  message.mentions = row.mentions;
  message.duration = row.details.duration_ms;
  if (const auto& place = row.details.position) message.location = proto::Location{place->latitude, place->longitude};
  if (const auto& contact = row.details.contact) message.contact = proto::SharedContact{contact->name, contact->addr};
  message.poll = poll_of(row);
  message.expires = time_or_none(row.expires_ms);
  if (row.odd_date_ms) message.dated = json::Rfc3339{*row.odd_date_ms};
  if (row.reply_to) message.reply_to = proto::MessageId{row.reply_to->value};
  for (const auto& recipient : row.recipients) message.recipients.push_back(to_proto(recipient));
  for (const auto& attachment : row.attachments) message.attachments.push_back(to_proto(attachment));
  for (const auto& reaction : row.reactions) message.reactions.push_back({reaction.emoji, reaction.from, reaction.own});
  return message;
}

proto::Preview to_proto(const store::PreviewRow& row) {
  proto::Preview preview{
      .id = proto::MessageId{row.id.value},
      .sort = row.sort_ms,
      .from = {.addr = row.from.addr, .name = row.from.name, .person = id_or_none<proto::ContactId>(row.person)},
      .outgoing = row.outgoing,
      .time = {row.shown_ms},
      .kind = to_proto(row.kind),
      .state = to_proto(row.state),
      .text = row.text,
      .files = static_cast<std::uint32_t>(row.files),
      .duration = row.duration_ms,
      .edited = row.edited,
      .deleted = row.deleted};
  if (!row.notice.code.empty()) preview.notice = proto::Notice{row.notice.code, row.notice.params};
  return preview;
}

proto::Attachment to_proto(const store::AttachmentRow& row) {
  proto::Attachment attachment{
      .id = proto::AttachmentId{row.id.value}, .name = row.file.name, .type = row.file.type, .size = row.file.size};
  attachment.awaited = row.file.is_awaited();
  attachment.width = row.file.width;
  attachment.height = row.file.height;
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

proto::Chat to_proto(const std::string& account, store::ChatRow row, UnixMs now) {
  const bool self = row.kind == chat::ChatKind::self;
  const bool group = row.kind == chat::ChatKind::group;
  proto::Chat chat{.account = account,
                   .id = proto::ChatId{row.id.value},
                   .kind = self    ? proto::ChatKind::self
                           : group ? proto::ChatKind::group
                                   : proto::ChatKind::single,
                   .request = row.request,
                   .section = row.feed ? proto::Section::feed : proto::Section::main,
                   .name = self ? "Saved messages" : row.name,
                   .unread = row.unread,
                   .muted = row.muted_until > now,
                   .pinned = row.pinned,
                   .archived = row.archived,
                   .blocked = row.blocked,
                   .timer = row.timer,
                   .removes_copies = row.removes_expired,
                   .draft = std::move(row.draft),
                   .folders = std::move(row.folders),
                   .sender_unproven = row.unproven};
  chat.picture = std::move(row.picture);
  chat.member_count = group ? row.member_count : self ? 0 : 1;
  if (group) {
    chat.description = std::move(row.description);
    chat.is_member = row.is_member;
    chat.members.reserve(row.members.size());
    for (auto& member : row.members) {
      if (member.name.empty()) member.name = member.addr;
      chat.members.push_back({.addr = std::move(member.addr),
                              .name = std::move(member.name),
                              .person = id_or_none<proto::ContactId>(member.person),
                              .program = to_proto(member.peer_class)});
    }
  } else if (!self)
    chat.members.push_back({.addr = std::move(row.addr),
                            .name = std::move(row.name),
                            .person = id_or_none<proto::ContactId>(row.person),
                            .program = to_proto(row.peer_class)});
  chat.sort = row.list_ms;
  if (row.first_unread) chat.first_unread = proto::MessageId{row.first_unread->value};
  if (row.last) chat.last = to_proto(*row.last);
  if (chat.muted && row.muted_until < chat::muted_for_good) chat.muted_until = json::Rfc3339{row.muted_until};
  return chat;
}

proto::Contact to_proto(const std::string& account, const store::PersonRow& row) {
  proto::Contact contact{.account = account,
                         .id = proto::ContactId{row.id.value},
                         .name = row.name,
                         .known = row.known,
                         .blocked = row.blocked,
                         .chat = id_or_none<proto::ChatId>(row.chat),
                         .status = row.status,
                         .picture = row.picture,
                         .birthday = row.birthday,
                         .categories = row.categories};
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

#include <algorithm>

#include <fmt/format.h>

#include "api/find_chat.h"
#include "api/methods.h"
#include "api/rows.h"

namespace coi::api {
namespace {

constexpr std::uint32_t most_listed = 1000;
constexpr UnixMs for_good = 253'402'300'799'000;  // the end of the year 9999

UnixMs now(const OpenAccount& open) { return open.call.service.environment.clock(); }

Result<proto::OneChat> one_chat(const OpenAccount& open, chat::ChatId id) {
  const auto found = COI_TRY(open.reader->chat(id));
  if (!found.value) return fail(ErrorKind::not_found, "the chat is no longer there");
  return proto::OneChat{.seq = found.seq, .chat = to_proto(open.id, *found.value, now(open))};
}

// Replies with the chat as the action left it.
template <class Action>
void act_on_chat(const OpenAccount& open, Action action, const Responder<proto::OneChat>& responder) {
  const auto id = action.chat;
  act<proto::OneChat>(open, std::move(action), responder,
                      [id](const OpenAccount& again, const store::Changes&) { return one_chat(again, id); });
}

// Does `make_action(id)` to the chat that was named.
template <class Make>
void with_chat(const OpenAccount& open, const proto::ChatName& name, const Responder<proto::OneChat>& responder,
               Make make_action) {
  const auto id = find_chat(*open.reader, name);
  if (!id) return responder(std::unexpected(id.error()));
  act_on_chat(open, make_action(*id), responder);
}

std::vector<proto::Message> messages_of(const OpenAccount& open, const std::vector<store::MessageRow>& rows) {
  std::vector<proto::Message> messages;
  messages.reserve(rows.size());
  for (const auto& row : rows) messages.push_back(to_proto(open.id, row));
  return messages;
}

// A message that a request about the chat names, or none.
Result<std::optional<chat::MessageId>> message_of(const OpenAccount& open, chat::ChatId chat,
                                                  const std::optional<proto::MessageId>& named) {
  if (!named) return std::nullopt;
  const auto found = COI_TRY(open.reader->message(chat::MessageId(named->value))).value;
  if (!found) return fail(ErrorKind::not_found, fmt::format("there is no message {}", named->value));
  if (found->chat != chat) return fail(ErrorKind::invalid, fmt::format("message {} is of another chat", named->value));
  return found->id;
}

Result<chat::MarkSeen> action_of(const OpenAccount& open, const proto::MarkSeen& params) {
  const auto chat = COI_TRY(find_chat(*open.reader, params.chat));
  return chat::MarkSeen{.chat = chat,
                        .from = COI_TRY(message_of(open, chat, params.from)).value_or(chat::MessageId()),
                        .up_to = COI_TRY(message_of(open, chat, params.up_to)).value_or(chat::MessageId())};
}

}  // namespace

Result<proto::ChatList> list_chats(const OpenAccount& open, const proto::ListChats& params) {
  const auto found = COI_TRY(open.reader->chats(
      {.archived = params.archived, .requests = params.requests, .most = std::min(params.most, most_listed)}));
  proto::ChatList list{.seq = found.seq};
  for (const auto& row : found.value) list.chats.push_back(to_proto(open.id, row, now(open)));
  return list;
}

Result<proto::ChatCount> count_chats(const OpenAccount& open, const proto::CountChats& params) {
  const auto found = COI_TRY(open.reader->count_chats({.archived = params.archived, .requests = params.requests}));
  return proto::ChatCount{.seq = found.seq, .count = found.value};
}

Result<proto::OneChat> get_chat(const OpenAccount& open, const proto::GetChat& params) {
  return one_chat(open, COI_TRY(find_chat(*open.reader, params.chat)));
}

Result<proto::ChatMessages> list_messages(const OpenAccount& open, const proto::ListMessages& params) {
  const auto id = COI_TRY(find_chat(*open.reader, params.chat));
  const auto chat = COI_TRY(one_chat(open, id)).chat;
  const auto before = COI_TRY(message_of(open, id, params.before));
  const auto found = COI_TRY(open.reader->messages(id, std::min(params.last, most_listed), before));
  return proto::ChatMessages{.seq = found.seq, .chat = chat, .messages = messages_of(open, found.value)};
}

Result<proto::FoundMessages> search(const OpenAccount& open, const proto::Search& params) {
  std::optional<chat::ChatId> within;
  if (!params.chat.empty()) within = COI_TRY(find_chat(*open.reader, params.chat));
  const auto found = COI_TRY(open.reader->search(params.words, within, std::min(params.most, most_listed)));
  proto::FoundMessages result{.seq = found.seq, .messages = messages_of(open, found.value)};
  for (const auto& message : result.messages) {
    if (std::ranges::find(result.chats, message.chat, &proto::Chat::id) != result.chats.end()) continue;
    const auto chat = COI_TRY(open.reader->chat(chat::ChatId(message.chat.value)));
    if (chat.value) result.chats.push_back(to_proto(open.id, *chat.value, now(open)));
  }
  return result;
}

void mark_seen(const OpenAccount& open, const proto::MarkSeen& params, const Responder<proto::OneChat>& responder) {
  const auto action = action_of(open, params);
  if (!action) return responder(std::unexpected(action.error()));
  act_on_chat(open, *action, responder);
}

void archive_chat(const OpenAccount& open, const proto::ArchiveChat& params,
                  const Responder<proto::OneChat>& responder) {
  with_chat(open, params.chat, responder,
            [&](chat::ChatId id) { return chat::ChangeChat{.chat = id, .archived = params.archived}; });
}

void pin_chat(const OpenAccount& open, const proto::PinChat& params, const Responder<proto::OneChat>& responder) {
  with_chat(open, params.chat, responder,
            [&](chat::ChatId id) { return chat::ChangeChat{.chat = id, .pinned = params.pinned}; });
}

void mute_chat(const OpenAccount& open, const proto::MuteChat& params, const Responder<proto::OneChat>& responder) {
  const auto until = !params.muted ? 0 : params.until ? params.until->ms : for_good;
  with_chat(open, params.chat, responder,
            [&](chat::ChatId id) { return chat::ChangeChat{.chat = id, .muted_until = until}; });
}

void accept_chat(const OpenAccount& open, const proto::AcceptChat& params, const Responder<proto::OneChat>& responder) {
  with_chat(open, params.chat, responder,
            [](chat::ChatId id) { return chat::ChangeChat{.chat = id, .accepted = true}; });
}

void block_chat(const OpenAccount& open, const proto::BlockChat& params, const Responder<proto::OneChat>& responder) {
  with_chat(open, params.chat, responder,
            [&](chat::ChatId id) { return chat::ChangeChat{.chat = id, .blocked = params.blocked}; });
}

}  // namespace coi::api

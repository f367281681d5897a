#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "api/find_chat.h"
#include "api/methods.h"
#include "api/rows.h"

namespace coi::api {
namespace {

constexpr std::uint32_t most_listed = 1000;
constexpr UnixMs for_good = 253'402'300'799'000;  // the end of the year 9999

UnixMs now(const OpenAccount& open) { return open.call.service.environment.clock(); }

// ChatId{}: the chat with oneself.
Result<proto::OneChat> one_chat(const OpenAccount& open, chat::ChatId id) {
  if (!id) id = COI_TRY(open.reader->self_chat()).value_or(id);
  const auto found = COI_TRY(open.reader->chat(id));
  if (!id)
    return proto::OneChat{.seq = found.seq,
                          .chat = to_proto(open.id, store::ChatRow{.kind = chat::ChatKind::self}, now(open))};
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
               Make make_action, bool blocked = false) {
  const auto id = find_chat(open, name, blocked);
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

std::int64_t seq_of(const std::vector<proto::Position>& positions) {
  return positions.size() == 1 ? positions.front().seq : 0;
}

template <class T>
void cut(std::vector<T>& list, std::uint32_t most) {
  if (list.size() > std::min(most, most_listed)) list.erase(list.begin() + std::min(most, most_listed), list.end());
}

proto::Candidate to_proto(const OpenAccount& open, const Candidate& one) {
  proto::Candidate candidate{.account = open.id,
                             .account_addr = open.account->config().addr,
                             .addr = one.addr,
                             .name = one.name,
                             .blocked = one.blocked};
  if (one.chat) candidate.chat = proto::ChatId{one.chat.value};
  return candidate;
}

Result<chat::MarkSeen> action_of(const OpenAccount& open, const proto::MarkSeen& params) {
  const auto chat = COI_TRY(find_chat(open, params.chat));
  return chat::MarkSeen{.chat = chat,
                        .from = COI_TRY(message_of(open, chat, params.from)).value_or(chat::MessageId()),
                        .up_to = COI_TRY(message_of(open, chat, params.up_to)).value_or(chat::MessageId())};
}

}  // namespace

Result<> list_chats(const OpenAccount& open, const proto::ListChats& params, proto::ChatList& list) {
  const auto found = COI_TRY(open.reader->chats(
      {.archived = params.archived, .requests = params.requests, .most = std::min(params.most, most_listed)}));
  list.positions.push_back({open.id, found.seq});
  for (const auto& row : found.value) list.chats.push_back(to_proto(open.id, row, now(open)));
  return {};
}

void merge_chats(const proto::ListChats& params, proto::ChatList& list) {
  list.seq = seq_of(list.positions);
  if (list.positions.size() < 2) return;
  std::ranges::stable_sort(list.chats, std::greater(), [](const proto::Chat& chat) {
    return std::pair(chat.pinned, chat.last ? chat.last->sort : 0);
  });
  cut(list.chats, params.most);
}

Result<> count_chats(const OpenAccount& open, const proto::CountChats& params, proto::ChatCount& count) {
  const auto found = COI_TRY(open.reader->count_chats({.archived = params.archived, .requests = params.requests}));
  count.positions.push_back({open.id, found.seq});
  count.count += found.value;
  return {};
}

void merge_counts(const proto::CountChats&, proto::ChatCount& count) { count.seq = seq_of(count.positions); }

void list_candidates(const Call& call, const proto::ListCandidates& params,
                     const Responder<proto::CandidateList>& responder) {
  post_read(call, [=](Readers& readers) {
    std::vector<std::pair<Candidate, proto::Candidate>> all;
    const auto done = for_each_account(call, readers, params.account.empty() ? "*" : params.account, {},
                                       [&](const OpenAccount& open) -> Result<> {
                                         for (auto& one : COI_TRY(candidates(open, params.chat))) {
                                           auto told = to_proto(open, one);
                                           all.emplace_back(std::move(one), std::move(told));
                                         }
                                         return {};
                                       });
    if (!done) return responder(std::unexpected(done.error()));
    const auto fit = [](const auto& pair) { return pair.first.fit; };
    proto::CandidateList list;
    for (auto& pair : all)
      if (fit(pair) == fit(std::ranges::max(all, {}, fit))) list.candidates.push_back(std::move(pair.second));
    responder(list);
  });
}

Result<proto::OneChat> get_chat(const OpenAccount& open, const proto::GetChat& params) {
  return one_chat(open, COI_TRY(find_chat(open, params.chat)));
}

Result<proto::ChatMessages> list_messages(const OpenAccount& open, const proto::ListMessages& params) {
  const auto id = COI_TRY(find_chat(open, params.chat));
  const auto chat = COI_TRY(one_chat(open, id)).chat;
  const auto before = COI_TRY(message_of(open, id, params.before));
  const auto found = COI_TRY(open.reader->messages(id, std::min(params.last, most_listed), before,
                                                   open.call.service.environment.limits.answer_octets));
  return proto::ChatMessages{.seq = found.seq, .chat = chat, .messages = messages_of(open, found.value)};
}

Result<> search(const OpenAccount& open, const proto::Search& params, proto::FoundMessages& result) {
  std::optional<chat::ChatId> within;
  if (!params.chat.empty()) within = COI_TRY(find_chat(open, params.chat));
  const auto found = COI_TRY(open.reader->search(params.words, within, std::min(params.most, most_listed),
                                                 open.call.service.environment.limits.answer_octets));
  result.positions.push_back({open.id, found.seq});
  std::vector<chat::ChatId> chats;
  for (const auto& row : found.value) {
    result.messages.push_back(to_proto(open.id, row));
    if (std::ranges::find(chats, row.chat) == chats.end()) chats.push_back(row.chat);
  }
  for (const auto id : chats) {
    const auto chat = COI_TRY(open.reader->chat(id));
    if (chat.value) result.chats.push_back(to_proto(open.id, *chat.value, now(open)));
  }
  return {};
}

void merge_found(const proto::Search& params, proto::FoundMessages& found) {
  found.seq = seq_of(found.positions);
  if (found.positions.size() < 2) return;
  std::ranges::stable_sort(found.messages, std::greater(), &proto::Message::sort);
  cut(found.messages, params.most);
  std::erase_if(found.chats, [&](const proto::Chat& chat) {
    return std::ranges::none_of(found.messages, [&](const proto::Message& message) {
      return message.account == chat.account && message.chat == chat.id;
    });
  });
}

void mark_seen(const OpenAccount& open, const proto::MarkSeen& params, const Responder<proto::OneChat>& responder) {
  const auto action = action_of(open, params);
  if (!action) return responder(std::unexpected(action.error()));
  if (!action->chat) return responder(one_chat(open, action->chat));  // nothing is there to be seen
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
  with_chat(
      open, params.chat, responder,
      [&](chat::ChatId id) { return chat::ChangeChat{.chat = id, .blocked = params.blocked}; }, !params.blocked);
}

}  // namespace coi::api

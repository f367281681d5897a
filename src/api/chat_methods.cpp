#include <algorithm>

#include <fmt/format.h>

#include "api/find_chat.h"
#include "api/methods.h"
#include "api/one_chat.h"
#include "api/rows.h"

namespace coi::api {
namespace {

// Does `make_action(id)` to the chat that was named.
template <class Make>
void with_chat(const OpenAccount& open, const proto::ChatName& name, const Responder<proto::OneChat>& responder,
               Make make_action, bool blocked = false) {
  const auto id = find_chat(open, name, blocked);
  if (!id) return responder(std::unexpected(id.error()));
  act_on_chat(open, make_action(*id), responder);
}

Result<proto::Candidate> candidate_of(const OpenAccount& open, const Candidate& one) {
  const bool self = one.addr.empty() && one.chat == COI_TRY(open.reader->self_chat()).value_or(chat::ChatId{});
  proto::Candidate candidate{.account = open.id,
                             .account_addr = open.account->config().addr,
                             .kind = self               ? proto::ChatKind::self
                                     : one.addr.empty() ? proto::ChatKind::group
                                                        : proto::ChatKind::single,
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

void list_candidates(const Call& call, const proto::ListCandidates& params,
                     const Responder<proto::CandidateList>& responder) {
  post_read(call, [=](Readers& readers) {
    std::vector<std::pair<Candidate, proto::Candidate>> all;
    const auto done = for_each_account(call, readers, params.account.empty() ? "*" : params.account, {},
                                       [&](const OpenAccount& open) -> Result<> {
                                         for (auto& one : COI_TRY(candidates(open, params.chat))) {
                                           auto told = COI_TRY(candidate_of(open, one));
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
  const auto until = !params.muted ? 0 : params.until ? params.until->ms : chat::muted_for_good;
  with_chat(open, params.chat, responder,
            [&](chat::ChatId id) { return chat::ChangeChat{.chat = id, .muted_until = until}; });
}

void set_folders(const OpenAccount& open, const proto::SetFolders& params, const Responder<proto::OneChat>& responder) {
  with_chat(open, params.chat, responder,
            [&](chat::ChatId id) { return chat::ChangeChat{.chat = id, .folders = params.folders}; });
}

void set_draft(const OpenAccount& open, const proto::SetDraft& params, const Responder<proto::OneChat>& responder) {
  const auto whom = find_destination(open, params.chat);
  if (!whom) return responder(std::unexpected(whom.error()));
  if (whom->chat)
    return act_on_chat(open, chat::SetDraft{.chat = *whom->chat, .addr = {}, .text = params.text}, responder);
  const bool is_own = whom->addr == open.account->config().addr;
  act<proto::OneChat>(open, chat::SetDraft{.chat = {}, .addr = is_own ? "" : whom->addr, .text = params.text},
                      responder,
                      [name = params.chat](const OpenAccount& again, const store::Changes&) -> Result<proto::OneChat> {
                        return one_chat(again, COI_TRY(find_chat(again, name)));
                      });
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

// What the user does, sending apart.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "chat/ask.h"
#include "chat/decide_parts.h"

namespace coi::chat {
namespace {

bool receipt_was_sent(const MessageFacts& message) {
  return std::ranges::any_of(message.places, [](const auto& place) { return place.flags.has(Flags::mdn_sent); });
}

// False: the mail is gone from the server, and with it the wish, or it was answered.
bool can_answer(const MessageFacts& message) { return !message.places.empty() && !receipt_was_sent(message); }

// One place is enough: the keyword only has to be won once.
void claim_receipt(const MessageFacts& message, Operations& out) {
  out.emplace_back(
      PutJob{.kind = JobKind::claim_receipt, .message = message.id, .places = {message.places.front().place}});
}

}  // namespace

Plan decide_seen(const AccountFacts& account, const SeenFacts& facts) {
  if (!facts.chat) return refuse(ErrorKind::not_found, "no such chat");
  const auto& peers = facts.chat->peers;
  const bool group = facts.chat->group.has_value();
  const bool blocked = !group && std::ranges::any_of(peers, &PeerFacts::blocked);
  // C-34: only if the user allows it, the mail asks, it was on screen, and the writer is no stranger, or writes in a
  // group where we do.
  const bool known = group ? facts.chat->accepted : !peers.empty() && std::ranges::all_of(peers, &PeerFacts::known);
  const bool may_answer = account.receipts && !blocked && known;
  Plan plan;
  std::vector<Place> unseen;
  std::map<FolderRole, std::vector<Place>> moved;  // S-21 seen: what was read leaves the inbox
  for (const auto& message : facts.fresh) {
    plan.operations.emplace_back(SetSeen{message.id});
    for (const auto& place : message.places) {
      if (!place.flags.has(Flags::seen)) unseen.push_back(place.place);
      if (const auto role =
              misfiled({.role = place.role, .chat = message.is_chat, .seen = true, .blocked = blocked}, account))
        moved[*role].push_back(place.place);
    }
    // In a group its members alone have an answer. A forged mail would have one that its supposed author gets.
    const auto author = std::ranges::find(peers, message.key.from_addr, &PeerFacts::addr);
    const bool is_heard = !message.forged && (!group || (author != peers.end() && !author->blocked));
    if (may_answer && is_heard && message.wants_chat_receipt && !is_own(account, message.key.from_addr) &&
        can_answer(message))
      claim_receipt(message, plan.operations);
  }
  add_jobs({.kind = JobKind::store_seen}, std::move(unseen), plan.operations);
  for (auto& [role, places] : moved)
    add_jobs({.kind = JobKind::move, .role = role}, std::move(places), plan.operations);
  return plan;
}

Plan decide_answer(const AnswerReceipt& wish, const std::optional<MessageFacts>& message) {
  if (!message) return refuse(no_message(wish.message));
  if (message->outgoing) return refuse(ErrorKind::not_allowed, "the message is your own");
  if (!message->wants_plain_receipt && !message->wants_chat_receipt)
    return refuse(ErrorKind::not_allowed, "the message asks for no receipt");
  if (message->forged) return refuse(ErrorKind::not_allowed, "nobody knows who has written this message");
  if (!can_answer(*message))
    return refuse(ErrorKind::not_allowed, message->places.empty() ? "the message is no longer on the server"
                                                                  : "a receipt for this message was sent before");
  Plan plan;
  claim_receipt(*message, plan.operations);
  return plan;
}

Plan decide_chat(const ChangeChat& change, const std::optional<ChatFacts>& chat) {
  if (!chat) return refuse(ErrorKind::not_found, "no such chat");
  if (is_with_self(chat->ref) && (change.accepted || change.blocked))
    return refuse(ErrorKind::not_allowed, "the chat is with nobody but yourself");
  Plan plan;
  plan.operations.emplace_back(PatchChat{.chat = change.chat,
                                         .accepted = change.accepted,
                                         .blocked = change.blocked,
                                         .archived = change.archived,
                                         .pinned = change.pinned,
                                         .muted_until = change.muted_until});
  // C-90: the folder for blocked people's mail is made on the first block.
  if (change.blocked.value_or(false))
    plan.operations.emplace_back(PutJob{.kind = JobKind::make_folder, .role = FolderRole::blocked});
  return plan;
}

Plan decide_alias(const SetAlias& change, const AccountFacts& account, const std::vector<std::string>& joined) {
  for (const auto& addr : {change.addr, change.alias})
    if (is_own(account, addr)) return refuse(ErrorKind::not_allowed, fmt::format("{} is your own address", addr));
  if (change.addr == change.alias) return refuse(ErrorKind::invalid, "that is one address, not two");
  const bool is_joined = std::ranges::find(joined, change.alias) != joined.end();
  if (!change.joined && !is_joined)
    return refuse(ErrorKind::not_found, fmt::format("{} and {} are not one person", change.alias, change.addr));
  Plan plan;
  if (change.joined != is_joined)
    plan.operations.emplace_back(PutAlias{.alias = change.alias, .addr = change.joined ? change.addr : ""});
  return plan;
}

Plan decide_filter(const SetFilter& filter, const AccountFacts& account, const std::vector<PlaceFacts>& in_inbox) {
  Plan plan;
  plan.operations.emplace_back(PutFilter{filter.filter});
  // C-01, S-13: wishing for a filter is the user's consent to turn COI on.
  if (account.coi_server) {
    plan.operations.emplace_back(PutJob{.kind = JobKind::set_filter});
    return plan;
  }
  // The mail that came before the wish is filed too; switching off moves nothing back.
  auto wished = account;
  wished.filter = filter.filter;
  std::vector<Place> places;
  for (const auto& place : in_inbox)
    if (misfiled({.role = place.role,
                  .chat = place.chat,
                  .outgoing = place.outgoing,
                  .seen = place.flags.has(Flags::seen),
                  .blocked = place.blocked},
                 wished) == FolderRole::chats)
      places.push_back(place.place);
  add_jobs({.kind = JobKind::move, .role = FolderRole::chats}, std::move(places), plan.operations);
  return plan;
}

}  // namespace coi::chat

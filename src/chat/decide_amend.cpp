// What the user does to messages that were sent: other words, none any more, a pin.
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/compose.h"
#include "chat/decide_parts.h"
#include "chat/obeys.h"

namespace coi::chat {
namespace {

std::optional<Error> unchangeable(MessageId id, const AmendFacts& facts) {
  if (facts.versions.empty() || !facts.chat) return no_message(id);
  const auto& original = facts.versions.front();
  if (original.kind == MessageKind::notice)
    return Error(ErrorKind::not_allowed, "this line says what happened in the chat; it is no message");
  if (original.deleted) return Error(ErrorKind::not_allowed, "the message was deleted");
  if (original.unsaid)
    return Error(ErrorKind::not_allowed, "the message has not been sent yet",
                 "coi undo takes it back; write it anew then");
  return std::nullopt;
}

// The mail's id says of which group it is.
template <class Wish>
Wish with_id(Wish wish, const ChatFacts& chat) {
  wish.rfc_id = id_in(chat, wish.rfc_id);
  return wish;
}

// Behind all versions, here and everywhere.
UnixMs date_of_next_version(const std::vector<MessageFacts>& versions, UnixMs now) {
  auto date = whole_seconds(now);
  for (const auto& version : versions) date = std::max(date, next_second(now, version.date_ms));
  return date;
}

// No server has had it: there is nobody to be told.
bool has_left(const MessageFacts& message) {
  if (!message.outgoing_mail || !message.places.empty()) return true;
  return std::ranges::any_of(message.outgoing_mail->recipients, [](const RecipientFacts& recipient) {
    return recipient.state != RecipientState::queued || recipient.unanswered > 0;
  });
}

// D-22.
std::vector<std::string> told_of_deletion(const ChatFacts& chat, bool to_plain, UnixMs now) {
  auto recipients = control_recipients(chat, to_plain, now);
  if (!to_plain)
    for (const auto& peer : chat.peers)
      if (!obeys_deletions(peer, now)) std::erase(recipients, peer.addr);
  return recipients;
}

}  // namespace

Plan decide_edit(const EditMessage& wished, const AccountFacts& account, const AmendFacts& facts, UnixMs now) {
  if (auto reason = unchangeable(wished.message, facts)) return refuse(*std::move(reason));
  const auto edit = with_id(wished, *facts.chat);
  const auto& original = facts.versions.front();
  if (!original.outgoing) return refuse(ErrorKind::not_allowed, "only your own messages can be edited");
  if (original.details.poll)
    return refuse(ErrorKind::not_allowed, "a poll cannot be edited", "close it, or delete it and make another one");
  if (ascii_trim(edit.text).empty())
    return refuse(ErrorKind::invalid, "the new text is empty", "a message that is not wanted any more can be deleted");
  if (edit.text == original.shown_text()) return refuse(ErrorKind::invalid, "the message says that already");
  if (auto reason = unsendable(*facts.chat, account)) return refuse(*std::move(reason));
  const auto at = date_of_next_version(facts.versions, now);
  auto recipients = control_recipients(*facts.chat, edit.to_plain, now);
  auto composed = compose_edit(edit, account, facts, at, needs_quote(recipients, *facts.chat, now));
  const MessageKey key{edit.rfc_id, account.addr};
  Plan plan;
  auto message = own_message(key, account, *facts.chat, at, now);
  message.subject = std::move(composed.subject);
  message.text = edit.text;
  message.details = composed.details;
  message.in_reply_to = composed.in_reply_to;
  message.edits = original_id_of(original);
  message.thread_root = std::move(composed.thread_root);
  message.follows = composed.in_reply_to;
  plan.operations.emplace_back(std::move(message));
  // Not as a control mail: what becomes of it is kept with its words.
  put_control({.kind = PutOutgoing::Kind::message,
               .key = key,
               .recipients = std::move(recipients),
               .tree = std::move(composed.tree)},
              *facts.chat, account, at, plan.operations);
  return plan;
}

Plan decide_delete(const DeleteMessage& wished, const AccountFacts& account, const AmendFacts& facts, UnixMs now) {
  if (facts.versions.empty() || !facts.chat) return refuse(no_message(wished.message));
  const auto gone = with_id(wished, *facts.chat);
  const auto& original = facts.versions.front();
  if (original.unsaid) return decide_take_back({original.id}, {original});
  if (!gone.here && !original.outgoing)
    return refuse(ErrorKind::not_allowed, "the message is not your own", "it can be deleted for yourself alone");
  if (!gone.here)
    if (auto reason = unchangeable(wished.message, facts)) return refuse(*std::move(reason));
  Plan plan;
  for (const auto& version : facts.versions) {
    std::vector<Place> places;
    for (const auto& place : version.places) places.push_back(place.place);
    add_jobs({.kind = JobKind::remove_mail, .message = version.id}, std::move(places), plan.operations);
  }
  if (gone.here) {
    RemoveMessages removed;
    for (const auto& version : facts.versions) removed.messages.push_back(version.id);
    plan.operations.emplace_back(std::move(removed));
  } else {
    const auto [date, at] = times_of_next(facts.remarks, RemarkKind::deleted, now);
    // The blocked are told nothing.
    auto recipients = unsendable(*facts.chat, account) ? std::vector<std::string>()
                                                       : told_of_deletion(*facts.chat, gone.to_plain, now);
    if (std::ranges::any_of(facts.versions, has_left))
      put_control({.kind = PutOutgoing::Kind::control,
                   .key = {gone.rfc_id, account.addr},
                   .recipients = std::move(recipients),
                   .tree = compose_deletion(gone, account, facts, date)},
                  *facts.chat, account, date, plan.operations);
    plan.operations.emplace_back(PutRemark{{.kind = RemarkKind::deleted,
                                            .subject = original.key.rfc_id,
                                            .author = account.addr,
                                            .value = {},
                                            .date_ms = date,
                                            .rfc_id = gone.rfc_id,
                                            .at_ms = at,
                                            .by_us = true}});
  }
  return plan;
}

Plan decide_pin(const PinMessage& wished, const AccountFacts& account, const AmendFacts& facts, UnixMs now) {
  if (auto reason = unchangeable(wished.message, facts)) return refuse(*std::move(reason));
  const auto pin = with_id(wished, *facts.chat);
  if (pin.pinned && pin.until_ms != 0 && pin.until_ms <= now)
    return refuse(ErrorKind::invalid, "the end of the pin lies in the past");
  // By our own word alone is it pinned no more: whether another's counts is settled where it is read.
  const auto* pinned =
      newest_of(facts.remarks, [](const Remark& one) { return one.kind == RemarkKind::pinned && !one.value.empty(); });
  const auto* unpinned = newest_of(facts.remarks, [](const Remark& one) {
    return one.kind == RemarkKind::pinned && one.value.empty() && one.by_us;
  });
  if (!pin.pinned && (pinned == nullptr || (unpinned != nullptr && unpinned->date_ms > pinned->date_ms)))
    return refuse(ErrorKind::not_allowed, "the message is not pinned");
  if (auto reason = unsendable(*facts.chat, account)) return refuse(*std::move(reason));
  const auto& original = facts.versions.front();
  const auto [date, at] = times_of_next(facts.remarks, RemarkKind::pinned, now);
  auto recipients = control_recipients(*facts.chat, pin.to_plain, now);
  auto tree = compose_pin(pin, account, facts, date, needs_quote(recipients, *facts.chat, now));
  Plan plan;
  plan.operations.emplace_back(PutRemark{{.kind = RemarkKind::pinned,
                                          .subject = original.key.rfc_id,
                                          .author = account.addr,
                                          .value = !pin.pinned         ? ""
                                                   : pin.until_ms == 0 ? "pinned"
                                                                       : std::to_string(pin.until_ms),
                                          .date_ms = date,
                                          .rfc_id = pin.rfc_id,
                                          .at_ms = at,
                                          .by_us = true}});
  if (pin.pinned) {
    auto message = own_message({pin.rfc_id, account.addr}, account, *facts.chat, date, now);
    message.subject = *tree.header("Subject");
    message.kind = MessageKind::notice;
    message.notice = {.code = "message_pinned", .params = {}};
    message.text = std::string(pinned_words);
    message.in_reply_to = message.follows = original.key.rfc_id;
    message.thread_root = original.first_of_thread();
    plan.operations.emplace_back(std::move(message));
  }
  put_control({.kind = PutOutgoing::Kind::control,
               .key = {pin.rfc_id, account.addr},
               .recipients = std::move(recipients),
               .tree = std::move(tree)},
              *facts.chat, account, date, plan.operations);
  return plan;
}

}  // namespace coi::chat

// Disappearing messages (D-27, P-13, P-14): the user sets the timer of a chat, and messages whose time is over go.
#include <algorithm>

#include "chat/compose.h"
#include "chat/compose_timer.h"
#include "chat/decide_parts.h"
#include "chat/timer.h"

namespace coi::chat {
namespace {

// Behind the last change, here and everywhere.
UnixMs time_of_change(const ChatFacts& chat, UnixMs now) {
  return next_second(std::max(now, chat.last ? chat.last->sort_ms : 0), chat.timer_ms);
}

}  // namespace

bool may_remove_copy(const MessageFacts& message, const PlaceFacts& copy) {
  if (message.timer != 0 && message.copies_may_go) return true;
  if (!message.outgoing || message.forged) return false;
  return message.outgoing_mail.has_value() || copy.appended || copy.role == FolderRole::sent;
}

Plan decide_timer(const SetTimer& wished, const AccountFacts& account, const std::optional<ChatFacts>& found,
                  UnixMs now) {
  if (!found) return refuse(ErrorKind::not_found, "no such chat");
  const auto& chat = *found;
  if (!wished.seconds && !wished.removes_copies) return refuse(ErrorKind::invalid, "there is nothing to change");
  if (wished.removes_copies.value_or(false) && !chat.accepted)
    return refuse(ErrorKind::not_allowed, "you have not accepted this chat", "accept it first");
  Plan plan;
  if (wished.removes_copies)
    plan.operations.emplace_back(PatchChat{.chat = chat.id, .removes_expired = wished.removes_copies});
  if (!wished.seconds) return plan;
  if (*wished.seconds == chat.timer) {
    if (wished.removes_copies) return plan;
    return refuse(ErrorKind::not_allowed, chat.timer == 0 ? "messages do not disappear in this chat"
                                                          : "that is the timer of this chat already");
  }
  if (auto reason = unsendable(chat, account)) return refuse(*std::move(reason));
  const auto at = time_of_change(chat, now);
  const MessageKey key{id_in(chat, wished.rfc_id), account.addr};
  auto mail = compose_timer(key.rfc_id, *wished.seconds, account, chat, at);
  put_audience(chat, account, key.rfc_id, at, plan.operations);
  auto message = own_message(key, account, chat, at, now);
  message.subject = std::move(mail.subject);
  message.kind = MessageKind::notice;
  message.notice = timer_notice(*wished.seconds);
  message.text = timer_words(*wished.seconds);
  message.thread_root = std::move(mail.thread_root);
  message.follows = std::move(mail.follows);
  message.timer = *wished.seconds;
  plan.operations.emplace_back(std::move(message));
  // P-04: it informs people, so everybody gets it, whatever program they use.
  plan.operations.emplace_back(
      PutOutgoing{.key = key, .recipients = addresses_of(recipients_of(chat, account)), .tree = std::move(mail.tree)});
  return plan;
}

// As if the user had deleted them for himself; of the copies on the server only those go that may.
void decide_expired(const std::vector<std::vector<MessageFacts>>& expired, Operations& out) {
  for (const auto& versions : expired) {
    RemoveMessages removed{.messages = {}, .expired = true};
    for (const auto& version : versions) {
      removed.messages.push_back(version.id);
      std::vector<Place> places;
      for (const auto& copy : version.places)
        if (may_remove_copy(version, copy)) places.push_back(copy.place);
      add_jobs({.kind = JobKind::remove_mail, .message = version.id}, std::move(places), out);
    }
    out.emplace_back(std::move(removed));
  }
}

}  // namespace coi::chat

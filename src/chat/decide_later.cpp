// A message that waits for its time: to be sent later, or a few seconds in which its author may take it back. It is
// kept as the user wrote it, and becomes a mail only when it goes: to whom, with which timer and behind what is as of
// then.
#include <algorithm>
#include <utility>

#include "chat/compose.h"
#include "chat/decide_parts.h"

namespace coi::chat {
namespace {

constexpr UnixMs latest = 366LL * 24 * 3600 * 1000;

// Whether a server may have it that keeps it for its time.
bool is_handed_over(const OutgoingFacts& mail) {
  return mail.hold_until_ms != 0 && std::ranges::any_of(mail.recipients, [](const RecipientFacts& recipient) {
           return recipient.state == RecipientState::sending || recipient.state == RecipientState::accepted ||
                  recipient.unanswered > 0;
         });
}

std::optional<Error> not_waiting(MessageId id, const std::optional<MessageFacts>& message) {
  if (!message || message->deleted) return no_message(id);
  if (!message->outgoing) return Error(ErrorKind::not_allowed, "the message is not your own");
  if (!message->unsaid || !message->outgoing_mail)
    return Error(ErrorKind::not_allowed, "the message does not wait for a time: it is on its way, or was sent",
                 "coi delete takes it back, for everybody whose program does that");
  return std::nullopt;
}

std::optional<Error> not_changeable(MessageId id, const std::optional<MessageFacts>& message) {
  if (auto reason = not_waiting(id, message)) return reason;
  if (message->outgoing_mail->not_before_ms != 0 && is_handed_over(*message->outgoing_mail))
    return Error(ErrorKind::not_allowed, "your provider's server has the message already, and sends it at its time",
                 "coi settings hold-at-server off keeps messages for later here");
  return std::nullopt;
}

std::optional<MessageFacts> named(MessageId id, const std::vector<MessageFacts>& album) {
  const auto found = std::ranges::find(album, id, &MessageFacts::id);
  return found == album.end() ? std::nullopt : std::optional(*found);
}

// Of what was sent together: what has left, or was deleted by itself, is what it is.
std::vector<MessageFacts> changeable(std::vector<MessageFacts> album) {
  std::erase_if(album, [](const MessageFacts& message) { return not_changeable(message.id, message).has_value(); });
  return album;
}

// RFC 4865. A few seconds are for taking it back, which nobody can there.
bool goes_to_server(UnixMs not_before, const AccountFacts& account, UnixMs now) {
  const auto wait = not_before - now;
  return wait > longest_undo && wait <= account.longest_hold_ms;
}

// As it was handed over.
PutMessage handed_over(const MessageFacts& message, UnixMs now) {
  const auto at = message.outgoing_mail->hold_until_ms;
  return {.key = message.key,
          .chat = WithSelf{},  // it stays where it is
          .outgoing = true,
          .seen = true,
          .arrived_ms = at,
          .date_ms = at,
          .received_ms = now,
          .from_name = message.from_name,
          .subject = message.subject,
          .kind = message.kind,
          .text = message.text,
          .quote = message.quote,
          .footer = message.footer,
          .details = message.details,
          .is_chat = true,
          .in_reply_to = message.in_reply_to,
          .thread_root = message.thread_root,
          .follows = message.follows,
          .timer = message.timer == 0 ? std::nullopt : std::optional(message.timer)};
}

// It was for others, and they have all gone: as a note to oneself it was not meant.
bool is_left_alone(const ChatFacts& chat, const OutgoingFacts& mail, const AccountFacts& account) {
  return chat.group && chat.peers.empty() && std::ranges::any_of(mail.recipients, [&](const RecipientFacts& recipient) {
           return !is_own(account, recipient.addr);
         });
}

}  // namespace

std::optional<Error> unfit_time(UnixMs not_before, UnixMs now) {
  if (not_before < 0 || not_before - now > latest)
    return Error(ErrorKind::invalid, "a message waits for a year at most", "give an earlier time");
  return std::nullopt;
}

void hold(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs not_before, UnixMs now,
          Operations& out) {
  const auto& chat = *facts.chat;
  const auto hold_until = goes_to_server(not_before, account, now) ? whole_seconds(not_before) : 0;
  // Written now to be seen while it waits, and to be refused now if it is too large; or to be handed over as it is.
  auto composed = compose_message(send, account, facts, hold_until != 0 ? hold_until : time_of_sending(chat, now));
  // Who writes to somebody has accepted them, whenever that goes.
  if (chat.id && !chat.accepted) out.emplace_back(PatchChat{.chat = chat.id, .accepted = true});
  for (const auto& peer : chat.group ? std::vector<PeerFacts>() : chat.peers)
    out.emplace_back(LearnAddress{.addr = peer.addr, .known = true, .rfc_id = facts.rfc_id});
  auto message = message_of(send, account, facts, composed, now);
  message.unsaid = true;
  if (hold_until == 0) message.timer.reset();  // that of the chat when it goes
  const auto key = message.key;
  out.emplace_back(std::move(message));
  out.emplace_back(PutOutgoing{.key = key,
                               .recipients = addresses_of(recipients_of(chat, account)),
                               .not_before_ms = hold_until != 0 ? hold_until : not_before,
                               .hold_until_ms = hold_until,
                               .tree = std::move(composed.tree)});
  if (chat.archived && chat.id) out.emplace_back(PatchChat{.chat = chat.id, .archived = false});
}

void hold_here(const OutgoingFacts& mail, Operations& out) {
  if (mail.hold_until_ms == 0) return;
  const auto may_have_it = [](const RecipientFacts& recipient) {
    return recipient.state == RecipientState::accepted || recipient.unanswered > 0;
  };
  if (std::ranges::none_of(mail.recipients, may_have_it)) {
    out.emplace_back(HoldOutgoing{mail.id, mail.hold_until_ms});
    return;
  }
  // The server keeps it for some: the others get the same mail at that time.
  for (const auto& recipient : mail.recipients)
    if (recipient.state == RecipientState::queued || recipient.state == RecipientState::sending)
      out.emplace_back(SetRecipient{.outgoing = mail.id,
                                    .addr = recipient.addr,
                                    .state = RecipientState::held,
                                    .attempts = recipient.attempts,
                                    .next_ms = mail.hold_until_ms});
}

Plan decide_reschedule(const Reschedule& wish, const std::vector<MessageFacts>& album, UnixMs now) {
  if (auto reason = not_changeable(wish.message, named(wish.message, album))) return refuse(*std::move(reason));
  if (auto reason = unfit_time(wish.not_before_ms, now)) return refuse(*std::move(reason));
  Plan plan;
  for (const auto& message : changeable(album))
    plan.operations.emplace_back(HoldOutgoing{message.outgoing_mail->id, std::max(wish.not_before_ms, now)});
  return plan;
}

Plan decide_take_back(const TakeBack& wish, const std::vector<MessageFacts>& album) {
  if (auto reason = not_changeable(wish.message, named(wish.message, album))) return refuse(*std::move(reason));
  RemoveMessages gone;
  for (const auto& message : changeable(album)) gone.messages.push_back(message.id);
  return {{std::move(gone)}, {}};
}

Plan decide_send_held(const SendHeld& due, const AccountFacts& account, const HeldFacts& held, UnixMs now) {
  // Taken back, or given another time, since it was found due.
  if (not_waiting(due.message, held.message)) return {};
  const auto& message = *held.message;
  const auto& mail = *message.outgoing_mail;
  if (mail.not_before_ms == 0 || mail.not_before_ms > now) return {};
  // The server refused it, or may have it: the user says what becomes of it.
  const auto has_failed = [](const RecipientFacts& one) { return one.state == RecipientState::failed; };
  if (mail.hold_until_ms != 0 && std::ranges::all_of(mail.recipients, has_failed))
    return {{HoldOutgoing{mail.id, 0}}, {}};
  if (is_handed_over(mail)) {
    Plan plan;
    if (held.facts.chat)
      put_audience(*held.facts.chat, account, message.key.rfc_id, mail.hold_until_ms, plan.operations);
    plan.operations.emplace_back(SayMessage{message.id, handed_over(message, now), true});
    return plan;
  }
  if (due.files.size() != message.attachments.size())
    return refuse(ErrorKind::not_found, "a file of the message is no longer on this device", "send the files again");
  if (auto reason = unfit(held.send, account, held.facts, now)) return refuse(*std::move(reason));
  if (is_left_alone(*held.facts.chat, mail, account))
    return refuse(ErrorKind::not_allowed, "nobody else is left in this group");
  Plan plan;
  say(held.send, account, held.facts, message.id, now, plan.operations);
  return plan;
}

Plan decide_held_failed(const HeldFailed& failed, const std::optional<MessageFacts>& message) {
  if (not_waiting(failed.message, message)) return {};
  const auto& mail = *message->outgoing_mail;
  Plan plan;
  plan.operations.emplace_back(HoldOutgoing{mail.id, 0});
  for (const auto& recipient : mail.recipients)
    plan.operations.emplace_back(SetRecipient{
        .outgoing = mail.id, .addr = recipient.addr, .state = RecipientState::failed, .reply = failed.reason});
  return plan;
}

}  // namespace coi::chat

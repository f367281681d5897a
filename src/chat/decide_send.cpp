// What the user says, as a message and the mail that carries it.
#include <algorithm>

#include <fmt/format.h>

#include "chat/album.h"
#include "chat/ask.h"
#include "chat/compose.h"
#include "chat/decide.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/place.h"
#include "mime/address.h"

namespace coi::chat {
namespace {

std::vector<Attachment> own_attachments(const std::vector<OutgoingFile>& files) {
  std::vector<Attachment> attachments;
  for (const auto& file : files)
    attachments.push_back({.name = file.name,
                           .type = file.type,
                           .size = file.bytes.size(),
                           .state = FileState::local,
                           .blob = file.blob,
                           .section = {},
                           .width = file.width,
                           .height = file.height});
  return attachments;
}

MessageKind kind_of(const SendMessage& send) {
  if (send.details.position) return MessageKind::location;
  if (send.kind != MessageKind::text) return send.kind;
  return send.files.empty() ? MessageKind::text : MessageKind::media;
}

// What no program could show as what it is meant to be.
std::optional<Error> senseless(const SendMessage& send) {
  const auto& details = send.details;
  if (details.position && !is_position(*details.position))
    return Error(ErrorKind::invalid, "no place on earth has these coordinates", "latitude ±90, longitude ±180 at most");
  if (details.duration_ms > longest_duration_ms) return Error(ErrorKind::invalid, "a sound lasts 24 hours at most");
  if (send.kind == MessageKind::voice && (send.files.size() != 1 || !send.files.front().type.starts_with("audio/")))
    return Error(ErrorKind::invalid, "a voice note is one sound file");
  if (send.kind == MessageKind::sticker &&
      (send.files.size() != 1 || !send.files.front().type.starts_with("image/") || !send.text.empty()))
    return Error(ErrorKind::invalid, "a sticker is one picture without words");
  return std::nullopt;
}

}  // namespace

std::optional<Error> unsendable(const ChatFacts& chat, const AccountFacts& account) {
  if (chat.group) {
    // In a group of several whom one has blocked is still a member.
    const auto& members = chat.group->members;
    if (std::ranges::none_of(members, [&](const Member& one) { return one.is_in() && is_own(account, one.addr); }))
      return Error(ErrorKind::not_allowed, "you are not a member of this group", "somebody in it has to add you");
    return std::nullopt;
  }
  for (const auto& peer : chat.peers) {
    if (!mime::is_address(peer.addr)) return Error(ErrorKind::not_allowed, "these mails name no sender to answer");
    if (peer.blocked)
      return Error(ErrorKind::not_allowed, fmt::format("{} is blocked", peer.addr), "unblock the chat first");
  }
  return std::nullopt;
}

PutMessage own_message(MessageKey key, const AccountFacts& account, const ChatFacts& chat, UnixMs at, UnixMs now) {
  return {.key = std::move(key),
          .chat = chat.ref,
          .outgoing = true,
          .seen = true,
          .arrived_ms = at,
          .date_ms = at,
          .received_ms = now,
          .from_name = account.name,
          .is_chat = true,
          .timer = chat.timer == 0 ? std::nullopt : std::optional(chat.timer)};
}

void put_audience(const ChatFacts& chat, const AccountFacts& account, const std::string& rfc_id, UnixMs at,
                  Operations& out) {
  if (chat.group) return put_group(*chat.group, account, rfc_id, at, out);
  for (const auto& peer : chat.peers)
    out.emplace_back(LearnAddress{.addr = peer.addr, .known = true, .rfc_id = rfc_id});
}

std::optional<Error> unfit(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now) {
  if (send.text.empty() && send.files.empty() && !send.details.position)
    return Error(ErrorKind::invalid, "the message is empty");
  if (auto reason = senseless(send)) return reason;
  if (auto reason = unfit_poll(send, now)) return reason;
  if (auto reason = unfit_time(send.not_before_ms.value_or(0), now)) return reason;
  if (!facts.chat) return Error(ErrorKind::not_found, "no such chat");
  const auto& chat = *facts.chat;
  if (!send.chat && !mime::is_address(send.addr))
    return Error(ErrorKind::invalid, fmt::format("\"{}\" is no e-mail address", send.addr),
                 "write it as name@example.org");
  if (auto reason = unsendable(chat, account)) return reason;
  if (send.reply_to && !facts.answered) return no_message(*send.reply_to);
  // An answer quotes; what one person wrote is not for another's eyes.
  if (send.reply_to && facts.answered->chat != chat.id)
    return Error(ErrorKind::invalid, "the message to answer is of another chat");
  if (send.reply_to && facts.answered->unsaid)
    return Error(ErrorKind::not_allowed, "the message to answer has not been sent yet");
  // RFC 3834 2: what a program sent is answered by no program, or two of them never end.
  const auto* answered = send.reply_to ? &*facts.answered : chat.last ? &*chat.last : nullptr;
  if (send.automatic == Automatic::replied && answered != nullptr && answered->automatic && !answered->outgoing)
    return Error(ErrorKind::not_allowed, "the message to answer was sent by a program",
                 "programs do not answer one another");
  return std::nullopt;
}

UnixMs time_of_sending(const ChatFacts& chat, UnixMs now) {
  // By a clock that is slow it would stand above what it answers, here and everywhere.
  return whole_seconds(std::max(now, chat.last ? chat.last->sort_ms : 0));
}

PutMessage message_of(const SendMessage& send, const AccountFacts& account, const SendFacts& facts,
                      const Composed& composed, UnixMs now) {
  auto message =
      own_message({facts.rfc_id, account.addr}, account, *facts.chat, time_of_sending(*facts.chat, now), now);
  message.subject = composed.subject;
  message.kind = kind_of(send);
  message.text = composed.text;
  message.quote = composed.quote;
  message.footer = composed.footer;
  message.details = composed.details;
  message.automatic = send.automatic != Automatic::no;
  message.in_reply_to = composed.in_reply_to;
  message.thread_root = composed.thread_root;
  message.follows = composed.follows;
  message.attachments = own_attachments(send.files);
  return message;
}

void say(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, std::optional<MessageId> held,
         UnixMs now, Operations& out) {
  const auto& chat = *facts.chat;
  const auto at = time_of_sending(chat, now);
  auto composed = compose_message(send, account, facts, at);
  const MessageKey key{facts.rfc_id, account.addr};
  put_audience(chat, account, key.rfc_id, at, out);
  if (composed.describes_group) put_group_word(RemarkKind::group_info, *chat.group, account, at, out);
  if (composed.asks_about_group) put_group_word(RemarkKind::group_request, *chat.group, account, at, out);
  if (composed.told)
    for (const auto& addr : addresses_of(recipients_of(chat, account)))
      out.emplace_back(LearnAddress{.addr = addr, .told = composed.told, .told_ms = at});
  auto message = message_of(send, account, facts, composed, now);
  if (held)
    out.emplace_back(SayMessage{*held, std::move(message)});
  else
    out.emplace_back(std::move(message));
  // P-23: as it is read by everybody else.
  const auto choices = send.reply_to && send.files.empty() && !send.details.position && !send.details.poll
                           ? choices_in_words(composed.text)
                           : std::nullopt;
  if (choices && send.automatic == Automatic::no && !send.details.forwarded)
    out.emplace_back(PutRemark{{.kind = RemarkKind::vote,
                                .subject = composed.in_reply_to,
                                .author = account.addr,
                                .about = {},
                                .value = choices_text(*choices),
                                .date_ms = at,
                                .rfc_id = key.rfc_id,
                                .at_ms = at,
                                .by_us = true}});
  out.emplace_back(PutOutgoing{.key = key,
                               .message = held.value_or(MessageId{}),
                               .recipients = addresses_of(recipients_of(chat, account)),
                               .tree = std::move(composed.tree)});
  if (chat.archived && chat.id) out.emplace_back(PatchChat{.chat = chat.id, .archived = false});
}

namespace {

// Now, or when its time comes.
void put(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now, Operations& out) {
  const auto not_before = send.not_before_ms.value_or(account.undo_send_ms > 0 ? now + account.undo_send_ms : 0);
  if (not_before > now) return hold(send, account, facts, not_before, now, out);
  say(send, account, facts, {}, now, out);
}

// What the next message of the chat goes on from.
MessageFacts as_last(const PutMessage& message) {
  return {.key = message.key,
          .other_ids = {},
          .sort_ms = message.arrived_ms,
          .arrived_ms = message.arrived_ms,
          .date_ms = message.date_ms,
          .outgoing = true,
          .is_chat = true,
          .thread_root = message.thread_root,
          .subject = message.subject,
          .follows = message.follows};
}

// P-12: one mail behind the other.
void put_album(const SendMessage& send, const std::vector<std::size_t>& counts, const AccountFacts& account,
               const SendFacts& facts, UnixMs now, Operations& out) {
  auto behind = facts;
  std::size_t first = 0;
  for (std::size_t i = 0; i < counts.size(); first += counts[i++]) {
    const auto begin = out.size();
    put(part_of_album(send, i, first, counts[i]), account, behind, now, out);
    for (auto place = begin; place < out.size(); ++place) {
      auto* message = std::get_if<PutMessage>(&out[place]);
      if (message == nullptr) continue;
      message->album = facts.rfc_id;
      behind.chat->last = as_last(*message);
    }
    behind.answered.reset();
    if (i + 1 < counts.size()) behind.rfc_id = id_in(*facts.chat, send.further_ids.at(i));
  }
}

}  // namespace

Plan decide_send(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now) {
  if (facts.sent) return {};  // asked for before: it is what it is
  if (auto reason = unfit(send, account, facts, now)) return refuse(*std::move(reason));
  Plan plan;
  const auto counts = files_by_mail(send, account.largest_mail, recipients_of(*facts.chat, account).size());
  if (counts.size() == 1)
    put(send, account, facts, now, plan.operations);
  else
    put_album(send, counts, account, facts, now, plan.operations);
  return plan;
}

void put_receipt(const MessageFacts& original, const AccountFacts& account, const JobDone& ids, UnixMs now,
                 Operations& out) {
  out.emplace_back(PutOutgoing{.kind = PutOutgoing::Kind::report,
                               .key = {ids.rfc_id, account.addr},
                               .recipients = {original.key.from_addr},
                               .tree = compose_receipt(original, account, ids.rfc_id, now)});
}

}  // namespace coi::chat

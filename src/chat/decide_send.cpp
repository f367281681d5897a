// A mail on its way out: queued, tried, accepted or refused.
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

// An unanswered DATA is tried again only after this time without an own copy.
constexpr UnixMs unanswered_pause = 60'000;
// So long a server that files the own copy by itself has for it; then we do.
constexpr UnixMs servers_copy_pause = 120'000;
// A server that takes a mail and hangs up without a word gets it so often.
constexpr int most_unanswered = 3;

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

UnixMs retry_pause(int attempts) {
  constexpr UnixMs minute = 60'000;
  constexpr std::array pauses = {minute / 4, minute, 5 * minute, 15 * minute, 30 * minute, 60 * minute};
  return pauses.at(static_cast<std::size_t>(std::clamp(attempts - 1, 0, static_cast<int>(pauses.size()) - 1)));
}

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
  if (send.reply_to && !facts.answered) return Error(ErrorKind::not_found, "the message to answer does not exist");
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

namespace {

// A bounce may name nobody, or an address to which the only recipient's mail is forwarded.
bool bounced(const Remark& remark, const RecipientFacts& recipient, const OutgoingFacts& mail) {
  return remark.kind == RemarkKind::failed &&
         (remark.about.empty() || remark.about == recipient.addr || mail.recipients.size() == 1) &&
         remark.at_ms > recipient.bounced_ms;
}

}  // namespace

Plan decide_retry(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now) {
  if (!facts.message || !facts.message->outgoing)
    return refuse(ErrorKind::not_found, "no message of ours to send again");
  if (!facts.message->outgoing_mail)
    return refuse(ErrorKind::not_allowed, "the message was sent from another device", "send it again from there");
  if (facts.message->deleted) return refuse(ErrorKind::not_allowed, "the message was deleted");
  if (!facts.chat) return refuse(ErrorKind::not_found, "no such chat");
  if (auto reason = unsendable(*facts.chat, account)) return refuse(*std::move(reason));
  const auto& mail = *facts.message->outgoing_mail;
  const auto& group = facts.chat->group;
  Plan plan;
  std::vector<std::string> again;
  bool left = false;
  for (const auto& recipient : mail.recipients) {
    auto last_bounce = recipient.bounced_ms;
    for (const auto& remark : facts.remarks)
      if (bounced(remark, recipient, mail)) last_bounce = std::max(last_bounce, remark.at_ms);
    const bool failed = recipient.state == RecipientState::failed ||
                        (recipient.state == RecipientState::accepted && last_bounce > recipient.bounced_ms);
    // One that waits for its next try goes now. One that the server may have is looked for first.
    if (!failed && recipient.state != RecipientState::queued) continue;
    // What is said in a group is not for those who have left it.
    if (group && !is_member(*group, recipient.addr)) {
      left = true;
      continue;
    }
    again.push_back(recipient.addr);
    plan.operations.emplace_back(SetRecipient{.outgoing = mail.id,
                                              .addr = recipient.addr,
                                              .state = RecipientState::queued,
                                              .next_ms = now,
                                              .again = true,
                                              .bounced_ms = last_bounce});
  }
  if (again.empty())
    return refuse(ErrorKind::not_allowed,
                  left ? "nobody who did not get it is still in this group" : "nothing of this message has failed");
  if (mail.kept) return plan;
  if (facts.message->kind == MessageKind::notice)
    return refuse(ErrorKind::not_allowed, "a change is not told again",
                  "say it in a message; who is in a group each message tells");
  if (!facts.message->attachments.empty() && retry.files.empty())
    return refuse(ErrorKind::not_allowed, "the mail with its files is no longer kept", "send the files again");
  plan.operations.insert(plan.operations.begin(), PutOutgoing{.key = facts.message->key,
                                                              .message = facts.message->id,
                                                              .recipients = std::move(again),
                                                              .tree = compose_again(retry, account, facts, now)});
  return plan;
}

namespace {

bool is_named(const std::vector<std::string>& addresses, const RecipientFacts& recipient) {
  return std::ranges::find(addresses, recipient.addr) != addresses.end();
}

}  // namespace

void decide_data_started(const DataStarted& started, const OutgoingFacts& mail, UnixMs now, Operations& out) {
  for (const auto& recipient : mail.recipients)
    if ((recipient.state == RecipientState::queued || recipient.state == RecipientState::sending) &&
        is_named(started.recipients, recipient))
      out.emplace_back(SetRecipient{.outgoing = mail.id,
                                    .addr = recipient.addr,
                                    .state = RecipientState::sending,
                                    .attempts = recipient.attempts,
                                    .next_ms = now + unanswered_pause});
}

// A recipient whose earlier attempt was never answered is not among those named, and stays "sending".
void decide_data_not_started(const DataNotStarted& held, const OutgoingFacts& mail, UnixMs now, Operations& out) {
  for (const auto& recipient : mail.recipients)
    if (recipient.state == RecipientState::sending && is_named(held.recipients, recipient))
      out.emplace_back(SetRecipient{.outgoing = mail.id,
                                    .addr = recipient.addr,
                                    .state = RecipientState::queued,
                                    .attempts = recipient.attempts,
                                    .next_ms = now});
}

namespace {

// By a word of the server.
bool is_put_off(const RecipientResult& result) {
  return result.state == RecipientState::queued && result.reply.starts_with('4');
}

// What an attempt says about a recipient; nullopt: nothing that was not known better.
std::optional<SetRecipient> outcome_of(const RecipientResult& result, const RecipientFacts& known,
                                       const OutgoingFacts& mail, UnixMs now) {
  const bool open = result.state == RecipientState::queued || result.state == RecipientState::sending;
  // The own copy has proved meanwhile that the server took the mail. It may have done so for another recipient, which
  // its answer about this one tells.
  if (open && known.state == RecipientState::accepted && !is_put_off(result)) return std::nullopt;
  SetRecipient next{.outgoing = mail.id,
                    .addr = result.addr,
                    .state = result.state,
                    .reply = result.reply,
                    .attempts = known.attempts + 1,
                    .unanswered = result.state == RecipientState::sending};
  if (!open) return next;
  if (next.unanswered && known.unanswered + 1 >= most_unanswered) {
    next.state = RecipientState::failed;
    next.reply = "the server never answered after it had the mail: it may have arrived";
    return next;
  }
  const auto pause = retry_pause(next.attempts);
  next.next_ms = now + (result.state == RecipientState::sending ? std::max(pause, unanswered_pause) : pause);
  // Without its bytes, which went when the own copy seemed to settle it, only the user can send it again.
  if (next.next_ms - known.since_ms > give_up_after || !mail.kept) next.state = RecipientState::failed;
  return next;
}

// For all whom the server was asked about. What is to go later can wait here as well, where it holds up nothing that
// goes now.
bool is_put_off(const SendResult& result) {
  return !result.recipients.empty() &&
         std::ranges::all_of(result.recipients, [](const RecipientResult& one) { return is_put_off(one); });
}

}  // namespace

void decide_result(const SendResult& result, const AccountFacts& account, const OutgoingFacts& mail, UnixMs now,
                   Operations& out) {
  if (result.hold_refused || (mail.hold_until_ms != 0 && is_put_off(result))) return hold_here(mail, out);
  bool accepted = false;
  bool all_failed = true;
  for (const auto& known : mail.recipients) {
    const auto recipient = std::ranges::find(result.recipients, known.addr, &RecipientResult::addr);
    auto state = known.state;
    if (recipient != result.recipients.end()) {
      accepted = accepted || recipient->state == RecipientState::accepted;
      if (auto next = outcome_of(*recipient, known, mail, now)) {
        state = next->state;
        // Whatever it told of us did not get there: the next one does.
        if (state == RecipientState::failed)
          out.emplace_back(LearnAddress{.addr = known.addr, .told = std::string(), .told_ms = now});
        out.emplace_back(std::move(*next));
      }
    }
    all_failed = all_failed && state == RecipientState::failed;
  }
  // Nobody will have it at its time: the user says what becomes of it.
  if (mail.hold_until_ms != 0 && all_failed) out.emplace_back(HoldOutgoing{mail.id, 0});
  // C-89: the own copy is filed once the server took the mail. Where the provider stores it by itself its copy ends
  // this job before it begins.
  if (accepted && mail.message && !mail.filed)
    out.emplace_back(
        PutJob{.kind = JobKind::file_copy,
               .message = mail.message,
               .outgoing = mail.id,
               .role = home_of_sent(mail.chat),
               // What the server keeps for later is no sent mail yet, to other devices least of all.
               .next_ms = std::max(mail.hold_until_ms, account.server_files_copies ? now + servers_copy_pause : 0)});
}

void put_receipt(const MessageFacts& original, const AccountFacts& account, const JobDone& ids, UnixMs now,
                 Operations& out) {
  out.emplace_back(PutOutgoing{.kind = PutOutgoing::Kind::report,
                               .key = {ids.rfc_id, account.addr},
                               .recipients = {original.key.from_addr},
                               .tree = compose_receipt(original, account, ids.rfc_id, now)});
}

}  // namespace coi::chat

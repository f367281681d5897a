// A mail on its way out: queued, tried, accepted or refused.
#include <algorithm>

#include <fmt/format.h>

#include "chat/ask.h"
#include "chat/compose.h"
#include "chat/decide.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
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
                           .section = {}});
  return attachments;
}

}  // namespace

UnixMs retry_pause(int attempts) {
  constexpr UnixMs minute = 60'000;
  constexpr std::array pauses = {minute / 4, minute, 5 * minute, 15 * minute, 30 * minute, 60 * minute};
  return pauses.at(static_cast<std::size_t>(std::clamp(attempts - 1, 0, static_cast<int>(pauses.size()) - 1)));
}

std::optional<Error> unsendable(const ChatFacts& chat) {
  for (const auto& peer : chat.peers) {
    if (!mime::is_address(peer.addr)) return Error(ErrorKind::not_allowed, "these mails name no sender to answer");
    if (peer.blocked)
      return Error(ErrorKind::not_allowed, fmt::format("{} is blocked", peer.addr), "unblock the chat first");
  }
  return std::nullopt;
}

Plan decide_send(const SendMessage& send, const AccountFacts& account, const SendFacts& facts, UnixMs now) {
  if (facts.sent) return {};  // asked for before: it is what it is
  if (send.text.empty() && send.files.empty()) return refuse(ErrorKind::invalid, "the message is empty");
  if (!facts.chat) return refuse(ErrorKind::not_found, "no such chat");
  const auto& chat = *facts.chat;
  if (!send.chat && !mime::is_address(send.addr))
    return refuse(ErrorKind::invalid, fmt::format("\"{}\" is no e-mail address", send.addr),
                  "write it as name@example.org");
  if (auto reason = unsendable(chat)) return refuse(*std::move(reason));
  if (send.reply_to && !facts.answered) return refuse(ErrorKind::not_found, "the message to answer does not exist");
  // An answer quotes; what one person wrote is not for another's eyes.
  if (send.reply_to && facts.answered->chat != chat.id)
    return refuse(ErrorKind::invalid, "the message to answer is of another chat");
  // RFC 3834 2: what a program sent is answered by no program, or two of them never end.
  const auto* answered = send.reply_to ? &*facts.answered : chat.last ? &*chat.last : nullptr;
  if (send.automatic == Automatic::replied && answered != nullptr && answered->automatic && !answered->outgoing)
    return refuse(ErrorKind::not_allowed, "the message to answer was sent by a program",
                  "programs do not answer one another");

  // By a clock that is slow it would stand above what it answers, here and everywhere.
  const auto at = whole_seconds(std::max(now, chat.last ? chat.last->sort_ms : 0));
  auto composed = compose_message(send, account, facts, at);
  const MessageKey key{send.rfc_id, account.addr};
  Plan plan;
  for (const auto& peer : chat.peers)
    plan.operations.emplace_back(LearnAddress{.addr = peer.addr, .known = true, .rfc_id = send.rfc_id});
  plan.operations.emplace_back(PutMessage{.key = key,
                                          .chat = chat.ref,
                                          .outgoing = true,
                                          .seen = true,
                                          .arrived_ms = at,
                                          .date_ms = at,
                                          .received_ms = now,
                                          .from_name = account.name,
                                          .subject = composed.subject,
                                          .kind = send.files.empty() ? MessageKind::text : MessageKind::media,
                                          .text = send.text,
                                          .quote = composed.quote,
                                          .is_chat = true,
                                          .automatic = send.automatic != Automatic::no,
                                          .in_reply_to = composed.in_reply_to,
                                          .thread_root = composed.thread_root,
                                          .follows = composed.follows,
                                          .attachments = own_attachments(send.files)});
  plan.operations.emplace_back(PutOutgoing{
      .key = key, .recipients = addresses_of(recipients_of(chat, account)), .tree = std::move(composed.tree)});
  if (chat.archived && chat.id) plan.operations.emplace_back(PatchChat{.chat = chat.id, .archived = false});
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
  const auto& mail = *facts.message->outgoing_mail;
  Plan plan;
  std::vector<std::string> again;
  for (const auto& recipient : mail.recipients) {
    auto last_bounce = recipient.bounced_ms;
    for (const auto& remark : facts.remarks)
      if (bounced(remark, recipient, mail)) last_bounce = std::max(last_bounce, remark.at_ms);
    const bool failed = recipient.state == RecipientState::failed ||
                        (recipient.state == RecipientState::accepted && last_bounce > recipient.bounced_ms);
    // One that waits for its next try goes now. One that the server may have is looked for first.
    if (!failed && recipient.state != RecipientState::queued) continue;
    again.push_back(recipient.addr);
    plan.operations.emplace_back(SetRecipient{.outgoing = mail.id,
                                              .addr = recipient.addr,
                                              .state = RecipientState::queued,
                                              .next_ms = now,
                                              .again = true,
                                              .bounced_ms = last_bounce});
  }
  if (again.empty()) return refuse(ErrorKind::not_allowed, "nothing of this message has failed");
  if (mail.kept) return plan;
  if (!facts.message->attachments.empty() && retry.files.empty())
    return refuse(ErrorKind::not_allowed, "the mail with its files is no longer kept", "send the files again");
  plan.operations.insert(plan.operations.begin(), PutOutgoing{.key = facts.message->key,
                                                              .message = facts.message->id,
                                                              .recipients = std::move(again),
                                                              .tree = compose_again(retry, account, facts, now)});
  return plan;
}

void decide_data_started(const OutgoingFacts& mail, UnixMs now, Operations& out) {
  for (const auto& recipient : mail.recipients)
    if (recipient.state == RecipientState::queued || recipient.state == RecipientState::sending)
      out.emplace_back(SetRecipient{.outgoing = mail.id,
                                    .addr = recipient.addr,
                                    .state = RecipientState::sending,
                                    .attempts = recipient.attempts,
                                    .next_ms = now + unanswered_pause});
}

// A recipient whose earlier attempt was never answered is not among those named, and stays "sending".
void decide_data_not_started(const DataNotStarted& held, const OutgoingFacts& mail, UnixMs now, Operations& out) {
  for (const auto& recipient : mail.recipients)
    if (recipient.state == RecipientState::sending &&
        std::ranges::find(held.recipients, recipient.addr) != held.recipients.end())
      out.emplace_back(SetRecipient{.outgoing = mail.id,
                                    .addr = recipient.addr,
                                    .state = RecipientState::queued,
                                    .attempts = recipient.attempts,
                                    .next_ms = now});
}

namespace {

// What an attempt says about a recipient; nullopt: nothing that was not known better.
std::optional<SetRecipient> outcome_of(const RecipientResult& result, const RecipientFacts& known, OutgoingId outgoing,
                                       UnixMs now) {
  const bool open = result.state == RecipientState::queued || result.state == RecipientState::sending;
  // The own copy has proved meanwhile that the server took the mail.
  if (open && known.state == RecipientState::accepted) return std::nullopt;
  SetRecipient next{.outgoing = outgoing,
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
  if (next.next_ms - known.since_ms > give_up_after) next.state = RecipientState::failed;
  return next;
}

}  // namespace

void decide_result(const SendResult& result, const AccountFacts& account, const OutgoingFacts& mail, UnixMs now,
                   Operations& out) {
  bool accepted = false;
  for (const auto& recipient : result.recipients) {
    const auto known = std::ranges::find(mail.recipients, recipient.addr, &RecipientFacts::addr);
    if (known == mail.recipients.end()) continue;
    accepted = accepted || recipient.state == RecipientState::accepted;
    if (auto next = outcome_of(recipient, *known, result.outgoing, now)) out.emplace_back(std::move(*next));
  }
  // C-89: the own copy is filed once the server took the mail. Where the provider stores it by itself its copy ends
  // this job before it begins.
  if (accepted && mail.message && !mail.filed)
    out.emplace_back(PutJob{.kind = JobKind::file_copy,
                            .message = mail.message,
                            .outgoing = mail.id,
                            .role = home_of_sent(mail.chat),
                            .next_ms = account.server_files_copies ? now + servers_copy_pause : 0});
}

void put_receipt(const MessageFacts& original, const AccountFacts& account, const JobDone& ids, UnixMs now,
                 Operations& out) {
  out.emplace_back(PutOutgoing{.kind = PutOutgoing::Kind::report,
                               .key = {ids.rfc_id, account.addr},
                               .recipients = {original.key.from_addr},
                               .tree = compose_receipt(original, account, ids.rfc_id, now)});
}

}  // namespace coi::chat

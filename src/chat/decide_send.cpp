// A mail on its way out: queued, tried, accepted or refused.
#include <algorithm>

#include "chat/ask.h"
#include "chat/compose.h"
#include "chat/decide.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"

namespace coi::chat {
namespace {

// An unanswered DATA is tried again only after this time without an own copy.
constexpr UnixMs unanswered_pause = 60'000;

Plan refuse(ErrorKind kind, std::string text, std::string hint = {}) {
  return {.operations = {}, .refusal = Error(kind, std::move(text), std::move(hint))};
}

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

Plan decide_send(const SendMessage& send, const Facts& facts, UnixMs now) {
  if (send.text.empty() && send.files.empty()) return refuse(ErrorKind::invalid, "the message is empty");
  if (!facts.chat) {
    if (send.chat) return refuse(ErrorKind::not_found, "no such chat");
    return refuse(ErrorKind::invalid, fmt::format("{} is no e-mail address", send.addr), "write it as name@example.org");
  }
  const auto& chat = *facts.chat;
  if (chat.peer.blocked)
    return refuse(ErrorKind::not_allowed, fmt::format("{} is blocked", chat.peer.addr), "unblock the chat first");
  if (send.reply_to && !facts.message) return refuse(ErrorKind::not_found, "the message to answer does not exist");

  auto composed = compose_message(send, facts, now);
  const MessageKey key{send.rfc_id, facts.account.addr};
  const bool to_self = chat.ref.kind == ChatKind::self;
  const auto recipient = to_self ? facts.account.addr : chat.peer.addr;
  Plan plan;
  if (!to_self) plan.operations.emplace_back(LearnAddress{.addr = recipient, .known = true, .rfc_id = send.rfc_id});
  plan.operations.emplace_back(PutMessage{.key = key,
                                          .chat = chat.ref,
                                          .outgoing = true,
                                          .seen = true,
                                          .sort_ms = now,
                                          .date_ms = now,
                                          .received_ms = now,
                                          .from_name = facts.account.name,
                                          .subject = composed.subject,
                                          .kind = send.files.empty() ? MessageKind::text : MessageKind::media,
                                          .text = send.text,
                                          .quote = composed.quote,
                                          .is_chat = true,
                                          .in_reply_to = composed.in_reply_to,
                                          .thread_root = composed.thread_root,
                                          .attachments = own_attachments(send.files)});
  plan.operations.emplace_back(PutOutgoing{.key = key, .recipients = {recipient}, .tree = std::move(composed.tree)});
  if (chat.archived && chat.id) plan.operations.emplace_back(PatchChat{.chat = chat.id, .archived = false});
  return plan;
}

Plan decide_retry(const RetryMessage&, const Facts& facts, UnixMs now) {
  if (!facts.message || !facts.message->outgoing_mail) return refuse(ErrorKind::not_found, "no message of ours to send again");
  const auto& mail = *facts.message->outgoing_mail;
  Plan plan;
  for (const auto& recipient : mail.recipients)
    if (recipient.state == RecipientState::failed)
      plan.operations.emplace_back(SetRecipient{
          .outgoing = mail.id, .addr = recipient.addr, .state = RecipientState::queued, .next_ms = now});
  if (plan.operations.empty()) return refuse(ErrorKind::not_allowed, "nothing of this message has failed");
  return plan;
}

void decide_data_started(const DataStarted& started, const Facts& facts, UnixMs now, Operations& out) {
  if (!facts.outgoing) return;
  for (const auto& recipient : facts.outgoing->recipients)
    if (recipient.state == RecipientState::queued)
      out.emplace_back(SetRecipient{.outgoing = started.outgoing,
                                    .addr = recipient.addr,
                                    .state = RecipientState::sending,
                                    .attempts = recipient.attempts,
                                    .next_ms = now + unanswered_pause});
}

void decide_result(const SendResult& result, const Facts& facts, UnixMs now, Operations& out) {
  if (!facts.outgoing) return;
  bool accepted = false;
  for (const auto& outcome : result.recipients) {
    const auto known = std::ranges::find(facts.outgoing->recipients, outcome.addr, &RecipientFacts::addr);
    if (known == facts.outgoing->recipients.end()) continue;
    SetRecipient next{.outgoing = result.outgoing,
                      .addr = outcome.addr,
                      .state = outcome.state,
                      .reply = outcome.reply,
                      .attempts = known->attempts + 1};
    if (outcome.state == RecipientState::queued) {
      next.next_ms = now + retry_pause(next.attempts);
      if (next.next_ms - known->since_ms > give_up_after) next.state = RecipientState::failed;
    }
    accepted = accepted || outcome.state == RecipientState::accepted;
    out.emplace_back(std::move(next));
  }
  // C-89: the own copy is filed once the server took the mail; not where the provider stores it by itself.
  if (accepted && facts.outgoing->message && !facts.account.server_files_copies)
    out.emplace_back(PutJob{.kind = JobKind::file_copy,
                            .message = facts.outgoing->message,
                            .role = home_of_sent(facts.outgoing->chat)});
}

void put_receipt(const MessageFacts& original, const Facts& facts, const JobDone& ids, UnixMs now, Operations& out) {
  out.emplace_back(PutOutgoing{.key = {ids.rfc_id, facts.account.addr},
                               .recipients = {original.key.from_addr},
                               .tree = compose_receipt(original, facts.account, ids.rfc_id, now),
                               .control = true});
}

}  // namespace coi::chat

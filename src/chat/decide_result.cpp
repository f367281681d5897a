// What became of a mail: handed over, accepted, put off or refused, and sent again.
#include <algorithm>
#include <array>

#include "chat/ask.h"
#include "chat/compose.h"
#include "chat/decide.h"
#include "chat/decide_parts.h"

namespace coi::chat {

UnixMs retry_pause(int attempts) {
  constexpr UnixMs minute = 60'000;
  constexpr std::array pauses = {minute / 4, minute, 5 * minute, 15 * minute, 30 * minute, 60 * minute};
  return pauses.at(static_cast<std::size_t>(std::clamp(attempts - 1, 0, static_cast<int>(pauses.size()) - 1)));
}

namespace {

// An unanswered DATA is tried again only after this time without an own copy.
constexpr UnixMs unanswered_pause = 60'000;
// So long a server that files the own copy by itself has for it; then we do.
constexpr UnixMs servers_copy_pause = 120'000;
// A server that takes a mail and hangs up without a word gets it so often.
constexpr int most_unanswered = 3;

// A bounce may name nobody, or an address to which the only recipient's mail is forwarded.
bool bounced(const Remark& remark, const RecipientFacts& recipient, const OutgoingFacts& mail) {
  return remark.kind == RemarkKind::failed &&
         (remark.about.empty() || remark.about == recipient.addr || mail.recipients.size() == 1) &&
         remark.at_ms > recipient.bounced_ms;
}

bool is_named(const std::vector<std::string>& addresses, const RecipientFacts& recipient) {
  return std::ranges::find(addresses, recipient.addr) != addresses.end();
}

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

Plan decide_retry(const RetryMessage& retry, const AccountFacts& account, const RetryFacts& facts, UnixMs now) {
  if (!facts.message) return refuse(no_message(retry.message));
  if (!facts.message->outgoing) return refuse(ErrorKind::not_allowed, "the message is not your own");
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

}  // namespace coi::chat

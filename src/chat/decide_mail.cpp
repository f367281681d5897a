// What a fetched mail means for the store.
#include <algorithm>

#include "chat/ask.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"

namespace coi::chat {
namespace {

// C-34, D-29: a receipt tells how far a mail of ours was read; one by an own device tells what we have read ourselves.
void decide_receipt(const Report& report, const Content& content, const Facts& facts, UnixMs at, Operations& out) {
  const bool by_us = is_own(facts.account, content.from.addr);
  for (const auto& rfc_id : report.rfc_ids)
    out.emplace_back(PutReport{.rfc_id = rfc_id,
                               .recipient = by_us ? facts.account.addr : content.from.addr,
                               .kind = ReportKind::displayed,
                               .at_ms = at});
  if (!by_us) return;
  for (const auto& message : facts.about)
    if (!message.outgoing && !message.seen) out.emplace_back(SetSeen{message.id});
}

void decide_bounce(const Report& report, UnixMs at, Operations& out) {
  for (const auto& rfc_id : report.rfc_ids)
    out.emplace_back(PutReport{.rfc_id = rfc_id,
                               .recipient = report.recipient,
                               .kind = report.kind,
                               .reason = report.reason,
                               .at_ms = at});
}

// A receipt that another own device sent for this mail was here before the mail.
bool read_elsewhere(const Facts& facts) {
  return std::ranges::any_of(facts.reports, [&](const Report& report) {
    return report.kind == ReportKind::displayed && is_own(facts.account, report.recipient);
  });
}

void learn_people(const MailArrived& mail, bool outgoing, UnixMs at, Operations& out) {
  const auto& content = mail.content;
  if (!outgoing) {
    out.emplace_back(LearnAddress{.addr = content.from.addr,
                                  .name = content.from.name,
                                  .peer_class = content.automatic ? PeerClass::unknown : content.evidence,
                                  .at_ms = at,
                                  .rfc_id = content.rfc_id});
    return;
  }
  // Whoever we wrote to is no stranger, whichever device or program wrote.
  for (const auto* list : {&content.to, &content.cc})
    for (const auto& address : *list)
      out.emplace_back(LearnAddress{.addr = address.addr, .known = true, .rfc_id = content.rfc_id});
}

PutMessage message_of(const MailArrived& mail, Flags flags, const Facts& facts, bool outgoing) {
  const auto& content = mail.content;
  PutMessage message{.key = {content.rfc_id, content.from.addr},
                     .chat = chat_of(content, facts.account),
                     .outgoing = outgoing,
                     .seen = outgoing || flags.has(Flags::seen),
                     .sort_ms = std::min(content.date.value_or(mail.internaldate), mail.internaldate),
                     .date_ms = content.date.value_or(mail.internaldate),
                     .received_ms = mail.internaldate,
                     .from_name = content.from.name,
                     .subject = content.subject,
                     .kind = content.attachments.empty() ? MessageKind::text : MessageKind::media,
                     .text = content.text,
                     .quote = content.quote,
                     .footer = content.footer,
                     .html = content.html,
                     .is_chat = content.chat,
                     .automatic = content.automatic,
                     .wants_chat_receipt = content.asks_chat_receipt && !outgoing,
                     .wants_plain_receipt = content.asks_plain_receipt && !outgoing,
                     .in_reply_to = content.in_reply_to,
                     .thread_root = content.references.empty() ? content.rfc_id : content.references.front(),
                     .attachments = content.attachments};
  const bool wanted = facts.peer && facts.peer->known && !facts.peer->blocked;
  message.notify = mail.live && !message.seen && wanted && mail.role != FolderRole::junk;
  return message;
}

// The submission server took a mail whose answer we never got: here is the copy that proves it.
void settle_unanswered(const Facts& facts, Operations& out) {
  if (!facts.message || !facts.message->outgoing_mail) return;
  const auto& mail = *facts.message->outgoing_mail;
  for (const auto& recipient : mail.recipients)
    if (recipient.state == RecipientState::sending)
      out.emplace_back(SetRecipient{
          .outgoing = mail.id, .addr = recipient.addr, .state = RecipientState::accepted, .attempts = recipient.attempts});
}

}  // namespace

void decide_mail(const MailArrived& mail, const Facts& facts, Operations& out) {
  const auto& content = mail.content;
  const auto at = std::min(content.date.value_or(mail.internaldate), mail.internaldate);
  for (const auto& report : content.reports) {
    if (report.kind == ReportKind::displayed)
      decide_receipt(report, content, facts, at, out);
    else
      decide_bounce(report, at, out);
  }
  if (!content.reports.empty()) {
    out.emplace_back(PutTombstone{mail.place, {}});
    return;
  }
  if (content.hidden) {
    out.emplace_back(PutTombstone{mail.place, {}});
    return;
  }
  const bool outgoing = is_own(facts.account, content.from.addr);
  auto flags = mail.flags;
  if (!outgoing && read_elsewhere(facts)) flags.bits |= Flags::seen;
  auto message = message_of(mail, flags, facts, outgoing);
  learn_people(mail, outgoing, at, out);
  const bool seen = message.seen;
  out.emplace_back(std::move(message));
  out.emplace_back(PutPlace{.place = mail.place,
                            .key = {content.rfc_id, content.from.addr},
                            .flags = flags,
                            .modseq = mail.modseq,
                            .size = mail.size});
  if (outgoing) settle_unanswered(facts, out);
  file_copy_well({.role = mail.role,
                  .chat = content.chat,
                  .outgoing = outgoing,
                  .seen = seen,
                  .blocked = facts.peer && facts.peer->blocked},
                 mail.place, facts.account, out);
  // C-89: own mail from another device is read, wherever it lies.
  if (outgoing && !mail.flags.has(Flags::seen)) add_jobs({.kind = JobKind::store_seen}, {mail.place}, out);
}

void file_copy_well(const Filed& filed, const Place& place, const AccountFacts& account, Operations& out) {
  if (const auto role = misfiled(filed, account)) add_jobs({.kind = JobKind::move, .role = *role}, {place}, out);
}

void add_jobs(PutJob job, std::vector<Place> places, Operations& out) {
  for (auto& operation : jobs_for(std::move(job), std::move(places))) out.push_back(std::move(operation));
}

}  // namespace coi::chat

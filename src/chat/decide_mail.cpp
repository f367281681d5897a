// What a fetched mail means for the store.
#include <algorithm>

#include "chat/arrival.h"
#include "chat/ask.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/same_mail.h"

namespace coi::chat {
namespace {

// What the author had before them when they wrote: every chat program ends References with it (C-08).
std::string followed(const Content& content) {
  const auto& newest = content.references.empty() ? content.in_reply_to : content.references.back();
  return newest == content.rfc_id ? std::string() : newest;  // D-07: the first mail of a conversation names itself
}

std::string bounce_of(const Content& content) {
  return content.is_bounce() ? content.remarks.front().subject : std::string();  // one bounce is about one mail
}

UnixMs arrival_of(const MailArrived& mail, const AccountFacts& account, UnixMs now) {
  return arrival({.received = mail.content.received,
                  .internaldate = mail.internaldate,
                  .date = mail.content.date,
                  .own = is_own(account, mail.content.from.addr)},
                 now);
}

// C-34, D-29: a receipt tells how far a mail of ours was read; one by an own device tells what we have read ourselves.
// A bounce tells that it did not get there. All is kept for a mail that comes later.
// What a mail whose author the server denies says about others is not believed; bounces often are such mails, and are.
void put_remarks(const MailArrived& mail, const AccountFacts& account, UnixMs at, Operations& out) {
  const bool by_us = is_by_us(account, mail.content);
  for (auto remark : mail.content.remarks) {
    if (mail.content.disowned && !is_of_delivery(remark.kind)) continue;
    remark.at_ms = at;
    remark.by_us = by_us && !is_of_delivery(remark.kind);
    out.emplace_back(PutRemark{std::move(remark)});
  }
}

void learn_people(const MailArrived& mail, const AccountFacts& account, bool outgoing, UnixMs at, Operations& out) {
  const auto& content = mail.content;
  if (content.disowned) {
    out.emplace_back(LearnAddress{.addr = content.from.addr});  // whoever it was, it tells nothing about the address
    return;
  }
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
      if (!is_own(account, address.addr))
        out.emplace_back(LearnAddress{.addr = address.addr, .known = true, .rfc_id = content.rfc_id});
}

// Of a mail with a letter.
PutMessage message_of(const MailArrived& mail, const AccountFacts& account, const MailFacts& facts, bool outgoing,
                      UnixMs at) {
  const auto& content = mail.content;
  const auto& letter = *content.letter;
  PutMessage message{.key = {content.rfc_id, content.from.addr},
                     .other_ids = content.other_ids,
                     .chat = chat_of(content, account),
                     .outgoing = outgoing,
                     .seen = outgoing || mail.flags.has(Flags::seen),
                     .forged = content.disowned,
                     .list = content.list,
                     .arrived_ms = at,
                     .date_ms = content.date.value_or(0),
                     .received_ms = mail.internaldate,
                     .size = mail.size,
                     .from_name = content.from.name,
                     .subject = content.subject,
                     .kind = letter.attachments.empty() ? MessageKind::text : MessageKind::media,
                     .text = letter.text,
                     .quote = letter.quote,
                     .footer = letter.footer,
                     .html = letter.html,
                     .is_chat = content.chat,
                     .automatic = content.automatic || content.is_bounce(),
                     .wants_chat_receipt = letter.asks_chat_receipt && !outgoing,
                     .wants_plain_receipt = letter.asks_plain_receipt && !outgoing,
                     .in_reply_to = content.in_reply_to,
                     .thread_root = content.references.empty() ? content.rfc_id : content.references.front(),
                     .follows = followed(content),
                     .bounce_of = bounce_of(content),
                     .attachments = letter.attachments};
  message.history = !mail.live;
  const bool wanted =
      facts.peer && facts.peer->known && !facts.peer->blocked && !content.disowned && !content.is_bounce();
  message.notify = mail.live && !message.seen && wanted && mail.role != FolderRole::junk;
  return message;
}

// The submission server took a mail whose answer we never got: here is the copy that proves it.
void settle_unanswered(const MessageFacts& message, Operations& out) {
  if (!message.outgoing_mail) return;
  const auto& mail = *message.outgoing_mail;
  for (const auto& recipient : mail.recipients)
    if (recipient.state == RecipientState::sending)
      out.emplace_back(SetRecipient{.outgoing = mail.id,
                                    .addr = recipient.addr,
                                    .state = RecipientState::accepted,
                                    .attempts = recipient.attempts});
}

// A receipt, a bounce, or a mail that is no message: its place is done, and it is filed as what it is. What a chat
// program sent to this one is read when this one has read it; a person's other mail programs need not show it as news.
void put_away(const MailArrived& mail, const AccountFacts& account, const MailFacts& facts, Operations& out) {
  out.emplace_back(PutTombstone{mail.place, {}});
  const auto& content = mail.content;
  if (!content.chat) return;
  const bool outgoing = is_by_us(account, content);
  if (!mail.flags.has(Flags::seen) && (mail.live || outgoing))
    add_jobs({.kind = JobKind::store_seen}, {mail.place}, out);
  file_copy_well({.role = mail.role,
                  .chat = true,
                  .outgoing = outgoing,
                  .seen = true,
                  .blocked = facts.peer && facts.peer->blocked},
                 mail.place, account, out);
}

// S-26: the user has read it here, but its copy was moved before the server heard of it; this is the new copy.
bool moved_before_seen(const Place& place, Flags flags, const MessageFacts& message) {
  if (flags.has(Flags::seen) || !message.seen_here) return false;
  return std::ranges::find(message.places, place, &PlaceFacts::place) == message.places.end();
}

// What is told of one copy, whether its body was read or not.
struct Copy {
  PutPlace put;
  FolderRole role;
  bool chat, outgoing;
  bool same_words = false;  // as those of the message, which were compared
};

bool was_appended(const PlaceFacts& copy) { return copy.appended; }

// A copy in Sent that is surely not ours: providers that store what they send by themselves (Outlook.com, Gmail) are
// known by it. Ours are known by their APPENDUID; without one, by the folder that we append to.
bool is_servers_copy(const Copy& copy, const MessageFacts& known, const AccountFacts& account, UnixMs now) {
  constexpr UnixMs soon = 24 * 60 * 60'000;  // later it may have been put there by hand
  if (copy.role != FolderRole::sent || !known.outgoing_mail || copy.put.flags.has(Flags::deleted)) return false;
  if (now - known.received_ms > soon) return false;
  if (std::ranges::find(known.places, copy.put.place, &PlaceFacts::place) != known.places.end()) return false;
  return std::ranges::any_of(known.places, was_appended) || !known.outgoing_mail->filed ||
         (home_of_sent(known.is_chat) != FolderRole::sent && !account.coi_server);
}

// From now on no copy of ours is appended. One that already was is removed beside a copy that says the same: it is a
// mail that we made moments ago, its UID is known, and the worker makes sure that the other one is another mail and
// stays. What may differ is left alone.
void note_servers_copy(const Copy& copy, const MessageFacts& known, const AccountFacts& account, Operations& out) {
  if (!account.server_files_copies) out.emplace_back(PutCopiesFiled{.by_server = true});
  if (!copy.same_words) return;
  for (const auto& other : known.places)
    if (was_appended(other))
      out.emplace_back(
          PutJob{.kind = JobKind::remove_copy, .message = known.id, .role = FolderRole::sent, .places = {other.place}});
}

// `known`: the message was stored before; nullptr: it is new.
void put_copy(Copy copy, const MessageFacts* known, const AccountFacts& account, const MailFacts& facts, UnixMs now,
              Operations& out) {
  // By the flag on the server, not by what we know of the mail from elsewhere: the device that read it sets the flag.
  const bool seen = copy.put.flags.has(Flags::seen);
  if (known != nullptr) {
    copy.put.message = known->id;
    if (is_servers_copy(copy, *known, account, now)) note_servers_copy(copy, *known, account, out);
    if (moved_before_seen(copy.put.place, copy.put.flags, *known)) {
      copy.put.flags.bits |= Flags::seen;
      add_jobs({.kind = JobKind::store_seen}, {copy.put.place}, out);
    }
  }
  const auto place = copy.put.place;
  out.emplace_back(std::move(copy.put));
  if (copy.outgoing && known != nullptr) settle_unanswered(*known, out);
  file_copy_well({.role = copy.role,
                  .chat = copy.chat,
                  .outgoing = copy.outgoing,
                  .seen = seen,
                  .blocked = facts.peer && facts.peer->blocked},
                 place, account, out);
}

// C-89: own mail from another device is read, wherever it lies.
void read_own(const Place& place, Flags flags, Operations& out) {
  if (!flags.has(Flags::seen)) add_jobs({.kind = JobKind::store_seen}, {place}, out);
}

// A copy that was disowned on its way, by a list for example, came first; this one shows that the mail is ours after
// all, so the others are filed as what they are.
void file_copies_of_proven(const MessageFacts& message, const AccountFacts& account, Operations& out) {
  for (const auto& copy : message.places) {
    const bool seen = copy.flags.has(Flags::seen);
    file_copy_well({.role = copy.role, .chat = message.is_chat, .outgoing = true, .seen = seen}, copy.place, account,
                   out);
  }
}

}  // namespace

void decide_mail(const MailArrived& mail, const AccountFacts& account, const MailFacts& facts, UnixMs now,
                 Operations& out) {
  const auto& content = mail.content;
  const auto at = arrival_of(mail, account, now);
  put_remarks(mail, account, at, out);
  if (!content.letter) return put_away(mail, account, facts, out);
  if (content.is_bounce()) out.emplace_back(PutTombstone{mail.place, {}});  // the place is done, shown or not
  const bool outgoing = is_by_us(account, content);
  learn_people(mail, account, outgoing, at, out);
  auto message = message_of(mail, account, facts, outgoing, at);
  join_copies(message, facts.namesakes, out);
  const auto into = message.into;
  const auto found = std::ranges::find(facts.namesakes, into.value_or(MessageId{}), &MessageFacts::id);
  const auto* known = found == facts.namesakes.end() ? nullptr : &*found;
  PutPlace place{
      .place = mail.place, .key = message.key, .flags = mail.flags, .modseq = mail.modseq, .size = mail.size};
  const bool same_words = known != nullptr && says_the_same(message, *known);
  out.emplace_back(std::move(message));
  put_copy({.put = std::move(place),
            .role = mail.role,
            .chat = content.chat,
            .outgoing = outgoing || (known != nullptr && known->outgoing),
            .same_words = same_words},
           known, account, facts, now, out);
  if (outgoing) read_own(mail.place, mail.flags, out);
  if (outgoing && known != nullptr && !known->outgoing) file_copies_of_proven(*known, account, out);
}

void decide_seen_again(const MailSeenAgain& mail, const AccountFacts& account, const MailFacts& facts, UnixMs now,
                       Operations& out) {
  const auto* known = known_by_header(mail, facts.namesakes);
  if (known == nullptr) return;
  put_copy(
      {.put = {.place = mail.place, .key = mail.key, .flags = mail.flags, .modseq = mail.modseq, .size = mail.size},
       .role = mail.role,
       .chat = known->is_chat,
       .outgoing = known->outgoing},
      known, account, facts, now, out);
  if (known->outgoing) read_own(mail.place, mail.flags, out);
}

void file_copy_well(const Filed& filed, const Place& place, const AccountFacts& account, Operations& out) {
  if (const auto role = misfiled(filed, account)) add_jobs({.kind = JobKind::move, .role = *role}, {place}, out);
}

void add_jobs(PutJob job, std::vector<Place> places, Operations& out) {
  for (auto& operation : jobs_for(std::move(job), std::move(places))) out.push_back(std::move(operation));
}

}  // namespace coi::chat

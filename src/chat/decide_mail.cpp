// What a fetched mail means for the store.
#include <algorithm>

#include "base/utf8.h"
#include "chat/arrival.h"
#include "chat/ask.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/group.h"
#include "chat/mention.h"
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

// By somebody known, or in a chat that was accepted.
bool is_wanted(const MailArrived& mail, const MailFacts& facts) {
  const bool known = facts.peer && facts.peer->known;
  const bool blocked = facts.peer && facts.peer->blocked;
  return facts.accepted.value_or(known) && !blocked && !mail.content.disowned && !mail.content.is_bounce() &&
         mail.role != FolderRole::junk;
}

// Where a server denies nobody, anybody could take back what we have said, or have it disappear: own devices put their
// mails into the mailbox themselves, so that no server has received these.
bool is_by_own_device(const MailArrived& mail, const AccountFacts& account) {
  return is_by_us(account, mail.content) && (!mail.content.received || mail.role == FolderRole::sent);
}

// C-34, D-29: a receipt tells how far a mail of ours was read; one by an own device tells what we have read ourselves.
// A bounce tells that it did not get there. All is kept for a mail that comes later.
// What a mail whose author the server denies says about others is not believed; bounces often are such mails, and are.
void put_remarks(const MailArrived& mail, const AccountFacts& account, const MailFacts& facts, UnixMs at,
                 Operations& out) {
  const bool by_us = is_by_us(account, mail.content);
  for (auto remark : mail.content.remarks) {
    if (mail.content.disowned && !is_of_delivery(remark.kind)) continue;
    if (remark.kind == RemarkKind::deleted && by_us && !is_by_own_device(mail, account)) continue;
    remark.at_ms = at;
    remark.by_us = by_us && !is_of_delivery(remark.kind);
    out.emplace_back(PutRemark{std::move(remark), mail.live && !by_us && is_wanted(mail, facts)});
  }
}

// C-16, D-16. What stands below other mail is a signature, and below a list's the list's.
std::optional<std::string> status_in(const Content& content) {
  constexpr std::size_t longest = 1000;
  const bool by_program = content.evidence == PeerClass::coi || content.evidence == PeerClass::delta;
  if (!by_program || content.automatic || content.list) return std::nullopt;
  if (content.status) return content.status;
  const bool is_said = content.letter && !content.letter->footer.empty();
  return is_said ? std::optional(std::string(utf8_front(content.letter->footer, longest))) : std::nullopt;
}

// C-56. What a list passes on may be changed.
std::optional<PersonSaid> profile_in(const Content& content) {
  if (!content.profile || content.automatic || content.list) return std::nullopt;
  auto said = *content.profile;
  said.picture.base64.clear();
  return said;
}

void learn_people(const MailArrived& mail, const AccountFacts& account, bool outgoing, UnixMs at, Operations& out) {
  const auto& content = mail.content;
  if (content.disowned) {
    // Whoever it was, it tells nothing about the address but that others use it.
    out.emplace_back(LearnAddress{.addr = content.from.addr, .unproven = true, .at_ms = at, .rfc_id = content.rfc_id});
    return;
  }
  if (!outgoing) {
    if (content.profile && !content.profile->picture.id.empty()) out.emplace_back(PutPicture{content.profile->picture});
    out.emplace_back(LearnAddress{.addr = content.from.addr,
                                  .name = content.from.name,
                                  .peer_class = content.automatic ? PeerClass::unknown : content.evidence,
                                  .status = status_in(content),
                                  .profile = profile_in(content),
                                  .requested_ms = content.asks_profile ? at : 0,
                                  .unproven = content.unproven,
                                  .at_ms = at,
                                  .rfc_id = content.rfc_id});
    return;
  }
  if (content.profile) {
    const auto told = std::min(content.date.value_or(at), at);
    for (const auto* list : {&content.to, &content.cc})
      for (const auto& address : *list)
        if (!is_own(account, address.addr))
          out.emplace_back(LearnAddress{.addr = address.addr, .told = content.profile->told, .told_ms = told});
  }
  // Whoever we wrote to is no stranger, whichever device or program wrote.
  // Those in a group are strangers still.
  if (is_group(chat_of(content, account))) return;
  for (const auto* list : {&content.to, &content.cc})
    for (const auto& address : *list)
      if (!is_own(account, address.addr))
        out.emplace_back(LearnAddress{.addr = address.addr, .known = true, .rfc_id = content.rfc_id});
}

MessageKind kind_of(const Letter& letter) {
  if (!letter.notice.code.empty()) return MessageKind::notice;
  return letter.kind == MessageKind::text && !letter.attachments.empty() ? MessageKind::media : letter.kind;
}

// What tells of a pin is no news to be read; that a poll is over is, and that somebody calls.
bool is_no_news(const Letter& letter) {
  const auto& code = letter.notice.code;
  return !code.empty() && code != "poll_closed" && code != call_notice;
}

Flags flags_of(const MailArrived& mail) {
  const bool is_told = mail.content.letter && is_no_news(*mail.content.letter);
  return {mail.flags.bits | (is_told ? Flags::seen : 0)};
}

// C-79, C-80: everybody is meant in a group alone.
bool mentions_us(const PutMessage& message, const AccountFacts& account) {
  return std::ranges::any_of(mentioned(message.text), [&](const std::string& addr) {
    return addr == "all" ? is_group(message.chat) : is_own(account, addr);
  });
}

// Of a mail with a letter.
PutMessage message_of(const MailArrived& mail, const AccountFacts& account, const MailFacts& facts, bool outgoing,
                      UnixMs at) {
  const auto& content = mail.content;
  const auto& letter = *content.letter;
  PutMessage message{.key = {content.rfc_id, content.from.addr},
                     .other_ids = content.other_ids,
                     .half = content.half,
                     .chat = chat_of(content, account),
                     .outgoing = outgoing,
                     .seen = outgoing || flags_of(mail).has(Flags::seen),
                     .forged = content.disowned,
                     .list = content.list,
                     .arrived_ms = at,
                     .date_ms = content.date.value_or(0),
                     .received_ms = mail.internaldate,
                     .size = mail.size,
                     .from_name = content.from.name,
                     .subject = content.subject,
                     .kind = kind_of(letter),
                     .notice = letter.notice,
                     .text = letter.text,
                     .quote = letter.quote,
                     .footer = letter.footer,
                     .details = letter.details,
                     .html = letter.html,
                     .is_chat = content.chat,
                     .automatic = content.automatic || content.is_bounce(),
                     .wants_chat_receipt = letter.asks_chat_receipt && !outgoing,
                     .wants_plain_receipt = letter.asks_plain_receipt && !outgoing,
                     .in_reply_to = content.in_reply_to,
                     .edits = content.edits,
                     .thread_root = content.references.empty() ? content.rfc_id : content.references.front(),
                     .follows = followed(content),
                     .bounce_of = bounce_of(content),
                     .attachments = letter.attachments,
                     .timer = content.timer};
  if (auto notice = notice_of(content); !notice.code.empty() && is_group(message.chat)) {
    message.kind = MessageKind::notice;
    message.notice = std::move(notice);
  }
  if (outgoing && !is_by_own_device(mail, account)) message.timer.reset();
  message.history = !mail.live;
  if (mail.live && !message.seen && is_wanted(mail, facts) && !is_no_news(letter))
    message.sound = mentions_us(message, account) ? Sound::always : Sound::unless_muted;
  return message;
}

// The submission server took a mail whose answer we never got: here is the copy that proves it. Once it has taken the
// mail for some recipients there is a copy anyway, which proves nothing of the others.
void settle_unanswered(const MessageFacts& message, Operations& out) {
  if (!message.outgoing_mail) return;
  const auto& mail = *message.outgoing_mail;
  if (std::ranges::find(mail.recipients, RecipientState::accepted, &RecipientFacts::state) != mail.recipients.end())
    return;
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
  // It was deleted before its copy came here.
  const bool expired =
      known != nullptr && known->expired && may_remove_copy(*known, {.place = place, .role = copy.role});
  if (known != nullptr && ((known->deleted && known->outgoing_mail) || expired)) {
    out.emplace_back(PutJob{.kind = JobKind::remove_mail, .message = known->id, .places = {place}});
    return;
  }
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
  put_remarks(mail, account, facts, at, out);
  // A vote, a reaction or a pin tells which program its author has, as a message does.
  const bool tells_program = content.evidence == PeerClass::coi || content.evidence == PeerClass::delta;
  if (!content.letter && !is_by_us(account, content) && (content.status || tells_program))
    learn_people(mail, account, false, at, out);
  std::ranges::move(group_operations(content, account, at), std::back_inserter(out));
  if (!content.letter) return put_away(mail, account, facts, out);
  if (content.is_bounce()) out.emplace_back(PutTombstone{mail.place, {}});  // the place is done, shown or not
  const bool outgoing = is_by_us(account, content);
  learn_people(mail, account, outgoing, at, out);
  auto message = message_of(mail, account, facts, outgoing, at);
  join_copies(message, facts.namesakes, out);
  std::vector<MessageId> gone;
  for (const auto& operation : out)
    if (const auto* join = std::get_if<JoinMessages>(&operation)) gone.push_back(join->gone);
  const auto into = message.into;
  const auto found = std::ranges::find(facts.namesakes, into.value_or(MessageId{}), &MessageFacts::id);
  const auto* known = found == facts.namesakes.end() ? nullptr : &*found;
  PutPlace place{.place = mail.place,
                 .key = message.key,
                 .flags = flags_of(mail),
                 .modseq = mail.modseq,
                 .size = mail.size,
                 .half = content.half};
  if (place.flags != mail.flags) add_jobs({.kind = JobKind::store_seen}, {mail.place}, out);
  const bool same_words = known != nullptr && says_the_same(message, *known);
  out.emplace_back(std::move(message));
  put_copy({.put = std::move(place),
            .role = mail.role,
            .chat = content.chat,
            .outgoing = outgoing || (known != nullptr && known->outgoing),
            .same_words = same_words},
           known, account, facts, now, out);
  if (outgoing) read_own(mail.place, mail.flags, out);
  if (!outgoing) return;
  for (const auto& namesake : facts.namesakes) {
    const bool joined = std::ranges::find(gone, namesake.id) != gone.end();
    if (!namesake.outgoing && (&namesake == known || joined)) file_copies_of_proven(namesake, account, out);
  }
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

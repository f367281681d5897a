#include "chat/ask.h"

#include <algorithm>

#include "chat/decide_parts.h"
#include "chat/group.h"
#include "chat/profile.h"
#include "wire/group_id.h"

namespace coi::chat {
namespace {

std::vector<Remark> remarks_about(const MessageFacts& message, Lookups& stored) {
  FindRemarks about{{message.key.rfc_id}};
  about.ids.insert(about.ids.end(), message.other_ids.begin(), message.other_ids.end());
  return stored.find(about);
}

// Nobody else is told of the own profile.
bool has_coi(const ChatFacts& chat) {
  return std::ranges::find(chat.peers, PeerClass::coi, &PeerFacts::peer_class) != chat.peers.end();
}

}  // namespace

std::string id_in(const ChatFacts& chat, const std::string& chat_id) {
  return chat.group ? wire::in_group(chat_id, chat.group->id) : chat_id;
}

MailFacts facts_for(const MailArrived& mail, const AccountFacts& account, Lookups& stored) {
  const auto& content = mail.content;
  MailFacts facts{.namesakes = {}, .peer = stored.find(FindPeer{content.from.addr})};
  if (!content.letter) return facts;
  const auto chat = chat_of(content, account);
  if (const auto* group = std::get_if<InGroup>(&chat)) facts.accepted = stored.find(FindAccepted{group->id});
  facts.namesakes = stored.find(FindMessages{{content.rfc_id, content.from.addr}, content.other_ids});
  // Its id may be one that a server gave it.
  if (facts.namesakes.empty() && content.chat && content.date && is_by_us(account, content))
    facts.namesakes = stored.find(FindOwnOf{chat, whole_seconds(*content.date)});
  return facts;
}

MailFacts facts_for(const MailSeenAgain& mail, Lookups& stored) {
  return {.namesakes = stored.find(FindMessages{mail.key}), .peer = stored.find(FindPeer{mail.key.from_addr})};
}

JobDoneFacts facts_for(const JobDone& done, Lookups& stored) {
  JobDoneFacts facts{.job = stored.find(FindJob{done.job}), .message = {}, .author = {}};
  if (facts.job && facts.job->message) facts.message = stored.find(FindMessageRow{facts.job->message});
  if (facts.message && facts.job->kind == JobKind::claim_receipt)
    facts.author = stored.find(FindPeer{facts.message->key.from_addr});
  return facts;
}

OwnProfile own_profile(Lookups& stored) {
  const auto chosen = stored.find(FindChosen{WithSelf{}});
  OwnProfile own;
  for (const auto& choice : chosen.choices) {
    if (choice.kind == ChoiceKind::profile) own.audiences = profile_of(choice.value);
    if (choice.kind == ChoiceKind::profile_told) own.is_told = choice.value == "1";
  }
  return own;
}

SendFacts facts_for(const SendMessage& send, const AccountFacts& account, Lookups& stored) {
  SendFacts facts;
  facts.chat = send.chat ? stored.find(FindChat{*send.chat}) : stored.find(FindChatOf{WithPerson{send.addr}});
  // Who writes to an own address writes to the one chat with oneself.
  if (facts.chat && is_own(account, peer_of(facts.chat->ref))) facts.chat = stored.find(FindChatOf{WithSelf{}});
  if (send.reply_to) facts.answered = stored.find(FindMessageRow{*send.reply_to});
  if (facts.chat) facts.rfc_id = id_in(*facts.chat, send.rfc_id);
  facts.sent = !send.token.empty() && stored.find(FindSent{facts.rfc_id});
  if (facts.chat && has_coi(*facts.chat)) facts.profile = own_profile(stored);
  return facts;
}

HeldFacts facts_for(const SendHeld& due, Lookups& stored) {
  HeldFacts held{.message = stored.find(FindMessageRow{due.message}), .send = {}, .facts = {}};
  if (!held.message) return held;
  const auto& message = *held.message;
  held.send = {.chat = message.chat,
               .addr = {},
               .text = message.text,
               .files = due.files,
               .kind = message.kind == MessageKind::media ? MessageKind::text : message.kind,  // by its files
               .details = message.details,
               .automatic = automatic_of(message),
               .not_before_ms = 0,
               .token = {},
               .rfc_id = message.key.rfc_id};
  held.facts.rfc_id = message.key.rfc_id;
  held.facts.chat = stored.find(FindChat{message.chat});
  if (held.facts.chat && has_coi(*held.facts.chat)) held.facts.profile = own_profile(stored);
  if (message.in_reply_to.empty()) return held;
  held.facts.answered = stored.find(FindInChat{message.chat, message.in_reply_to});
  if (held.facts.answered) held.send.reply_to = held.facts.answered->id;
  return held;
}

RetryFacts facts_for(const RetryMessage& retry, Lookups& stored) {
  RetryFacts facts{.message = stored.find(FindMessageRow{retry.message}), .remarks = {}, .chat = {}};
  if (!facts.message || !facts.message->outgoing_mail) return facts;
  facts.remarks = remarks_about(*facts.message, stored);
  facts.chat = stored.find(FindChat{facts.message->chat});
  if (!facts.chat) return facts;
  facts.chat->peers.clear();
  const auto& group = facts.chat->group;
  for (const auto& recipient : facts.message->outgoing_mail->recipients)
    if (!group || is_member(*group, recipient.addr))
      facts.chat->peers.push_back(stored.find(FindPeer{recipient.addr}).value_or(PeerFacts{.addr = recipient.addr}));
  return facts;
}

SeenFacts facts_for(const MarkSeen& seen, Lookups& stored) {
  return {.chat = stored.find(FindChat{seen.chat}), .fresh = stored.find(FindFresh{seen.chat, seen.from, seen.up_to})};
}

ReactFacts facts_for(const React& react, Lookups& stored) {
  ReactFacts facts{.message = stored.find(FindMessageRow{react.message}), .chat = {}, .remarks = {}};
  if (!facts.message) return facts;
  facts.chat = stored.find(FindChat{facts.message->chat});
  facts.remarks = remarks_about(*facts.message, stored);
  return facts;
}

AmendFacts facts_for_amending(MessageId message, Lookups& stored) {
  AmendFacts facts{.versions = stored.find(FindVersions{message}), .chat = {}, .remarks = {}};
  if (facts.versions.empty()) return facts;
  facts.chat = stored.find(FindChat{facts.versions.front().chat});
  for (const auto& version : facts.versions)
    std::ranges::move(remarks_about(version, stored), std::back_inserter(facts.remarks));
  return facts;
}

PollFacts facts_for_poll(MessageId poll, Lookups& stored) {
  PollFacts facts{.message = stored.find(FindMessageRow{poll}), .chat = {}, .said = {}};
  if (!facts.message || !facts.message->details.poll) return facts;
  facts.chat = stored.find(FindChat{facts.message->chat});
  facts.said = stored.find(FindPollSaid{poll});
  return facts;
}

std::optional<ChatFacts> facts_for(const ChangeChat& change, Lookups& stored) {
  return change.chat ? stored.find(FindChat{change.chat}) : stored.find(FindChatOf{WithSelf{}});
}

Automatic automatic_of(const MessageFacts& message) {
  if (!message.automatic) return Automatic::no;
  return message.in_reply_to.empty() ? Automatic::generated : Automatic::replied;
}

bool is_own(const AccountFacts& account, std::string_view addr) {
  return std::ranges::find(account.own, addr) != account.own.end();
}

bool is_by_us(const AccountFacts& account, const Content& content) {
  return is_own(account, content.from.addr) && !content.disowned;
}

ChatRef chat_of(const Content& content, const AccountFacts& account) {
  if (auto group = group_of(content, account)) return *std::move(group);
  if (!is_by_us(account, content)) return WithPerson{content.from.addr};
  for (const auto* list : {&content.to, &content.cc})
    for (const auto& address : *list)
      if (!is_own(account, address.addr)) return WithPerson{address.addr};
  return WithSelf{};
}

}  // namespace coi::chat

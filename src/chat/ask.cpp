#include "chat/ask.h"

#include <algorithm>

namespace coi::chat {
namespace {

std::vector<Remark> remarks_about(const MessageFacts& message, Lookups& stored) {
  FindRemarks about{{message.key.rfc_id}};
  about.ids.insert(about.ids.end(), message.other_ids.begin(), message.other_ids.end());
  return stored.find(about);
}

}  // namespace

MailFacts facts_for(const MailArrived& mail, const AccountFacts& account, Lookups& stored) {
  const auto& content = mail.content;
  MailFacts facts{.namesakes = {}, .peer = stored.find(FindPeer{content.from.addr})};
  if (!content.letter) return facts;
  facts.namesakes = stored.find(FindMessages{{content.rfc_id, content.from.addr}, content.other_ids});
  // Its id may be one that a server gave it.
  if (facts.namesakes.empty() && content.chat && content.date && is_by_us(account, content))
    facts.namesakes = stored.find(FindOwnOf{chat_of(content, account), whole_seconds(*content.date)});
  return facts;
}

MailFacts facts_for(const MailSeenAgain& mail, Lookups& stored) {
  return {.namesakes = stored.find(FindMessages{mail.key}), .peer = stored.find(FindPeer{mail.key.from_addr})};
}

JobDoneFacts facts_for(const JobDone& done, Lookups& stored) {
  JobDoneFacts facts{.job = stored.find(FindJob{done.job}), .message = {}};
  if (facts.job && facts.job->message) facts.message = stored.find(FindMessageRow{facts.job->message});
  return facts;
}

SendFacts facts_for(const SendMessage& send, const AccountFacts& account, Lookups& stored) {
  SendFacts facts;
  facts.chat = send.chat ? stored.find(FindChat{*send.chat}) : stored.find(FindChatOf{WithPerson{send.addr}});
  // Who writes to an own address writes to the one chat with oneself.
  if (facts.chat && is_own(account, peer_of(facts.chat->ref))) facts.chat = stored.find(FindChatOf{WithSelf{}});
  if (send.reply_to) facts.answered = stored.find(FindMessageRow{*send.reply_to});
  facts.sent = !send.token.empty() && stored.find(FindSent{send.rfc_id});
  return facts;
}

RetryFacts facts_for(const RetryMessage& retry, Lookups& stored) {
  RetryFacts facts{.message = stored.find(FindMessageRow{retry.message}), .remarks = {}, .peers = {}};
  if (!facts.message) return facts;
  facts.remarks = remarks_about(*facts.message, stored);
  if (const auto& mail = facts.message->outgoing_mail)
    for (const auto& recipient : mail->recipients)
      facts.peers.push_back(stored.find(FindPeer{recipient.addr}).value_or(PeerFacts{.addr = recipient.addr}));
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

std::optional<ChatFacts> facts_for(const ChangeChat& change, Lookups& stored) {
  return change.chat ? stored.find(FindChat{change.chat}) : stored.find(FindChatOf{WithSelf{}});
}

bool is_own(const AccountFacts& account, std::string_view addr) {
  return std::ranges::find(account.own, addr) != account.own.end();
}

bool is_by_us(const AccountFacts& account, const Content& content) {
  return is_own(account, content.from.addr) && !content.disowned;
}

ChatRef chat_of(const Content& content, const AccountFacts& account) {
  if (!is_by_us(account, content)) return WithPerson{content.from.addr};
  for (const auto* list : {&content.to, &content.cc})
    for (const auto& address : *list)
      if (!is_own(account, address.addr)) return WithPerson{address.addr};
  return WithSelf{};
}

}  // namespace coi::chat

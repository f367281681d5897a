#include "chat/ask.h"

#include <algorithm>

namespace coi::chat {
namespace {

struct Asker {
  std::vector<Lookup> operator()(const MailArrived& mail) const {
    const auto& content = mail.content;
    if (!content.is_shown()) return {FindPeer{content.from.addr}};
    return {FindMessages{{content.rfc_id, content.from.addr}, content.other_ids}, FindPeer{content.from.addr}};
  }
  std::vector<Lookup> operator()(const MailUnreadable&) const { return {}; }
  std::vector<Lookup> operator()(const MailSeenAgain& mail) const {
    return {FindMessages{mail.key}, FindPeer{mail.key.from_addr}};
  }
  std::vector<Lookup> operator()(const FlagsChanged& change) const { return {FindPlaces{{change.place}}}; }
  std::vector<Lookup> operator()(const Expunged&) const { return {}; }
  std::vector<Lookup> operator()(const FoldersFound&) const { return {}; }
  std::vector<Lookup> operator()(const FolderReset&) const { return {}; }
  std::vector<Lookup> operator()(const FolderRestored&) const { return {}; }
  std::vector<Lookup> operator()(const RoundDone&) const { return {}; }
  std::vector<Lookup> operator()(const SendResult& result) const { return {FindOutgoing{result.outgoing}}; }
  std::vector<Lookup> operator()(const DataStarted& started) const { return {FindOutgoing{started.outgoing}}; }
  std::vector<Lookup> operator()(const DataNotStarted& held) const { return {FindOutgoing{held.outgoing}}; }
  std::vector<Lookup> operator()(const JobDone& job) const { return {FindJob{job.job}}; }
  std::vector<Lookup> operator()(const FileFetched&) const { return {}; }
  std::vector<Lookup> operator()(const SendMessage& send) const {
    std::vector<Lookup> lookups;
    if (send.chat)
      lookups.emplace_back(FindChat{*send.chat});
    else
      lookups.emplace_back(FindChatOf{{ChatKind::single, send.addr}});
    if (send.reply_to) lookups.emplace_back(FindMessageRow{*send.reply_to});
    if (!send.token.empty()) lookups.emplace_back(FindSent{send.rfc_id});
    return lookups;
  }
  std::vector<Lookup> operator()(const RetryMessage& retry) const { return {FindMessageRow{retry.message}}; }
  std::vector<Lookup> operator()(const MarkSeen& seen) const {
    return {FindChat{seen.chat}, FindFresh{seen.chat, seen.from, seen.up_to}};
  }
  std::vector<Lookup> operator()(const AnswerReceipt& answer) const { return {FindMessageRow{answer.message}}; }
  std::vector<Lookup> operator()(const ChangeChat& change) const {
    if (!change.chat) return {FindChatOf{{ChatKind::self, {}}}};
    return {FindChat{change.chat}};
  }
  std::vector<Lookup> operator()(const NamePerson&) const { return {}; }
  std::vector<Lookup> operator()(const SetAlias& alias) const { return {FindAddresses{alias.addr}}; }
  std::vector<Lookup> operator()(const SetFilter&) const { return {FindChatInInbox{}}; }
};

std::vector<Lookup> about_sent(const MessageFacts& message) {
  std::vector<Lookup> lookups = {FindReports{message.key.rfc_id}};
  for (const auto& id : message.other_ids) lookups.emplace_back(FindReports{id});
  if (message.outgoing_mail && !message.outgoing_mail->recipients.empty())
    lookups.emplace_back(FindPeer{message.outgoing_mail->recipients.front().addr});
  return lookups;
}

}  // namespace

std::vector<Lookup> ask(const Input& input) { return std::visit(Asker{}, input); }

std::vector<Lookup> ask_again(const Input& input, const Facts& facts) {
  if (std::holds_alternative<JobDone>(input) && facts.job && facts.job->message)
    return {FindMessageRow{facts.job->message}};
  // Its id may be one that a server gave it.
  if (const auto* mail = std::get_if<MailArrived>(&input);
      mail != nullptr && mail->content.chat && mail->content.date && mail->content.is_shown() &&
      facts.namesakes.empty() && is_by_us(facts.account, mail->content))
    return {FindOwnOf{chat_of(mail->content, facts.account), whole_seconds(*mail->content.date)}};
  if (std::holds_alternative<RetryMessage>(input) && facts.message) return about_sent(*facts.message);
  // Who writes to an own address writes to the one chat with oneself.
  if (const auto* send = std::get_if<SendMessage>(&input);
      send != nullptr && facts.chat && is_own(facts.account, facts.chat->ref.addr))
    return {FindChatOf{{ChatKind::self, {}}}};
  return {};
}

bool is_own(const AccountFacts& account, std::string_view addr) {
  return std::ranges::find(account.own, addr) != account.own.end();
}

bool is_by_us(const AccountFacts& account, const Content& content) {
  return is_own(account, content.from.addr) && !content.disowned;
}

ChatRef chat_of(const Content& content, const AccountFacts& account) {
  if (!is_by_us(account, content)) return {ChatKind::single, content.from.addr};
  for (const auto* list : {&content.to, &content.cc})
    for (const auto& address : *list)
      if (!is_own(account, address.addr)) return {ChatKind::single, address.addr};
  return {ChatKind::self, {}};
}

}  // namespace coi::chat

// What the user says about messages.
#include <algorithm>

#include <fmt/format.h>

#include "chat/compose.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/reaction.h"

namespace coi::chat {

// Those who are not known to use a chat program get one only when the user says so.
std::vector<std::string> control_recipients(const ChatFacts& chat, bool to_plain, UnixMs now) {
  std::vector<std::string> recipients;
  for (const auto& peer : chat.peers)
    if (to_plain || is_chat_capable(peer, now)) recipients.push_back(peer.addr);
  return recipients;
}

bool needs_quote(const std::vector<std::string>& recipients, const ChatFacts& chat, UnixMs now) {
  return recipients != control_recipients(chat, false, now);
}

// Whether or not anybody gets it, and whether or not it arrives there. Only where the provider files what it sends
// there would be two.
void put_control(PutOutgoing mail, const ChatFacts& chat, const AccountFacts& account, UnixMs at, Operations& out) {
  if (chat.group && !unsendable(chat, account)) put_group(*chat.group, account, mail.key.rfc_id, at, out);
  if (mail.recipients.empty() || !account.server_files_copies) mail.file_in = home_of_sent(true);
  out.emplace_back(std::move(mail));
}

// A date that can only be a mistake is not followed.
UnixMs next_second(UnixMs now, UnixMs last) {
  constexpr UnixMs day = 24 * 60 * 60'000;
  return std::max(whole_seconds(now), whole_seconds(std::min(last, now + day)) + 1000);
}

NextTimes times_of_next(const std::vector<Remark>& remarks, RemarkKind kind, UnixMs now) {
  NextTimes next{.date_ms = whole_seconds(now), .at_ms = now};
  for (const auto& remark : remarks)
    if (remark.kind == kind && (remark.by_us || kind == RemarkKind::pinned)) {
      next.date_ms = std::max(next.date_ms, next_second(now, remark.date_ms));
      next.at_ms = std::max(next.at_ms, remark.at_ms);
    }
  next.at_ms = whole_seconds(next.at_ms);
  return next;
}

namespace {

// D-24: nobody at Gmail gets one unless the user says so.
ReactionForm form_for(const std::vector<std::string>& recipients, const ChatFacts& chat, UnixMs now) {
  if (!needs_quote(recipients, chat, now)) return ReactionForm::bare;
  const bool at_gmail = std::ranges::any_of(
      chat.peers, [&](const PeerFacts& peer) { return is_at_gmail(peer.addr) && !is_chat_capable(peer, now); });
  return at_gmail ? ReactionForm::for_gmail : ReactionForm::quoted;
}

bool is_ours(const Remark& remark) { return remark.kind == RemarkKind::reaction && remark.by_us; }

}  // namespace

Plan decide_react(const React& react, const AccountFacts& account, const ReactFacts& facts, UnixMs now) {
  if (!facts.message || !facts.chat) return refuse(no_message(react.message));
  if (facts.message->deleted) return refuse(ErrorKind::not_allowed, "the message was deleted");
  if (facts.message->unsaid)
    return refuse(ErrorKind::not_allowed, "the message has not been sent yet", "coi undo takes it back");
  if (!react.emoji.empty() && !is_emoji(react.emoji))
    return refuse(ErrorKind::invalid, fmt::format("\"{}\" is not one emoji", react.emoji), "such as 👍");
  const auto* given = newest_of(facts.remarks, is_ours);
  if (react.emoji.empty() && (given == nullptr || given->value.empty()))
    return refuse(ErrorKind::not_allowed, "there is no reaction of yours to take back");
  if (auto reason = unsendable(*facts.chat, account)) return refuse(*std::move(reason));
  const auto& message = *facts.message;
  const auto [date, at] = times_of_next(facts.remarks, RemarkKind::reaction, now);
  Plan plan;
  plan.operations.emplace_back(PutRemark{{.kind = RemarkKind::reaction,
                                          .subject = message.key.rfc_id,
                                          .author = account.addr,
                                          .value = react.emoji,
                                          .date_ms = date,
                                          .rfc_id = id_in(*facts.chat, react.rfc_id),
                                          .at_ms = at,
                                          .by_us = true}});
  auto recipients = control_recipients(*facts.chat, react.to_plain, now);
  auto tree = compose_reaction(react, account, facts, form_for(recipients, *facts.chat, now), date);
  put_control({.kind = PutOutgoing::Kind::control,
               .key = {id_in(*facts.chat, react.rfc_id), account.addr},
               .recipients = std::move(recipients),
               .tree = std::move(tree)},
              *facts.chat, account, date, plan.operations);
  return plan;
}

}  // namespace coi::chat

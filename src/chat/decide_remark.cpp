// What the user says about messages.
#include <algorithm>

#include <fmt/format.h>

#include "chat/compose.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/reaction.h"

namespace coi::chat {
namespace {

// P-04: who gets a control mail.
std::vector<std::string> control_recipients(const ChatFacts& chat, bool to_plain, UnixMs now) {
  std::vector<std::string> recipients;
  for (const auto& peer : chat.peers)
    if (to_plain || is_chat_capable(peer, now)) recipients.push_back(peer.addr);
  return recipients;
}

// P-05: its copy tells the own devices, whether or not anybody gets it, and whether or not it arrives there. Only where
// the provider files what it sends there would be two.
void put_control(PutOutgoing mail, const AccountFacts& account, Operations& out) {
  mail.kind = PutOutgoing::Kind::control;
  if (mail.recipients.empty() || !account.server_files_copies) mail.file_in = home_of_sent(true);
  out.emplace_back(std::move(mail));
}

bool is_ours(const Remark& remark) { return remark.kind == RemarkKind::reaction && remark.by_us; }

// Of two within one second the later one counts, here and everywhere: so it is dated behind all that we have said. A
// date that can only be a mistake is not followed.
UnixMs date_of_next(const std::vector<Remark>& remarks, UnixMs now) {
  constexpr UnixMs day = 24 * 60 * 60'000;
  auto date = whole_seconds(now);
  for (const auto& remark : remarks)
    if (is_ours(remark)) date = std::max(date, whole_seconds(std::min(remark.date_ms, now + day)) + 1000);
  return date;
}

}  // namespace

Plan decide_react(const React& react, const AccountFacts& account, const ReactFacts& facts, UnixMs now) {
  if (!facts.message || !facts.chat) return refuse(ErrorKind::not_found, "no such message");
  if (!react.emoji.empty() && !is_emoji(react.emoji))
    return refuse(ErrorKind::invalid, fmt::format("\"{}\" is not one emoji", react.emoji), "such as 👍");
  if (react.emoji.empty() && std::ranges::none_of(facts.remarks, is_ours))
    return refuse(ErrorKind::not_allowed, "there is no reaction of yours to take back");
  if (auto reason = unsendable(*facts.chat)) return refuse(*std::move(reason));
  const auto& message = *facts.message;
  const auto at = date_of_next(facts.remarks, now);
  Plan plan;
  plan.operations.emplace_back(PutRemark{{.kind = RemarkKind::reaction,
                                          .subject = message.key.rfc_id,
                                          .author = account.addr,
                                          .value = react.emoji,
                                          .date_ms = at,
                                          .rfc_id = react.rfc_id,
                                          .at_ms = at,
                                          .by_us = true}});
  put_control({.key = {react.rfc_id, account.addr},
               .recipients = control_recipients(*facts.chat, react.to_plain, now),
               .tree = compose_reaction(react, account, facts, at)},
              account, plan.operations);
  return plan;
}

}  // namespace coi::chat

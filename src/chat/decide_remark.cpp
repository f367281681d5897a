// What the user says about messages.
#include <algorithm>

#include <fmt/format.h>

#include "chat/compose.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/reaction.h"
#include "chat/settle.h"

namespace coi::chat {
namespace {

// P-04: who gets a control mail.
std::vector<std::string> control_recipients(const ChatFacts& chat, bool to_plain, UnixMs now) {
  std::vector<std::string> recipients;
  for (const auto& peer : chat.peers)
    if (to_plain || is_chat_capable(peer, now)) recipients.push_back(peer.addr);
  return recipients;
}

// P-05: with nobody to send it to, its copy is filed for the own devices.
void put_control(PutOutgoing mail, Operations& out) {
  const bool is_sent = !mail.recipients.empty();
  mail.kind = PutOutgoing::Kind::control;
  out.emplace_back(std::move(mail));
  if (!is_sent)
    out.emplace_back(PutJob{.kind = JobKind::file_copy, .outgoing = OutgoingId(), .role = home_of_sent(true)});
}

}  // namespace

Plan decide_react(const React& react, const AccountFacts& account, const ReactFacts& facts, UnixMs now) {
  if (!facts.message || !facts.chat) return refuse(ErrorKind::not_found, "no such message");
  if (!react.emoji.empty() && !is_emoji(react.emoji))
    return refuse(ErrorKind::invalid, fmt::format("\"{}\" is not one emoji", react.emoji), "such as 👍");
  if (auto reason = unsendable(*facts.chat)) return {.operations = {}, .refusal = std::move(reason)};
  const auto& message = *facts.message;
  // Of two in one second the later one counts, here and everywhere.
  auto at = whole_seconds(now);
  for (const auto& remark : facts.remarks)
    if (remark.kind == RemarkKind::reaction && remark.by_us) at = std::max(at, whole_seconds(said_ms(remark)) + 1000);
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
              plan.operations);
  return plan;
}

}  // namespace coi::chat

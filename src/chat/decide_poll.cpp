// Polls: what is sent as one, votes, and the end.
#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "chat/compose.h"
#include "chat/compose_poll.h"
#include "chat/decide_parts.h"
#include "chat/filing.h"
#include "chat/read_poll.h"
#include "chat/settle.h"
#include "chat/settle_poll.h"
#include "html/poll.h"

namespace coi::chat {
namespace {

constexpr std::size_t longest_description = 10'000;

bool is_line(std::string_view text) {
  return !ascii_trim(text).empty() && text.size() <= html::most_question &&
         text.find_first_of("\r\n") == std::string_view::npos;
}

PollState state_of(const PollFacts& facts) {
  const auto& message = *facts.message;
  return settle_poll(*message.details.poll, facts.said, message.outgoing, message.key.from_addr);
}

// Why nothing can be said about the poll.
std::optional<Error> unspeakable(MessageId poll, const PollFacts& facts, const AccountFacts& account) {
  if (!facts.message) return no_message(poll);
  if (!facts.message->details.poll) return Error(ErrorKind::invalid, "the message is no poll");
  if (facts.message->unsaid) return Error(ErrorKind::not_allowed, "the poll has not been sent yet");
  if (facts.message->forged) return Error(ErrorKind::not_allowed, "nobody knows who has made this poll");
  if (!facts.chat) return Error(ErrorKind::not_found, "no such chat");
  return unsendable(*facts.chat, account);
}

std::optional<Error> unfit_choices(const Choices& choices, const Poll& poll, const PollState& state) {
  const auto count = poll.options.size();
  for (const auto choice : choices)
    if (choice < 1 || choice > count)
      return Error(ErrorKind::invalid, fmt::format("the poll has no option {}", choice),
                   fmt::format("its options are 1 to {}", count));
  if (!poll.multiple && choices.size() > 1)
    return Error(ErrorKind::invalid, "only one option may be chosen in this poll");
  if (choices.empty() && state.own.empty())
    return Error(ErrorKind::not_allowed, "there is no vote of yours to take back");
  if (!poll.revote && !state.own.empty()) return Error(ErrorKind::not_allowed, "a vote in this poll cannot be changed");
  return std::nullopt;
}

// P-20: the author, whatever their program, and all who can show a vote as one.
std::vector<std::string> voters_audience(const PollFacts& facts, UnixMs now) {
  const auto& message = *facts.message;
  const auto author = message.outgoing ? std::string() : facts.said.person_with(message.key.from_addr);
  std::vector<std::string> recipients;
  for (const auto& peer : facts.chat->peers)
    if (is_chat_capable(peer, now) || (!author.empty() && facts.said.person_with(peer.addr) == author))
      recipients.push_back(peer.addr);
  return recipients;
}

Remark said_by_us(RemarkKind kind, const PollFacts& facts, const AccountFacts& account, const std::string& rfc_id,
                  const NextTimes& times, std::string value) {
  return {.kind = kind,
          .subject = facts.message->details.poll->id,
          .author = account.addr,
          .about = facts.message->key.rfc_id,
          .value = std::move(value),
          .date_ms = times.date_ms,
          .rfc_id = id_in(*facts.chat, rfc_id),
          .at_ms = times.at_ms,
          .by_us = true};
}

// No vote that has come before counts as later.
UnixMs time_of_close(const PollFacts& facts, UnixMs now) {
  constexpr UnixMs day = 24 * 60 * 60'000;
  auto last = std::max(now, facts.chat->last ? facts.chat->last->sort_ms : 0);
  for (const auto& remark : facts.said.remarks) last = std::max(last, std::min(said_ms(remark), now + day));
  return whole_seconds(last);
}

}  // namespace

std::optional<Error> unfit_poll(const SendMessage& send, UnixMs now) {
  if (send.kind != MessageKind::poll) return std::nullopt;
  if (!send.details.poll) return Error(ErrorKind::invalid, "a poll without a question");
  const auto& poll = *send.details.poll;
  if (!is_line(poll.question))
    return Error(ErrorKind::invalid,
                 fmt::format("the question of a poll is one line of at most {} octets", html::most_question));
  if (poll.description.size() > longest_description)
    return Error(ErrorKind::invalid,
                 fmt::format("the description of a poll has at most {} octets", longest_description));
  if (poll.options.size() < html::least_options || poll.options.size() > html::most_options)
    return Error(ErrorKind::invalid,
                 fmt::format("a poll has {} to {} options", html::least_options, html::most_options));
  for (const auto& option : poll.options)
    if (!is_line(option.label) || option.file > send.files.size())
      return Error(ErrorKind::invalid,
                   fmt::format("an option of a poll is one line of at most {} octets", html::most_question));
  if (poll.closes && *poll.closes <= now) return Error(ErrorKind::invalid, "the poll would end before it begins");
  return std::nullopt;
}

Plan decide_vote(const Vote& vote, const AccountFacts& account, const PollFacts& facts, UnixMs now) {
  if (auto reason = unspeakable(vote.poll, facts, account)) return refuse(*std::move(reason));
  const auto& poll = *facts.message->details.poll;
  const auto state = state_of(facts);
  if (state.closed_ms) return refuse(ErrorKind::not_allowed, "the poll is closed");
  const auto times = times_of_next(facts.said.remarks, RemarkKind::vote, now);
  const auto date = times.date_ms;
  if (poll.closes && date > *poll.closes) return refuse(ErrorKind::not_allowed, "the poll has ended");
  auto wished = vote;
  std::ranges::sort(wished.choices);
  const auto doubles = std::ranges::unique(wished.choices);
  wished.choices.erase(doubles.begin(), doubles.end());
  if (auto reason = unfit_choices(wished.choices, poll, state)) return refuse(*std::move(reason));
  Plan plan;
  plan.operations.emplace_back(
      PutRemark{said_by_us(RemarkKind::vote, facts, account, vote.rfc_id, times, choices_text(wished.choices))});
  put_control({.kind = PutOutgoing::Kind::control,
               .key = {id_in(*facts.chat, vote.rfc_id), account.addr},
               .recipients = voters_audience(facts, now),
               .tree = compose_vote(wished, account, facts, date)},
              *facts.chat, account, date, plan.operations);
  return plan;
}

Plan decide_close(const ClosePoll& close, const AccountFacts& account, const PollFacts& facts, UnixMs now) {
  if (auto reason = unspeakable(close.poll, facts, account)) return refuse(*std::move(reason));
  const auto& message = *facts.message;
  const auto& chat = *facts.chat;
  if (!message.outgoing) return refuse(ErrorKind::not_allowed, "only who made a poll can close it");
  const auto state = state_of(facts);
  if (state.closed_ms) return refuse(ErrorKind::not_allowed, "the poll is closed already");
  const auto& poll = *message.details.poll;
  PollNumbers numbers{.votes = {}, .voters = state.voters};
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < poll.options.size(); ++i) {
    numbers.votes.push_back(state.options[i].votes);
    labels.push_back(poll.options[i].label);
  }
  const auto at = time_of_close(facts, now);
  const MessageKey key{id_in(chat, close.rfc_id), account.addr};
  Plan plan;
  plan.operations.emplace_back(
      PutRemark{said_by_us(RemarkKind::poll_closed, facts, account, close.rfc_id, {at, at}, numbers_text(numbers))});
  if (chat.group) put_group(*chat.group, account, key.rfc_id, at, plan.operations);
  auto notice = own_message(key, account, chat, at, now);
  notice.subject = subject_about(facts);
  notice.kind = MessageKind::notice;
  notice.notice = closed_notice(poll.question, labels, numbers);
  notice.text = result_words(poll, numbers);
  notice.in_reply_to = notice.follows = message.key.rfc_id;
  notice.thread_root = message.first_of_thread();
  plan.operations.emplace_back(std::move(notice));
  plan.operations.emplace_back(PutOutgoing{.key = key,
                                           .recipients = addresses_of(recipients_of(chat, account)),
                                           .tree = compose_close(close, numbers, account, facts, at)});
  return plan;
}

}  // namespace coi::chat

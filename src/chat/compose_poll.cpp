#include "chat/compose_poll.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "chat/compose.h"
#include "chat/compose_group.h"
#include "chat/compose_parts.h"
#include "chat/subject.h"
#include "chat/timer.h"
#include "html/poll.h"
#include "mime/message_id.h"
#include "reply/reply.h"
#include "wire/words.h"

namespace coi::chat {
namespace {

mime::Part html_part(std::string_view marked, std::string_view body) {
  return {.headers = {{std::string(wire::chat_content), std::string(marked)}},
          .type = "text/html",
          .body = fmt::format("<!DOCTYPE html>\n<html><head><title></title></head><body>{}</body></html>\n", body)};
}

mime::Part both(mime::Part plain, mime::Part html) {
  mime::Part all{.type = "multipart/alternative"};
  all.children.push_back(std::move(plain));
  all.children.push_back(std::move(html));
  return all;
}

std::string how_to_vote(const Poll& poll) {
  auto note = poll.multiple ? std::string("To vote, reply with the numbers of your choices, such as 1, 2.")
                            : std::string("To vote, reply with the number of your choice.");
  note += " All who got this poll can see it.";  // P-25
  if (!poll.revote) note += "\nA vote cannot be changed.";
  if (poll.closes) {
    auto end = to_rfc3339(whole_seconds(*poll.closes));  // 2026-11-30T18:00:00Z
    std::ranges::replace(end, 'T', ' ');
    note += fmt::format("\nVoting ends: {} UTC", end.substr(0, end.find_last_of(':')));
  }
  return note;
}

std::string label_of(const Poll& poll, std::uint32_t choice) {
  return choice >= 1 && choice <= poll.options.size() ? fmt::format("{}. {}", choice, poll.options[choice - 1].label)
                                                      : std::to_string(choice);
}

std::string counted(std::uint32_t number, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", number, number == 1 ? one : several);
}

// Of a mail about the poll.
std::vector<mime::Header> fields_about(const PollFacts& facts, const AccountFacts& account, const std::string& rfc_id,
                                       std::string_view content, UnixMs now) {
  const auto& message = *facts.message;
  const auto& chat = *facts.chat;
  const auto to = addresses_of(recipients_of(chat, account));
  auto fields = common_fields(account, to, id_in(chat, rfc_id), subject_about(facts), now);
  fields.push_back({std::string(wire::chat_content), std::string(content)});
  fields.push_back({"In-Reply-To", mime::format_message_ids({message.key.rfc_id})});
  const auto& root = message.first_of_thread();
  fields.push_back({"References", mime::format_message_ids(references_of(root, message.key.rfc_id))});
  if (chat.group) std::ranges::move(group_fields(*chat.group, account, to, now), std::back_inserter(fields));
  add_timer(chat.timer, fields);
  return fields;
}

}  // namespace

std::string subject_about(const PollFacts& facts) {
  return facts.chat->group ? group_subject(*facts.chat->group) : reply_subject(facts.message->subject);
}

std::string asking_words(const Poll& poll) { return poll_text(poll) + "\n\n" + how_to_vote(poll); }

mime::Part poll_words(mime::Part plain, const Poll& poll, std::string_view rfc_id) {
  html::Poll written{.id = poll.id,
                     .question = poll.question,
                     .description = poll.description,
                     .background = {},
                     .closes = poll.closes,
                     .multiple = poll.multiple,
                     .revote = poll.revote,
                     .options = {}};
  for (const auto& option : poll.options) {
    html::PollOption one{.label = option.label, .value = option.value};
    if (option.kind == PollOption::Kind::date) one.kind = html::OptionKind::date;
    if (option.kind == PollOption::Kind::file && option.file > 0) {
      one.kind = html::OptionKind::file;
      one.value = fmt::format("{}.{}", option.file, rfc_id);
    }
    written.options.push_back(std::move(one));
  }
  return both(std::move(plain), html_part("poll", html::write_poll(written, "", how_to_vote(poll))));
}

mime::Part compose_vote(const Vote& vote, const AccountFacts& account, const PollFacts& facts, UnixMs now) {
  const auto& poll = *facts.message->details.poll;
  std::vector<std::string> labels;
  for (const auto choice : vote.choices) labels.push_back(label_of(poll, choice));
  const auto lead = vote.choices.empty() ? fmt::format("I withdraw my vote in \"{}\".", poll.question)
                                         : fmt::format("My vote in \"{}\": ", poll.question);
  auto tree =
      both(text_part(reply::escape_footer(fmt::format("{}{}", lead, fmt::join(labels, ", ")))),
           html_part("pollvote", html::write_poll_vote({.id = poll.id, .choices = vote.choices}, lead, labels)));
  tree.headers = fields_about(facts, account, vote.rfc_id, "pollvote", now);
  return tree;
}

std::string result_words(const Poll& poll, const PollNumbers& numbers) {
  auto text = fmt::format("Poll closed: {}", poll.question);
  for (std::size_t i = 0; i < std::min(poll.options.size(), numbers.votes.size()); ++i)
    text += fmt::format("\n{}. {}: {}", i + 1, poll.options[i].label, counted(numbers.votes[i], "vote", "votes"));
  if (numbers.voters) text += fmt::format("\n{} voted.", counted(*numbers.voters, "person", "people"));
  return text;
}

mime::Part compose_close(const ClosePoll& close, const PollNumbers& numbers, const AccountFacts& account,
                         const PollFacts& facts, UnixMs now) {
  const auto& poll = *facts.message->details.poll;
  html::PollResult result{.id = poll.id, .question = poll.question, .options = {}, .voters = numbers.voters};
  std::vector<std::string> votes;
  for (std::size_t i = 0; i < std::min(poll.options.size(), numbers.votes.size()); ++i) {
    result.options.push_back({.label = poll.options[i].label, .votes = numbers.votes[i]});
    votes.push_back(counted(numbers.votes[i], "vote", "votes"));
  }
  const auto voters = numbers.voters ? counted(*numbers.voters, "person", "people") + " voted." : std::string();
  auto tree = both(text_part(reply::escape_footer(result_words(poll, numbers))),
                   html_part("pollclose", html::write_poll_result(result, "Poll closed: ", voters, votes)));
  tree.headers = fields_about(facts, account, close.rfc_id, "pollclose", now);
  return tree;
}

}  // namespace coi::chat

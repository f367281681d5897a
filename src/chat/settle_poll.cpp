#include "chat/settle_poll.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "chat/settle.h"

namespace coi::chat {
namespace {

using PersonOf = std::function<std::string(const Remark& remark)>;

// Of several that arrived before the time that they say, the Date tells which is newer.
auto order(const Remark& remark) {
  return std::tuple(said_ms(remark), remark.date_ms, std::string_view(remark.rfc_id), std::string_view(remark.value),
                    std::string_view(remark.author));
}

const Remark* first_close(const std::vector<Remark>& said, const std::string& author, const PersonOf& person_of) {
  const Remark* first = nullptr;
  for (const auto& remark : said)
    if (remark.kind == RemarkKind::poll_closed && !author.empty() && person_of(remark) == author &&
        (first == nullptr || order(remark) < order(*first)))
      first = &remark;
  return first;
}

bool is_valid(const Poll& poll, const Choices& choices) {
  if (!poll.multiple && choices.size() > 1) return false;
  return std::ranges::all_of(choices, [&](auto choice) { return choice >= 1 && choice <= poll.options.size(); });
}

// The vote of each person that counts.
std::vector<const Remark*> ballots(const Poll& poll, const std::vector<Remark>& said, std::optional<UnixMs> end,
                                   const PersonOf& person_of) {
  std::map<std::string, const Remark*> by_person;
  for (const auto& remark : said) {
    if (remark.kind != RemarkKind::vote || (end && said_ms(remark) > *end)) continue;
    const auto choices = choices_of(remark.value);
    if (!is_valid(poll, choices) || (!poll.revote && choices.empty())) continue;
    const auto person = person_of(remark);
    if (person.empty()) continue;
    auto& counts = by_person[person];
    if (counts == nullptr || (poll.revote ? order(*counts) < order(remark) : order(remark) < order(*counts)))
      counts = &remark;
  }
  std::vector<const Remark*> all;
  for (const auto& [person, remark] : by_person) all.push_back(remark);
  std::ranges::sort(all, [](const Remark* a, const Remark* b) { return order(*a) < order(*b); });
  return all;
}

}  // namespace

PollState settle_poll(const Poll& poll, const std::vector<Remark>& said, const std::string& author,
                      const PersonOf& person_of) {
  PollState state;
  state.options.resize(poll.options.size());
  const auto* close = first_close(said, author, person_of);
  auto end = poll.closes;
  if (close != nullptr) {
    state.closed_ms = said_ms(*close);
    state.closed_by = close->rfc_id;
    end = std::min(end.value_or(*state.closed_ms), *state.closed_ms);
  }
  for (const auto* ballot : ballots(poll, said, end, person_of)) {
    const auto choices = choices_of(ballot->value);
    if (choices.empty()) continue;
    ++state.voters;
    if (ballot->by_us) state.own = choices;
    for (const auto choice : choices) {
      auto& option = state.options[choice - 1];
      ++option.votes;
      option.voters.push_back(ballot->author);
    }
  }
  if (close == nullptr) return state;
  const auto numbers = numbers_of(close->value);
  if (numbers.votes.size() != poll.options.size()) return state;
  for (std::size_t i = 0; i < numbers.votes.size(); ++i) state.options[i].votes = numbers.votes[i];
  if (numbers.voters) state.voters = *numbers.voters;
  return state;
}

std::string PollSaid::person_with(const std::string& addr) const {
  const auto person = persons.find(addr);
  return person == persons.end() ? std::string() : person->second;
}

PollState settle_poll(const Poll& poll, const PollSaid& said, bool outgoing, const std::string& from) {
  const std::string ourselves = "we";
  return settle_poll(poll, said.remarks, outgoing ? ourselves : said.person_with(from),
                     [&](const Remark& remark) { return remark.by_us ? ourselves : said.person_with(remark.author); });
}

}  // namespace coi::chat

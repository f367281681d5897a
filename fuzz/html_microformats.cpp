// rooms: html
// Any document's cards, groups, places and polls are read; what is written again reads back the same, and holds nothing
// that is loaded.
#include <algorithm>
#include <cstdint>

#include "check.h"
#include "html/microformats.h"
#include "html/poll.h"
#include "html/sanitize.h"

namespace {

using namespace coi::html;

const coi::Limits limits;

void check_line(std::string_view text) {
  check_text(text);
  check(std::ranges::none_of(text, [](unsigned char c) { return c < ' '; }));
}

Node written(const std::string& html) {
  const auto document = parse(html, limits);
  check(document.has_value());
  check(sanitize(*document).blocked == 0);
  return *document;
}

void check_card(const Card& card) {
  check_line(card.name);
  for (const auto& email : card.emails) check_line(email);
  for (const auto& other : card.others) check_text(other.value);
}

void check_cards(const Node& document) {
  const auto cards = read_cards(document);
  check(cards.size() <= most_members);
  for (const auto& card : cards) check_card(card);
  if (!cards.empty()) check(read_cards(written(write_card(cards.front()))) == std::vector{cards.front()});
}

void check_group(const Node& document) {
  const auto group = read_group(document);
  if (!group) return;
  check(group->members.size() <= most_members);
  check_line(group->name);
  check(read_group(written(write_group(*group))).value() == *group);
}

void check_polls(const Node& document) {
  if (const auto poll = read_poll(document)) {
    const auto again = read_poll(written(write_poll(*poll, "lead", "note"))).value();
    check(again.id == poll->id && again.question == poll->question && again.options == poll->options &&
          again.background == poll->background && again.multiple == poll->multiple && again.revote == poll->revote);
  }
  if (const auto vote = read_poll_vote(document))
    check(read_poll_vote(written(write_poll_vote(*vote, "lead", {}))).value() == *vote);
  if (const auto result = read_poll_result(document))
    check(read_poll_result(written(write_poll_result(*result, "lead", "voters", {}))).value() == *result);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document = parse({reinterpret_cast<const char*>(data), size}, limits);
  if (!document) return 0;
  check_cards(*document);
  check_group(*document);
  check_polls(*document);
  if (const auto geo = read_geo(*document)) check(read_geo(written(write_geo(*geo))).has_value());
  return 0;
}

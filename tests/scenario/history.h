// Histories of an account, made by chance: what a mailbox may tell over the years, in any order that is possible.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "chat/facts.h"
#include "chat/input.h"

namespace coi::scenario {

// An input, and which others (by index) have to come before it: a mail before the changes of its flags, DATA before
// the copy that it leaves.
struct Event {
  chat::Input input;
  std::vector<std::size_t> after;
};

struct History {
  chat::AccountFacts account;
  std::vector<chat::Input> beginning;  // what was there first: folders, contacts, a mail on its way out
  std::vector<Event> events;
  std::map<chat::Place, chat::MailArrived> bodies;  // of what is seen again, where the header does not suffice
};

using Random = std::mt19937;

History make_history(Random& random);

// The events in an order that keeps what has to come before; the order of the vector is one of them.
std::vector<const chat::Input*> in_any_order(const History& history, Random& random);

}  // namespace coi::scenario

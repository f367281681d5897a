// decide() and the store do not depend on the order in which a history arrives: any permutation leaves the same store.
// So the newest mails can come first, folders in any order, backfill and live mail mixed.
#include <gtest/gtest.h>

#include <set>

#include "base/ascii.h"
#include "chat/ask.h"
#include "engine/step.h"
#include "history.h"
#include "post_office.h"

namespace coi::scenario {
namespace {

constexpr UnixMs now = 1'795'493'200'000;

// A change is applied as the account thread would: some inputs share a transaction.
std::string dump_of(const History& history, const std::vector<const chat::Input*>& order, Random& random) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  auto database = store::Database::open(directory.path(), {}).value();
  const auto step = [&](const chat::Input& input) {
    // As the mailbox worker does: what is not surely known by its header is read.
    const auto* again = std::get_if<chat::MailSeenAgain>(&input);
    const bool read =
        again != nullptr &&
        !database.knows(*again, store::Copied::made_anew, chat::is_own(history.account, again->key.from_addr), now)
             .value();
    engine::step(database, history.account, read ? chat::Input(history.bodies.at(again->place)) : input, now)
        .value()
        .value();
  };
  database.begin(store::Durability::normal).value();
  for (const auto& input : history.beginning) step(input);
  bool open = true;
  for (const auto* input : order) {
    if (!open) database.begin(store::Durability::normal).value();
    step(*input);
    open = std::uniform_int_distribution(0, 3)(random) != 0;
    if (!open) database.commit().value();
  }
  if (open) database.commit().value();
  // All that is over by now. When \Seen was noticed hangs on the order, and what goes by that does not go yet.
  database.begin(store::Durability::normal).value();
  step(chat::Tick{});
  database.commit().value();
  return database.dump().value();
}

// The lines in which the two differ.
std::string difference(const std::string& one, const std::string& other) {
  std::multiset<std::string_view> left, right;
  for (const auto line : ascii_split(one, '\n')) left.insert(line);
  for (const auto line : ascii_split(other, '\n')) right.insert(line);
  std::string out;
  for (const auto line : left)
    if (!right.contains(line)) out.append("- ").append(line) += '\n';
  for (const auto line : right)
    if (!left.contains(line)) out.append("+ ").append(line) += '\n';
  return out;
}

TEST(Permutation, AnyOrderLeavesTheSameStore) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const auto history = make_history(random);
    std::vector<const chat::Input*> told;
    for (const auto& event : history.events) told.push_back(&event.input);
    const auto expected = dump_of(history, told, random);
    const auto got = dump_of(history, in_any_order(history, random), random);
    ASSERT_TRUE(got == expected) << "seed " << seed << "\n" << difference(expected, got);
  }
}

}  // namespace
}  // namespace coi::scenario

// The account's thread and what users and workers tell it to do: several at a time, each with its own answer.
#include <algorithm>

#include "engine/account_thread.h"
#include "engine/step.h"

namespace coi::engine {
namespace {

template <class... Any>
bool is_any_of(const chat::Input& input) {
  return (std::holds_alternative<Any>(input) || ...);
}

// What the user saw accepted, and others are to hear, has to survive a power cut.
bool is_precious(const chat::Input& input) {
  return is_any_of<chat::SendMessage, chat::RetryMessage, chat::React, chat::EditMessage, chat::DeleteMessage,
                   chat::PinMessage, chat::CreateGroup, chat::ChangeGroup, chat::Vote, chat::ClosePoll, chat::SetTimer,
                   chat::TakeBack, chat::Reschedule>(input);
}

}  // namespace

// Actions that wait share a transaction, as mail does: of many messages in a row each would cost a sync of the disk.
// Returns the task that ended the batch.
std::optional<AccountThread::Task> AccountThread::apply_actions(Action first) {
  std::vector<Action> actions;
  actions.push_back(std::move(first));
  std::optional<Task> next;
  while (actions.size() < most_in_batch) {
    next = queue_.try_pop();
    auto* action = next ? std::get_if<Action>(&*next) : nullptr;
    if (action == nullptr) break;
    actions.push_back(std::move(*action));
    next.reset();
  }
  while (!actions.empty()) apply_together(actions);
  return next;
}

// Applies actions from the front, as many as there is time for, and takes them out.
void AccountThread::apply_together(std::vector<Action>& actions) {
  const auto deadline = std::chrono::steady_clock::now() + longest_batch;
  const bool full = std::ranges::any_of(actions, [](const Action& action) { return is_precious(action.input); });
  std::vector<Result<std::vector<chat::MessageId>>> outcomes;  // what each added, or why it was refused
  Result<> applied = database_.begin(full ? store::Durability::full : store::Durability::normal);
  for (const auto& action : actions) {
    if (!applied || (!outcomes.empty() && std::chrono::steady_clock::now() > deadline)) break;
    const auto before = database_.pending().added.size();
    const auto stepped = step(database_, facts_, action.input, clock_());
    if (!stepped) {
      applied = std::unexpected(stepped.error());
    } else if (!*stepped) {
      outcomes.emplace_back(std::unexpected(stepped->error()));
    } else {
      const auto& added = database_.pending().added;
      outcomes.emplace_back(std::vector(added.begin() + static_cast<std::ptrdiff_t>(before), added.end()));
    }
  }
  std::optional<Noting> begun;
  if (applied && full) {
    auto beginning = begin_at_once();
    if (beginning)
      begun = *std::move(beginning);
    else
      applied = std::unexpected(std::move(beginning).error());
  }
  auto changes = applied ? database_.commit() : Result<store::Changes>(std::unexpected(applied.error()));
  if (begun) begun->noted.set_value(changes ? Result<>() : std::unexpected(changes.error()));
  if (!changes) {
    // What was begun stays in flight, although the next mail may get its id: the worker has it, and asks anew.
    database_.rollback();
    // One spoils it for the others: each by itself.
    if (actions.size() > 1) {
      for (auto& action : std::exchange(actions, {})) {
        std::vector<Action> alone;
        alone.push_back(std::move(action));
        apply_together(alone);
      }
      return;
    }
    outcomes.assign(1, std::unexpected(changes.error()));
  }
  for (std::size_t i = 0; i < outcomes.size(); ++i) answer(actions[i], changes, std::move(outcomes[i]));
  actions.erase(actions.begin(), actions.begin() + static_cast<std::ptrdiff_t>(outcomes.size()));
  if (changes) publish(*changes);
}

// The answers come before the events: whoever asked knows the message before it is told of it.
void AccountThread::answer(const Action& action, const Result<store::Changes>& changes,
                           Result<std::vector<chat::MessageId>> outcome) {
  if (!outcome) {
    if (outcome.error().kind() == ErrorKind::internal) log_.error("account: {}", outcome.error().text());
    if (action.done) action.done(std::unexpected(std::move(outcome).error()));
    return;
  }
  if (std::holds_alternative<chat::SendMessage>(action.input)) step_reached(out_stored);
  if (std::holds_alternative<chat::SendResult>(action.input)) step_reached(out_settled);
  if (std::holds_alternative<chat::JobDone>(action.input)) step_reached(out_done);
  if (const auto* result = std::get_if<chat::SendResult>(&action.input)) in_flight_.erase(result->outgoing);
  if (!action.done) return;
  auto own = *changes;
  own.added = *std::move(outcome);
  action.done(std::move(own));
}

}  // namespace coi::engine

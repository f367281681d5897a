// Work of one client begins in the order in which it was given, whichever thread takes it: two messages sent one after
// the other stay so. Between two pieces other clients get their turn.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <stop_token>

#include "api/read_pool.h"
#include "base/guarded.h"

namespace coi::api {

class Strand : public std::enable_shared_from_this<Strand> {
 public:
  // `may_go`: false holds up the next piece until go_on() is called. `stop`: drops what has not begun.
  explicit Strand(
      ReadPool& pool, std::function<bool()> may_go = [] { return true; }, std::stop_token stop = {})
      : pool_(pool), may_go_(std::move(may_go)), stop_(std::move(stop)) {}

  // `work` runs on a reading thread once all that was posted before has run. The strand lives until then.
  void post(ReadPool::Work work) {
    const bool begin = state_.with([&](State& state) {
      state.waiting.push_back(std::move(work));
      return !std::exchange(state.running, true);
    });
    if (begin) schedule();
  }

  // Any thread: perhaps may_go() is true again.
  void go_on() {
    const bool begin =
        state_.with([](State& state) { return !state.waiting.empty() && !std::exchange(state.running, true); });
    if (begin) schedule();
  }

 private:
  struct State {
    std::deque<ReadPool::Work> waiting;
    bool running = false;
  };

  void schedule() {
    pool_.post([self = shared_from_this()](Readers& readers) { self->run_one(readers); }, stop_);
  }

  void run_one(Readers& readers) {
    auto work = state_.with([&](State& state) -> std::optional<ReadPool::Work> {
      if (!may_go_()) {
        state.running = false;
        return std::nullopt;
      }
      auto first = std::move(state.waiting.front());
      state.waiting.pop_front();
      return first;
    });
    if (!work) {
      if (may_go_()) go_on();  // it became so meanwhile, and nobody else says it again
      return;
    }
    (*work)(readers);
    work.reset();
    if (state_.with([](State& state) { return state.running = !state.waiting.empty(); })) schedule();
  }

  ReadPool& pool_;
  const std::function<bool()> may_go_;
  const std::stop_token stop_;
  Guarded<State> state_;
};

}  // namespace coi::api

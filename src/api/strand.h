// Commands of one client begin in the order in which it gave them, whichever thread takes them: two messages sent one
// after the other stay so.
#pragma once

#include <deque>
#include <functional>
#include <memory>

#include "api/read_pool.h"
#include "base/guarded.h"

namespace coi::api {

class Strand : public std::enable_shared_from_this<Strand> {
 public:
  explicit Strand(ReadPool& pool) : pool_(pool) {}

  // `work` runs on a reading thread once all that was posted before has run. The strand lives until then.
  void post(ReadPool::Work work) {
    const bool begin = state_.with([&](State& state) {
      state.waiting.push_back(std::move(work));
      return !std::exchange(state.running, true);
    });
    if (begin) go_on();
  }

 private:
  struct State {
    std::deque<ReadPool::Work> waiting;
    bool running = false;
  };

  // One piece at a time: between them others get their turn.
  void go_on() {
    pool_.post(
        [self = shared_from_this()](Readers& readers) {
          auto work = self->state_.with([](State& state) {
            auto first = std::move(state.waiting.front());
            state.waiting.pop_front();
            return first;
          });
          work(readers);
          const bool more = self->state_.with([](State& state) { return state.running = !state.waiting.empty(); });
          if (more) self->go_on();
        },
        {});
  }

  ReadPool& pool_;
  Guarded<State> state_;
};

}  // namespace coi::api

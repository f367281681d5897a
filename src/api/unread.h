// What all clients together have not read yet: bounded by Limits, so that many of them cannot fill the memory where one
// alone cannot.
#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "api/strand.h"
#include "base/guarded.h"
#include "base/limits.h"

namespace coi::api {

// Every member may be called from any thread.
class Unread {
 public:
  explicit Unread(const Limits& limits) : most_(shares * limits.answer_octets) {}

  // Octets of answers that wait to be read, and that were read or dropped.
  void add(std::size_t octets) {
    state_.with([&](State& state) { state.octets += octets; });
  }
  void remove(std::size_t octets) {
    const auto waiting = state_.with([&](State& state) {
      state.octets -= octets;
      return state.octets < most_ ? std::exchange(state.waiting, {}) : Waiting();
    });
    for (const auto& one : waiting)
      if (const auto strand = one.lock()) strand->go_on();
  }

  bool has_room() const {
    return state_.with([&](const State& state) { return state.octets < most_; });
  }
  // The strand goes on as soon as there is room. To be asked for before has_room() is looked at for the last time.
  void wait_for_room(std::weak_ptr<Strand> strand) {
    state_.with([&](State& state) { state.waiting.insert(std::move(strand)); });
  }
  // Somebody's requests wait because others do not read their answers.
  bool crowded() const {
    return state_.with([&](const State& state) {
      return state.octets >= most_ &&
             std::ranges::any_of(state.waiting, [](const auto& one) { return !one.expired(); });
    });
  }

  // Octets that batches keep until their last answer. False: there is no room for them. Nobody waits for this room,
  // since what a batch waits for may never come.
  bool gather(std::size_t octets) {
    return state_.with([&](State& state) {
      if (state.gathered + octets > most_) return false;
      state.gathered += octets;
      return true;
    });
  }
  void hand_over(std::size_t octets) {
    state_.with([&](State& state) { state.gathered -= octets; });
  }

 private:
  using Waiting = std::set<std::weak_ptr<Strand>, std::owner_less<>>;
  struct State {
    std::size_t octets = 0;
    std::size_t gathered = 0;
    Waiting waiting;
  };

  // So many clients may leave unread what one of them may.
  static constexpr std::size_t shares = 8;

  const std::size_t most_;
  Guarded<State> state_;
};

}  // namespace coi::api

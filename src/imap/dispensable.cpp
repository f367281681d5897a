#include "imap/dispensable.h"

#include <algorithm>

namespace coi::imap {

bool Dispensable::is_left_out(const std::string& name) const {
  return state_.with([&](const State& state) {
    const auto found = state.ends.find(name);
    return found != state.ends.end() && found->second.times >= most;
  });
}

std::vector<std::string> Dispensable::left_out() const {
  return state_.with([](const State& state) {
    std::vector<std::string> names;
    for (const auto& [name, ends] : state.ends)
      if (ends.times >= most) names.push_back(name);
    return names;
  });
}

void Dispensable::answered(const std::string& name) {
  state_.with([&](State& state) { state.ends.erase(name); });
}

Dispensable::Moment Dispensable::now() const {
  return state_.with([](const State& state) { return state.now; });
}

bool Dispensable::unanswered(const std::string& name, Moment began) {
  return state_.with([&](State& state) {
    auto& ends = state.ends[name];
    if (began < ends.last) return false;
    ends.last = ++state.now;
    return ++ends.times == most;
  });
}

void Dispensable::refused(const std::string& name) {
  state_.with([&](State& state) { state.ends[name].times = most; });
}

void Dispensable::try_again() {
  state_.with([](State& state) {
    for (auto& [name, ends] : state.ends) ends.times = std::min(ends.times, most - 1);
  });
}

}  // namespace coi::imap

#include "imap/dispensable.h"

#include <algorithm>

namespace coi::imap {

bool Dispensable::is_left_out(const std::string& name) const {
  return unanswered_.with([&](const auto& all) {
    const auto found = all.find(name);
    return found != all.end() && found->second >= most;
  });
}

std::vector<std::string> Dispensable::left_out() const {
  return unanswered_.with([&](const auto& all) {
    std::vector<std::string> names;
    for (const auto& [name, times] : all)
      if (times >= most) names.push_back(name);
    return names;
  });
}

void Dispensable::answered(const std::string& name) {
  unanswered_.with([&](auto& all) { all.erase(name); });
}

bool Dispensable::unanswered(const std::string& name) {
  return unanswered_.with([&](auto& all) { return ++all[name] == most; });
}

void Dispensable::try_again() {
  unanswered_.with([](auto& all) {
    for (auto& [name, times] : all) times = std::min(times, most - 1);
  });
}

}  // namespace coi::imap

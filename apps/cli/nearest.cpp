#include "nearest.h"

#include <algorithm>

namespace coi::cli {
namespace {

// Optimal string alignment distance.
std::size_t slips(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + differs});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  return cost[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words) {
  constexpr std::size_t longest = 40;
  if (word.size() < 2 || word.size() > longest) return std::nullopt;
  const std::string* best = nullptr;
  // A third of the letters may be wrong.
  auto least = word.size() / 3 + 1;
  for (const auto& one : words) {
    const auto distance = one.starts_with(word) ? 0 : slips(word, one);
    if (distance > least || (distance == least && best != nullptr)) continue;
    best = &one;
    least = distance;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

}  // namespace coi::cli

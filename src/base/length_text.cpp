#include "base/length_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace coi::inline base {
namespace {

struct Unit {
  std::int64_t seconds;
  std::string_view name;
};
constexpr std::array units = {Unit{7 * 24 * 3600, "week"}, Unit{24 * 3600, "day"}, Unit{3600, "hour"},
                              Unit{60, "minute"}, Unit{1, "second"}};

}  // namespace

std::string length_text(std::int64_t seconds) {
  const auto* unit = std::ranges::find_if(units, [&](const Unit& one) { return seconds % one.seconds == 0; });
  const auto count = seconds / unit->seconds;
  return fmt::format("{} {}{}", count, unit->name, count == 1 ? "" : "s");
}

}  // namespace coi::inline base

#include "base/size_text.h"

#include <array>

#include <fmt/format.h>

namespace coi::inline base {

std::string size_text(std::uint64_t octets) {
  constexpr std::array units = {"kB", "MB", "GB", "TB"};
  if (octets == 1) return "1 byte";
  if (octets < 1000) return fmt::format("{} bytes", octets);
  double amount = static_cast<double>(octets) / 1000;
  std::size_t unit = 0;
  while (amount >= 999.5 && unit + 1 < units.size()) amount /= 1000, ++unit;
  return amount < 99.95 ? fmt::format("{:.1f} {}", amount, units.at(unit))
                        : fmt::format("{:.0f} {}", amount, units.at(unit));
}

}  // namespace coi::inline base

#include "wire/filter.h"

namespace coi::wire {

std::string_view name(Filter filter) {
  switch (filter) {
    case Filter::none:
      return "none";
    case Filter::active:
      return "active";
    case Filter::seen:
      return "seen";
  }
  return "none";
}

std::optional<Filter> parse_filter(std::string_view word) {
  for (const auto filter : {Filter::none, Filter::active, Filter::seen})
    if (word == name(filter)) return filter;
  return std::nullopt;
}

}  // namespace coi::wire

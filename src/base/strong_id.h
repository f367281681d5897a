// Database row ids that cannot be mixed up: a ChatId is no MessageId. 0 means "none yet".
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace coi::inline base {

template <class Tag>
struct StrongId {
  std::int64_t value = 0;

  constexpr StrongId() = default;
  explicit constexpr StrongId(std::int64_t v) : value(v) {}

  explicit constexpr operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(const StrongId&, const StrongId&) = default;
};

}  // namespace coi::inline base

template <class Tag>
struct std::hash<coi::StrongId<Tag>> {
  std::size_t operator()(coi::StrongId<Tag> id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};

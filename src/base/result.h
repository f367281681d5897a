// A value or an Error. Every fallible function of the house returns one; nothing throws across a room's wall.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace coi::inline base {

template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

inline std::unexpected<Error> fail(ErrorKind kind, std::string text, std::string hint = {}) {
  return std::unexpected(Error(kind, std::move(text), std::move(hint)));
}

// The same result, its error put into context: `return within(open(path), "cannot read the account")`.
template <class T>
Result<T> within(Result<T> result, std::string what) {
  if (!result) return std::unexpected(std::move(result).error().within(std::move(what)));
  return result;
}

namespace detail {
template <class T>
T take(Result<T>&& result) {
  return std::move(*result);
}
inline void take(Result<>&&) {}
}  // namespace detail

}  // namespace coi::inline base

// The value of a Result, or an early return of its error. A GNU statement expression: g++ 12 has std::expected but not
// its monadic members, and an expression reads better than three lines a call. The counter lets calls nest.
#define COI_TRY(...) COI_TRY_NAMED(COI_TRY_JOIN(coi_try_, __COUNTER__), __VA_ARGS__)
#define COI_TRY_JOIN(a, b) COI_TRY_JOIN_(a, b)
#define COI_TRY_JOIN_(a, b) a##b
#define COI_TRY_NAMED(result, ...)                                  \
  __extension__({                                                   \
    auto result = (__VA_ARGS__);                                    \
    if (!result) return std::unexpected(std::move(result).error()); \
    ::coi::detail::take(std::move(result));                         \
  })

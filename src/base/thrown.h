// Where a thread begins, whatever is thrown inside ends: the program goes on, and says what it was.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::inline base {

// Of the exception that is being handled, whatever was thrown. Kinds: full (memory, disk, threads), io, internal.
Error thrown_error();

// Runs `work`, which returns a Result, and turns what is thrown into its error.
template <class Work>
auto caught(std::string_view what, Work work) -> decltype(work()) {
  try {
    return work();
  } catch (...) {
    return std::unexpected(thrown_error().within(std::string(what)));
  }
}

}  // namespace coi::inline base

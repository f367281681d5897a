#include "proto/error.h"

namespace coi::proto {

Failure to_failure(const Error& error) {
  return {.kind = std::string(name(error.kind())), .text = error.text(), .hint = error.hint()};
}

Error to_error(const Failure& failure) {
  auto kind = ErrorKind::internal;
  for (int each = 0; each <= static_cast<int>(ErrorKind::internal); ++each)
    if (name(static_cast<ErrorKind>(each)) == failure.kind) kind = static_cast<ErrorKind>(each);
  return {kind, failure.text, failure.hint};
}

}  // namespace coi::proto

// Errors as front ends get them.
#pragma once

#include <string>

#include "base/error.h"
#include "json/describe.h"

namespace coi::proto {

// `--json` prints it on stderr as {"error": {…}}. `kind` is one of the words of base/error.h; they never change.
struct Failure {
  std::string kind;
  std::string text;  // one clause: what failed and why
  std::string hint;  // what the user can do, or empty
  friend bool operator==(const Failure&, const Failure&) = default;
};
BOOST_DESCRIBE_STRUCT(Failure, (), (kind, text, hint))

Failure to_failure(const Error& error);
// A kind that this program does not know (the other side is newer) counts as internal.
Error to_error(const Failure& failure);

}  // namespace coi::proto

// Errors about one message.
#pragma once

#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "base/result.h"

namespace coi::cli {

// With the message's number in the error, where the daemon says only that there is no such message: of a script's many
// commands the line tells which one failed.
template <class T>
Result<T> of_message(std::int64_t id, Result<T> answer) {
  if (answer || answer.error().kind() != ErrorKind::not_found) return answer;
  const auto text = answer.error().text();
  if (!text.contains("message") || text.contains(std::to_string(id))) return answer;
  return std::unexpected(std::move(answer.error()).within(fmt::format("message {}", id)));
}

}  // namespace coi::cli

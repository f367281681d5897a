// Running one command of the user's.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"

namespace coi::engine {

// Runs `command` with /bin/sh, input closed, and returns what it wrote to its standard output, at most 64 kB. Killed at
// the end of its time. Errors: auth (it ended with a status other than 0, or too late), io (it could not be started).
Result<std::string> run_shell(const std::string& command, std::chrono::milliseconds patience);

}  // namespace coi::engine

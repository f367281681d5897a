// Running one command of the user's.
#pragma once

#include <chrono>
#include <string>

#include "base/result.h"
#include "net/waker.h"

namespace coi::engine {

// Runs `command` with /bin/sh, input closed, and returns what it wrote to its standard output, at most 64 kB. It
// is killed, with what it has started, at the end of its time, or when the waker is cancelled. Errors: auth (it ended
// with a status other than 0, or too late), io (it could not be started), cancelled.
Result<std::string> run_shell(const std::string& command, std::chrono::milliseconds patience, const net::Waker& waker);

}  // namespace coi::engine

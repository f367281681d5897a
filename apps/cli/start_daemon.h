// The connection to the daemon of a data directory, which is started when none runs.
#pragma once

#include "base/result.h"
#include "globals.h"

namespace coi::cli {

// A connected Unix socket. Errors: io when no daemon can be started; what the daemon says about its start.
Result<int> connect_to_daemon(const Globals& globals);
// The same without starting one: not_found.
Result<int> connect_to_running_daemon(const Globals& globals);

}  // namespace coi::cli

// Where the daemon's log lines go.
#pragma once

#include <string>

#include "base/log.h"
#include "base/result.h"

namespace coi::daemon {

// `target`: "stderr", or a file, which grows to 1 MB and is then begun anew, the last one kept. Error: io.
Result<Log> open_log(const std::string& target, LogLevel level);

}  // namespace coi::daemon

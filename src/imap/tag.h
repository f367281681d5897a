// The tag of a command.
#pragma once

#include <string>

#include "imap/command_id.h"

namespace coi::imap {

inline std::string tag(CommandId id) { return 'C' + std::to_string(id.value); }

}  // namespace coi::imap

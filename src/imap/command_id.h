// Which command an event answers.
#pragma once

#include "base/strong_id.h"

namespace coi::imap {

using CommandId = StrongId<struct CommandTag>;

}  // namespace coi::imap

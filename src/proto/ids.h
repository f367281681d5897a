// Ids of the public interface. They are good within one account on one device; other devices agree by Message-ID.
#pragma once

#include "base/strong_id.h"

namespace coi::proto {

using ChatId = StrongId<struct ChatTag>;
using MessageId = StrongId<struct MessageTag>;
using ContactId = StrongId<struct ContactTag>;
using AttachmentId = StrongId<struct AttachmentTag>;

}  // namespace coi::proto

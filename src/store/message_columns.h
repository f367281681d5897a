// What columns of `message` hold of a message that is put. Inside of the room.
#pragma once

#include "chat/plan.h"
#include "chat/timer.h"

namespace coi::store {

// message.wants_receipt
inline int receipt_wish(const chat::PutMessage& message) {
  return message.wants_chat_receipt ? 1 : message.wants_plain_receipt ? 2 : 0;
}

// message.timed, before settle_change() has judged it, which writes the row once more where it says otherwise.
inline int timed_of(const chat::PutMessage& message) {
  if (!message.timer || message.unsaid) return 0;
  if (message.notice.code == chat::timer_changed) return 3;
  return message.follows.empty() ? 2 : 1;
}

}  // namespace coi::store

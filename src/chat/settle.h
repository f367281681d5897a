// What is said about a message is kept as it was said; these functions say what of it counts. Pure, and independent of
// the order in which it came.
#pragma once

#include <vector>

#include "chat/model.h"

namespace coi::chat {

// Of receipts and bounces about one message: of each kind, about each recipient, the one that counts. A mail was read
// when the first receipt says so; of bounces the last one has the word. Sorted by recipient, then kind.
std::vector<Remark> settled_reports(std::vector<Remark> remarks);

}  // namespace coi::chat

// P-12: messages that one wish sent.
#pragma once

#include <vector>

#include "chat/model.h"
#include "store/sql.h"

namespace coi::store {

// The message, if there is one, and all others of its album, in their order.
std::vector<chat::MessageId> album_of(Connection& connection, chat::MessageId message);

}  // namespace coi::store

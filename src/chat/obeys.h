// What the programs of the people in a chat do with mails that are for programs.
#pragma once

#include "chat/facts.h"

namespace coi::chat {

// C-28: a deletion puts the message out of their user's sight. Delta Chat obeys none that comes in the clear (D-22),
// and would show its words as a message.
bool obeys_deletions(const PeerFacts& peer, UnixMs now);

}  // namespace coi::chat

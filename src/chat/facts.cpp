#include "chat/facts.h"

#include "chat/obeys.h"

namespace coi::chat {

bool is_chat_capable(const PeerFacts& peer, UnixMs now) {
  constexpr UnixMs kept = 90LL * 24 * 3600 * 1000;
  return peer.chat_ms != 0 && now - peer.chat_ms <= kept;
}

bool obeys_deletions(const PeerFacts& peer, UnixMs now) {
  return is_chat_capable(peer, now) && peer.peer_class != PeerClass::delta;
}

}  // namespace coi::chat

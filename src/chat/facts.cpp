#include "chat/facts.h"

namespace coi::chat {

bool is_chat_capable(const PeerFacts& peer, UnixMs now) {
  constexpr UnixMs kept = 90LL * 24 * 3600 * 1000;
  return peer.chat_ms != 0 && now - peer.chat_ms <= kept;
}

}  // namespace coi::chat

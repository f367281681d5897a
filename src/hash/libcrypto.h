// Private to this room.
#pragma once

#include <cstdlib>

namespace coi::hash {

// For calls that cannot fail unless libcrypto itself is broken or memory has run out. Going on with a digest or random
// octets that were never written would be worse than ending.
inline void must(bool done) {
  if (!done) std::abort();
}

inline const unsigned char* bytes(const char* data) { return reinterpret_cast<const unsigned char*>(data); }
inline unsigned char* bytes(char* data) { return reinterpret_cast<unsigned char*>(data); }

}  // namespace coi::hash

#include "token.h"

#include <sys/random.h>

#include <array>
#include <cstdint>

#include <fmt/format.h>

namespace coi::cli {

std::string random_token() {
  std::array<std::uint64_t, 2> bits = {};
  // Never short and never interrupted for so few octets (getrandom(2)).
  static_cast<void>(!::getrandom(bits.data(), sizeof bits, 0));
  return fmt::format("{:016x}{:016x}", bits[0], bits[1]);
}

}  // namespace coi::cli

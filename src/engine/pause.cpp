#include "engine/pause.h"

#include <algorithm>

#include "hash/random.h"

namespace coi::engine {

std::chrono::milliseconds Backoff::next() {
  constexpr int doublings = 7;
  constexpr std::chrono::milliseconds longest = std::chrono::minutes(2);
  const auto whole = std::min(std::chrono::milliseconds(1000 << std::min(attempts_++, doublings)), longest);
  const auto octet = static_cast<unsigned char>(hash::random_bytes(1).front());
  return whole * (256 + octet) / 512;
}

Hindrance hindrance_of(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::auth:
    case ErrorKind::needs_oauth:
      return Hindrance::rejected;
    case ErrorKind::tls:
    case ErrorKind::locked:
      return Hindrance::closed_door;
    default:
      return Hindrance::passing;
  }
}

Hindrance hindrance_amid(const Error& error) {
  return error.kind() == ErrorKind::limit ? Hindrance::beyond_limits : Hindrance::passing;
}

void Pause::network_changed() {
  network_changed_ = true;
  waker_.wake();
}

void Pause::asked() {
  asked_ = true;
  waker_.wake();
}

void Pause::begin_attempt() {
  network_changed_ = false;
  asked_ = false;
}

bool Pause::ends(Hindrance hindrance) {
  const bool by_network = hindrance == Hindrance::passing || hindrance == Hindrance::closed_door;
  if (!asked_ && !(by_network && network_changed_)) return false;
  backoff_.reset();
  return true;
}

Result<> Pause::wait(Hindrance hindrance) {
  const auto length = hindrance == Hindrance::passing         ? backoff_.next()
                      : hindrance == Hindrance::beyond_limits ? std::chrono::minutes(30)
                                                              : std::chrono::minutes(5);
  const auto deadline = net::after(length);
  while (!ends(hindrance))
    if (!COI_TRY(waker_.sleep_until(deadline))) return {};
  return {};
}

}  // namespace coi::engine

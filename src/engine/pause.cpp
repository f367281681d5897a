#include "engine/pause.h"

#include <algorithm>

#include "hash/random.h"

namespace coi::engine {
namespace {

std::chrono::milliseconds doubled(int times) {
  constexpr int most = 7;
  constexpr std::chrono::milliseconds longest = std::chrono::minutes(2);
  const auto whole = std::min(std::chrono::milliseconds(1000 << std::min(times, most)), longest);
  const auto octet = static_cast<unsigned char>(hash::random_bytes(1).front());
  return whole * (256 + octet) / 512;
}

}  // namespace

std::chrono::milliseconds Backoff::after_failure() { return doubled(short_lives_ + failures_++); }

std::chrono::milliseconds Backoff::after_connection(bool lived_long) {
  failures_ = 0;
  if (!lived_long) return doubled(short_lives_++);
  short_lives_ = 0;
  return after_failure();
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
  doubted_ = true;
  waker_.wake();
}

void Pause::asked() {
  asked_ = true;
  doubted_ = true;
  waker_.wake();
}

void Pause::begin_attempt() {
  network_changed_ = false;
  asked_ = false;
  doubted_ = false;
  connected_at_.reset();
}

void Pacer::begin() {
  idle_turns_ = changed_ ? 0 : idle_turns_ + 1;
  changed_ = false;
  begun_ = std::chrono::steady_clock::now();
}

net::Deadline Pacer::next() const {
  if (changed_) return begun_;
  constexpr int most_doublings = 20;
  return begun_ + std::min(shortest_ * (1 << std::min(idle_turns_, most_doublings)), longest_);
}

bool Pause::ends(Hindrance hindrance) {
  const bool by_network = hindrance == Hindrance::passing || hindrance == Hindrance::closed_door;
  if (!asked_ && !(by_network && network_changed_)) return false;
  asked_ = false;
  network_changed_ = false;
  backoff_.reset();
  return true;
}

std::chrono::milliseconds Pause::length(Hindrance hindrance) {
  if (hindrance == Hindrance::beyond_limits) return std::chrono::minutes(30);
  if (hindrance != Hindrance::passing) return std::chrono::minutes(5);
  return was_connected() ? backoff_.after_connection(lived_long()) : backoff_.after_failure();
}

Result<> Pause::wait(Hindrance hindrance) {
  const auto deadline = net::after(length(hindrance));
  if (waker_.cancelled()) return fail(ErrorKind::cancelled, "stopped");
  while (!ends(hindrance))
    if (!COI_TRY(waker_.sleep_until(deadline))) return {};
  return {};
}

}  // namespace coi::engine

#include "base/secret.h"

#include <cstring>
#include <utility>

namespace coi::inline base {

Secret::Secret(std::string bytes) : bytes_(std::move(bytes)) {}

// A moved-from std::string may keep its small-buffer bytes: wipe the source as well.
Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) { other.wipe(); }

Secret& Secret::operator=(Secret other) noexcept {
  bytes_.swap(other.bytes_);
  return *this;
}

Secret::~Secret() { wipe(); }

void Secret::wipe() noexcept {
  explicit_bzero(bytes_.data(), bytes_.size());
  bytes_.clear();
}

}  // namespace coi::inline base

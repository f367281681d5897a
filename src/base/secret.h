// A password, token or key. It has no operator<<, no formatter and no implicit conversion, so it cannot reach a log by
// accident, and its bytes are overwritten when it goes.
#pragma once

#include <string>
#include <string_view>

namespace coi::inline base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string bytes);
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret other) noexcept;
  ~Secret();

  bool empty() const { return bytes_.empty(); }
  // The bytes, valid as long as this object; for the one call that needs them.
  std::string_view reveal() const { return bytes_; }

  friend bool operator==(const Secret&, const Secret&) = default;

 private:
  void wipe() noexcept;

  std::string bytes_;
};

}  // namespace coi::inline base

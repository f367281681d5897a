// Passwords and tokens at rest: in the desktop's keyring (freedesktop Secret Service), or in a file that only its owner
// can read. Which of the two is decided once, at login; the caller remembers it and shows it. Nothing here ever changes
// from one to the other by itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "base/secret.h"

namespace coi::secrets {

enum class Mode : std::uint8_t { keyring, file };

inline constexpr std::chrono::milliseconds keyring_timeout{5'000};

class Backend;

// Secrets by key. A key is 1 to 200 printable ASCII characters without space; in a keyring, which all programs and data
// directories of a user share, it has to be unique among them (so put the account's id into it). A secret has at most
// 64 kB. Calls block: keyring ones up to their timeout. One thread at a time per Store; Stores of several threads and
// processes on one directory are fine.
//
// Errors: `invalid` key; `limit` size; `locked` keyring, which the user can unlock; `not_allowed` for a file that
// others can read; `corrupt` file; `full`; `io` for all else, a keyring that is not there or does not answer included.
class Store {
 public:
  explicit Store(std::unique_ptr<Backend> backend);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  // Durable when it returns; replaces what the key had.
  Result<> put(std::string_view key, const Secret& secret);
  // `not_found` when the key has none.
  Result<Secret> get(std::string_view key);
  // Without complaint when the key has none.
  Result<> erase(std::string_view key);

 private:
  std::unique_ptr<Backend> backend_;
};

// Checks at once that the place can be used: a keyring service that answers (it may be locked), or an existing
// `directory` without a "secrets" file or with a sound one. `directory` counts in file mode only, `timeout` in keyring
// mode only.
Result<Store> open(Mode mode, const std::filesystem::path& directory,
                   std::chrono::milliseconds timeout = keyring_timeout);

// Puts a damaged file of `directory` aside, as "secrets.damaged", for whoever can bring all its secrets anew. Errors:
// io.
Result<> set_aside(const std::filesystem::path& directory);

// Whether a keyring service answers; may start it.
bool keyring_available(std::chrono::milliseconds timeout = keyring_timeout);

}  // namespace coi::secrets

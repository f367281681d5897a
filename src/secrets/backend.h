// Private to this room: what the file and the keyring have in common. Keys and sizes are checked before.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/secret.h"

namespace coi::secrets {

class Backend {
 public:
  virtual ~Backend() = default;
  virtual Result<> put(const std::string& key, const Secret& secret) = 0;
  virtual Result<Secret> get(const std::string& key) = 0;
  virtual Result<> erase(const std::string& key) = 0;
};

Result<std::unique_ptr<Backend>> open_file(const std::filesystem::path& directory);
Result<> set_file_aside(const std::filesystem::path& directory);
Result<std::unique_ptr<Backend>> open_keyring(std::chrono::milliseconds timeout);

inline std::unexpected<Error> no_such_secret(const std::string& key) {
  return fail(ErrorKind::not_found, "no secret is kept for " + key);
}

}  // namespace coi::secrets

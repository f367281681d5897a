// An empty directory of a test's own, gone with this object.
#pragma once

#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace coi {

class TemporaryDirectory {
 public:
  // `memory`: where the system has a folder for that, for tests that make hundreds of databases.
  enum class Where : std::uint8_t { disk, memory };

  explicit TemporaryDirectory(Where where = Where::disk) {
    const bool in_memory = where == Where::memory && std::filesystem::exists("/dev/shm");
    std::string name = (in_memory ? "/dev/shm" : std::filesystem::temp_directory_path()) / "coi-test-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace coi

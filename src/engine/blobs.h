// The files of attachments: blobs/<hex SHA-256 of the bytes>. A file is there wholly or not at all.
#pragma once

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::engine {

class Blobs {
 public:
  explicit Blobs(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Writes to a temporary name, syncs, renames; the name of the blob. The same bytes twice are one file. Any thread.
  // Errors: full, io.
  Result<std::string> put(std::string_view bytes) const;
  // Removes what is not in `kept`, temporary files of an end amid put() too; how many. What put() gave within the last
  // `grace` stays: it is named by a transaction that may not have come yet. Errors: io.
  Result<std::size_t> sweep(const std::set<std::string>& kept, std::chrono::milliseconds grace) const;
  std::filesystem::path path(std::string_view blob) const { return directory_ / blob; }

 private:
  std::filesystem::path directory_;
};

// Brings what was created, renamed or removed in a directory to the disk. Errors: full, io.
Result<> sync_directory(const std::filesystem::path& directory);
// Durable and atomic: a crash leaves the old file or the new one. 0600. Errors: full, io.
Result<> replace_file(const std::filesystem::path& file, std::string_view bytes);

}  // namespace coi::engine

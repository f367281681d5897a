#include "engine/blobs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/random.h"

namespace coi::engine {
namespace {

std::unexpected<Error> failed(std::string_view what, const std::filesystem::path& file) {
  const int error = errno;
  return fail(error == ENOSPC || error == EDQUOT ? ErrorKind::full : ErrorKind::io,
              fmt::format("cannot {} {}: {}", what, file.string(), std::strerror(error)));
}

Result<> write_all(int descriptor, std::string_view bytes, const std::filesystem::path& file) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("write", file);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor) != 0) return failed("write", file);
  return {};
}

}  // namespace

Result<> sync_directory(const std::filesystem::path& directory) {
  const Descriptor opened(::open(directory.empty() ? "." : directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!opened) return failed("open", directory);
  if (::fsync(opened.number()) != 0) return failed("write", directory);
  return {};
}

Result<> replace_file(const std::filesystem::path& file, std::string_view bytes) {
  const auto temporary = file.parent_path() / ("." + hash::random_token(12) + ".new");
  const Descriptor created(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!created) return failed("create", temporary);
  auto written = write_all(created.number(), bytes, file);
  if (written && ::rename(temporary.c_str(), file.c_str()) != 0) written = failed("replace", file);
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_directory(file.parent_path());
}

Result<std::string> Blobs::put(std::string_view bytes) const {
  auto name = hash::hex_encode(hash::sha256(bytes));
  const auto file = path(name);
  std::error_code error;
  if (std::filesystem::file_size(file, error) == bytes.size() && !error) {
    std::filesystem::last_write_time(file, std::filesystem::file_time_type::clock::now(), error);  // for sweep()
    if (!error) return name;
  }
  const bool created = std::filesystem::create_directories(directory_, error);
  if (error) return fail(ErrorKind::io, fmt::format("cannot create {}: {}", directory_.string(), error.message()));
  if (created) COI_TRY(sync_directory(directory_.parent_path()));
  COI_TRY(replace_file(file, bytes));
  return name;
}

Result<std::size_t> Blobs::sweep(const std::set<std::string>& kept, std::chrono::milliseconds grace) const {
  const auto latest = std::filesystem::file_time_type::clock::now() - grace;
  std::size_t removed = 0;
  std::error_code error;
  if (!std::filesystem::exists(directory_, error)) return removed;
  for (std::filesystem::directory_iterator file(directory_, error), end; !error && file != end; file.increment(error)) {
    std::error_code left;
    // A small picture of a file begins with its name.
    const auto name = file->path().filename().string();
    if (!kept.contains(name.substr(0, name.find('.'))) && file->is_regular_file(left) &&
        file->last_write_time(left) <= latest && !left && std::filesystem::remove(file->path(), left))
      ++removed;
  }
  if (error)
    return fail(ErrorKind::io, fmt::format("cannot look through {}: {}", directory_.string(), error.message()));
  return removed;
}

}  // namespace coi::engine

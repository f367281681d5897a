#include "base/own_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "base/descriptor.h"

namespace coi::inline base {
namespace {

namespace fs = std::filesystem;

bool is_marked(const fs::path& directory) {
  std::error_code error;
  return fs::is_regular_file(fs::symlink_status(mark_of(directory), error));
}

// Nothing, or what of ours somebody brought from another computer.
bool holds_nothing_else(const fs::path& directory) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().filename() != "accounts") return false;
  return !error;
}

}  // namespace

fs::path mark_of(const fs::path& directory) { return directory / "lock"; }

Result<> check_own_directory(const fs::path& directory) {
  constexpr auto another = "choose another directory with --data";
  struct stat entry = {};
  if (::stat(directory.c_str(), &entry) != 0) {
    if (errno == ENOENT) return {};
    const auto why = std::generic_category().message(errno);
    return fail(ErrorKind::io, fmt::format("cannot use {}: {}", directory.string(), why), another);
  }
  if (!S_ISDIR(entry.st_mode))
    return fail(ErrorKind::invalid, fmt::format("{} is not a directory", directory.string()), another);
  if (entry.st_uid != ::geteuid())
    return fail(ErrorKind::not_allowed, fmt::format("{} belongs to another user", directory.string()),
                "choose a directory of your own with --data");
  // Another program may claim it in between.
  if (is_marked(directory) || holds_nothing_else(directory) || is_marked(directory)) return {};
  return fail(ErrorKind::invalid, fmt::format("{} holds other files", directory.string()),
              "choose a directory that is empty, or a new one, with --data");
}

Result<> claim_directory(const fs::path& directory) {
  COI_TRY(check_own_directory(directory));
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, fs::perm_options::replace, error);
  if (error) return fail(ErrorKind::io, fmt::format("cannot create {}: {}", directory.string(), error.message()));
  const Descriptor mark(::open(mark_of(directory).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (mark) return {};
  const auto why = std::generic_category().message(errno);
  return fail(ErrorKind::io, fmt::format("cannot write to {}: {}", directory.string(), why));
}

}  // namespace coi::inline base

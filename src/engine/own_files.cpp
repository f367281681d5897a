#include "engine/own_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <functional>

#include <fmt/format.h>

#include "base/descriptor.h"

namespace coi::engine {
namespace {

using Path = std::filesystem::path;

std::unexpected<Error> unreadable(const Path& file) {
  return fail(ErrorKind::io, fmt::format("cannot read {}: {}", file.string(), std::strerror(errno)));
}

// Not through std::filesystem, which knows neither owner nor links of an entry. The folder is ours alone, so that
// nobody changes it in between.
void close_entry(const Path& entry, mode_t kind, mode_t mode, const Log& log) {
  struct stat found = {};
  if (::fstatat(AT_FDCWD, entry.c_str(), &found, AT_SYMLINK_NOFOLLOW) != 0) return;
  if ((found.st_mode & S_IFMT) != kind || found.st_uid != ::geteuid()) return;
  if (kind == S_IFREG && found.st_nlink > 1) return;
  if ((found.st_mode & 07777) == mode) return;
  // Less than `mode` is the user's wish for a file, and keeps a directory from being used.
  if (kind != S_IFDIR && (found.st_mode & (S_IRWXG | S_IRWXO | S_ISUID | S_ISGID)) == 0) return;
  if (::fchmodat(AT_FDCWD, entry.c_str(), mode, AT_SYMLINK_NOFOLLOW) != 0)
    log.warning("cannot close {} to others: {}", entry.string(), std::strerror(errno));
}

void for_each_in(const Path& directory, const std::function<void(const Path&)>& use) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    use(entry->path());
}

// "secrets" and what it was or becomes; the lock beside it holds none.
bool holds_secrets(const Path& file) {
  return file.filename().string().starts_with("secrets") && file.extension() != ".lock";
}

void close_account(const Path& directory, const Log& log) {
  close_entry(directory, S_IFDIR, 0700, log);
  for_each_in(directory, [&](const Path& file) {
    if (!holds_secrets(file)) close_entry(file, S_IFREG, 0600, log);
  });
  const auto blobs = directory / "blobs";
  close_entry(blobs, S_IFDIR, 0700, log);
  for_each_in(blobs, [&](const Path& file) { close_entry(file, S_IFREG, 0600, log); });
}

// What replace_file() writes before it renames it.
bool is_half_written(const Path& file) {
  const auto name = file.filename().string();
  return name.size() > 5 && name.starts_with('.') && name.ends_with(".new");
}

}  // namespace

Result<std::string> read_own_file(const Path& file, std::size_t most, Links links) {
  const int link_flag = links == Links::refused ? O_NOFOLLOW : 0;
  const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | link_flag));
  if (!descriptor && errno == ENOENT)
    return fail(ErrorKind::not_found, fmt::format("cannot read {}: there is no such file", file.string()));
  if (!descriptor && errno == ELOOP) return fail(ErrorKind::corrupt, fmt::format("{} is a link", file.string()));
  if (!descriptor) return unreadable(file);
  struct stat found = {};
  if (::fstat(descriptor.number(), &found) != 0) return unreadable(file);
  if (!S_ISREG(found.st_mode)) return fail(ErrorKind::corrupt, fmt::format("{} is no ordinary file", file.string()));
  std::string text;
  std::array<char, 16384> octets;
  while (true) {
    const auto count = ::read(descriptor.number(), octets.data(), octets.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(file);
    if (count == 0) return text;
    text.append(octets.data(), static_cast<std::size_t>(count));
    if (text.size() > most) return fail(ErrorKind::corrupt, fmt::format("{} is far too long", file.string()));
  }
}

void close_to_others(const Path& data, const Log& log) {
  for (const auto* name : {"lock", "used", "coid.log", "coid.log.1"}) close_entry(data / name, S_IFREG, 0600, log);
  for_each_in(data / "accounts", [&](const Path& directory) { close_account(directory, log); });
}

void remove_half_written(const Path& directory) {
  for_each_in(directory, [](const Path& file) {
    std::error_code left;
    if (is_half_written(file) && std::filesystem::is_regular_file(std::filesystem::symlink_status(file, left)))
      std::filesystem::remove(file, left);
  });
}

}  // namespace coi::engine

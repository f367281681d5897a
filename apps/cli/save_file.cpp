#include "save_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "text.h"

namespace coi::cli {
namespace {

std::string shown(const std::filesystem::path& path) { return one_line(path.string()); }

std::unexpected<Error> failed(std::string_view what, const std::filesystem::path& path) {
  return fail(ErrorKind::io, fmt::format("cannot {} {}: {}", what, shown(path), std::strerror(errno)));
}

// A file without its final name yet; it goes unless it got one.
class Draft {
 public:
  explicit Draft(const std::filesystem::path& target)
      : path_((target.parent_path() / ".coi-XXXXXX").string()), descriptor_(::mkostemp(path_.data(), O_CLOEXEC)) {}
  ~Draft() {
    if (descriptor_) ::unlink(path_.c_str());  // a name that it got is another one
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  Result<> fill(const std::filesystem::path& source) {
    if (!descriptor_) return failed("write into", std::filesystem::path(path_).parent_path());
    const Descriptor from(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
    if (!from) return failed("read", source);
    std::array<char, 65536> buffer;
    while (true) {
      const auto count = ::read(from.number(), buffer.data(), buffer.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed("read", source);
      if (count == 0) break;
      COI_TRY(write({buffer.data(), static_cast<std::size_t>(count)}));
    }
    const auto mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(descriptor_.number(), 0666 & ~mask) != 0) return failed("write", path_);
    return {};
  }

  const std::string& path() const { return path_; }

 private:
  Result<> write(std::string_view octets) {
    while (!octets.empty()) {
      const auto count = ::write(descriptor_.number(), octets.data(), octets.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed("write into", std::filesystem::path(path_).parent_path());
      octets.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
  }

  std::string path_;
  Descriptor descriptor_;
};

// "./" is what a name without a folder is in.
std::filesystem::path with_folder(const std::filesystem::path& path) {
  return path.has_parent_path() ? path : "." / path;
}

}  // namespace

Result<> save_as(const std::filesystem::path& source, const std::filesystem::path& target) {
  struct stat entry = {};
  if (::lstat(target.c_str(), &entry) == 0 && !S_ISREG(entry.st_mode))
    return fail(ErrorKind::invalid,
                fmt::format("{} is {}, no file", shown(target),
                            S_ISLNK(entry.st_mode)   ? "a link"
                            : S_ISDIR(entry.st_mode) ? "a folder"
                                                     : "a device or pipe"),
                "give another name");
  Draft draft(with_folder(target));
  COI_TRY(draft.fill(source));
  if (::rename(draft.path().c_str(), target.c_str()) != 0) return failed("write", target);
  return {};
}

Result<std::filesystem::path> save_beside(const std::filesystem::path& source, const std::filesystem::path& target) {
  constexpr int most = 10'000;
  Draft draft(with_folder(target));
  COI_TRY(draft.fill(source));
  auto path = target;
  for (int number = 1; number < most; ++number) {
    if (::renameat2(AT_FDCWD, draft.path().c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return path;
    if (errno == EINVAL && ::link(draft.path().c_str(), path.c_str()) == 0) return path;  // a file system without it
    if (errno != EEXIST) return failed("write", path);
    path = target;
    path.replace_filename(fmt::format("{} ({}){}", target.stem().string(), number, target.extension().string()));
  }
  return fail(ErrorKind::io, fmt::format("cannot write {}: there are too many of that name", shown(target)));
}

}  // namespace coi::cli

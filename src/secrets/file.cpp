// The file "secrets":
//
//   file   = "coi-secrets 1" LF *(key SP value LF)
//   key    = 1*200VCHAR
//   value  = *(VCHAR except "%" / "%" 2HEXDIG)     ; octets that are no VCHAR, and "%", are escaped
//
// It is rewritten as a whole: "secrets.new" is written, brought to disk and renamed, so a crash leaves the old or the
// new one. Writers take turns by a lock on "secrets.lock".
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <map>
#include <span>
#include <system_error>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/descriptor.h"
#include "secrets/backend.h"

namespace coi::secrets {
namespace {

constexpr std::string_view first_line = "coi-secrets 1";
constexpr off_t max_file = 16 * 1024 * 1024;

using Path = std::filesystem::path;
using Entries = std::map<std::string, Secret>;

// The error of the system call that has just failed.
std::unexpected<Error> failed(std::string_view what, const Path& path) {
  const int error = errno;
  const auto kind = error == ENOSPC || error == EDQUOT ? ErrorKind::full : ErrorKind::io;
  return fail(kind, fmt::format("{} {}: {}", what, path.native(), std::generic_category().message(error)));
}

std::string escape(std::string_view octets) {
  std::string text;
  text.reserve(octets.size() * 3);  // so that no half-written copy is left behind by growing
  for (const char c : octets) {
    if (c > ' ' && c < '\x7f' && c != '%')
      text += c;
    else
      fmt::format_to(std::back_inserter(text), "%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

std::optional<Secret> unescape(std::string_view text) {
  std::string octets;
  octets.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      octets += text[i];
      continue;
    }
    const auto digits = text.substr(i + 1, 2);
    unsigned octet = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), octet, 16);
    if (error != std::errc{} || digits.size() != 2 || end != digits.data() + 2) return std::nullopt;
    octets += static_cast<char>(octet);
    i += 2;
  }
  return Secret(std::move(octets));
}

std::optional<Entries> parse(std::string_view text) {
  auto lines = ascii_split(text, '\n');
  if (lines.size() < 2 || lines.front() != first_line || !lines.back().empty()) return std::nullopt;
  Entries entries;
  for (const auto line : std::span(lines).subspan(1, lines.size() - 2)) {
    const auto space = line.find(' ');
    if (space == 0 || space == std::string_view::npos) return std::nullopt;
    auto secret = unescape(line.substr(space + 1));
    if (!secret) return std::nullopt;
    entries.insert_or_assign(std::string(line.substr(0, space)), *std::move(secret));
  }
  return entries;
}

Secret print(const Entries& entries) {
  std::size_t size = first_line.size() + 1;
  for (const auto& [key, secret] : entries) size += key.size() + 3 * secret.reveal().size() + 2;
  std::string text;
  text.reserve(size);
  text.append(first_line) += '\n';
  for (const auto& [key, secret] : entries) {
    const Secret value(escape(secret.reveal()));
    text.append(key).append(1, ' ').append(value.reveal()) += '\n';
  }
  return Secret(std::move(text));
}

// Only a file of ours that nobody else can read is a place for secrets; one that others could read has leaked already.
Result<> check_private(const struct stat& status, const Path& path) {
  if (!S_ISREG(status.st_mode)) return fail(ErrorKind::not_allowed, path.native() + " is no ordinary file");
  if (status.st_uid != ::geteuid()) return fail(ErrorKind::not_allowed, path.native() + " belongs to another user");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(ErrorKind::not_allowed, path.native() + " can be read by other users",
                fmt::format("run: chmod 600 '{}', and think of changing the passwords in it", path.native()));
  return {};
}

Result<Secret> read_all(const Descriptor& file, std::size_t size, const Path& path) {
  std::string text(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const auto count = ::read(file.number(), text.data() + done, size - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot read", path);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return Secret(std::move(text));
}

// Nothing there is an empty set.
Result<Entries> read(const Path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file && errno == ENOENT) return Entries();
  if (!file && errno == ELOOP) return fail(ErrorKind::not_allowed, path.native() + " is a symbolic link");
  if (!file) return failed("cannot open", path);
  struct stat status{};
  if (::fstat(file.number(), &status) != 0) return failed("cannot look at", path);
  COI_TRY(check_private(status, path));
  if (status.st_size > max_file) return fail(ErrorKind::corrupt, path.native() + " is far too long");
  const auto text = COI_TRY(read_all(file, static_cast<std::size_t>(status.st_size), path));
  auto entries = parse(text.reveal());
  if (!entries) return fail(ErrorKind::corrupt, path.native() + " is damaged", "log in again to have it written anew");
  return *std::move(entries);
}

Result<> write_all(const Descriptor& file, std::string_view text, const Path& path) {
  while (!text.empty()) {
    const auto count = ::write(file.number(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed("cannot write", path);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(file.number()) != 0) return failed("cannot write", path);
  return {};
}

Result<> write(const Path& directory, const Entries& entries) {
  const auto fresh = directory / "secrets.new";
  const auto path = directory / "secrets";
  {
    const Descriptor file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return failed("cannot create", fresh);
    if (::fchmod(file.number(), 0600) != 0) return failed("cannot protect", fresh);  // one left by a crash may be wider
    COI_TRY(write_all(file, print(entries).reveal(), fresh));
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed("cannot replace", path);
  const Descriptor folder(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder || ::fsync(folder.number()) != 0) return failed("cannot write", directory);
  return {};
}

class File final : public Backend {
 public:
  explicit File(Path directory) : directory_(std::move(directory)) {}

  Result<> put(const std::string& key, const Secret& secret) override {
    return change([&](Entries& entries) {
      entries.insert_or_assign(key, secret);
      return true;
    });
  }

  Result<Secret> get(const std::string& key) override {
    auto entries = COI_TRY(read(path()));
    const auto entry = entries.find(key);
    if (entry == entries.end()) return no_such_secret(key);
    return std::move(entry->second);
  }

  Result<> erase(const std::string& key) override {
    return change([&](Entries& entries) { return entries.erase(key) > 0; });
  }

 private:
  Path path() const { return directory_ / "secrets"; }

  // Reads, lets `edit` change the entries, and writes if it says so; no other writer comes between.
  template <class Edit>
  Result<> change(Edit edit) {
    const auto lock_path = directory_ / "secrets.lock";
    const Descriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock) return failed("cannot open", lock_path);
    while (::flock(lock.number(), LOCK_EX) != 0)
      if (errno != EINTR) return failed("cannot lock", lock_path);
    auto entries = COI_TRY(read(path()));
    if (!edit(entries)) return {};
    return write(directory_, entries);
  }

  Path directory_;
};

}  // namespace

Result<std::unique_ptr<Backend>> open_file(const Path& directory) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory, error))
    return fail(ErrorKind::io, directory.native() + " is no directory for secrets");
  COI_TRY(read(directory / "secrets"));
  return std::make_unique<File>(directory);
}

Result<> set_file_aside(const Path& directory) {
  const auto damaged = directory / "secrets";
  if (::rename(damaged.c_str(), (directory / "secrets.damaged").c_str()) != 0) return failed("cannot rename", damaged);
  return {};
}

}  // namespace coi::secrets

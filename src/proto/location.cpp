#include "proto/location.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/own_directory.h"

namespace coi::proto {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// FNV-1a with 64 bits: the name has to be the same in every build of both programs, not hard to guess.
std::uint64_t fingerprint(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

bool is_own_directory(const std::string& path) {
  struct stat entry = {};
  return !path.empty() && ::stat(path.c_str(), &entry) == 0 && S_ISDIR(entry.st_mode) && entry.st_uid == ::getuid();
}

}  // namespace

Result<std::filesystem::path> data_directory(std::string_view given) {
  const auto home = environment("HOME");
  auto data = std::string(given);
  if (data.empty()) data = environment("COI_DATA");
  if (const auto shared = environment("XDG_DATA_HOME"); data.empty() && !shared.empty()) data = shared + "/coi";
  if (data.empty()) data = "~/.local/share/coi";
  if (!data.starts_with("~/")) return std::filesystem::absolute(data);
  if (home.empty()) return fail(ErrorKind::not_found, "there is no home directory", "name a directory with --data");
  return std::filesystem::absolute(home + data.substr(1));
}

std::filesystem::path oauth_clients_path() {
  constexpr auto name = "coi/oauth.json";
  if (const auto config = environment("XDG_CONFIG_HOME"); !config.empty()) return std::filesystem::path(config) / name;
  if (const auto home = environment("HOME"); !home.empty()) return std::filesystem::path(home) / ".config" / name;
  return {};
}

std::filesystem::path socket_path(const std::filesystem::path& data) {
  std::error_code error;
  // weakly_canonical: the same name whether or not the directory exists already.
  auto place = std::filesystem::weakly_canonical(std::filesystem::absolute(data, error), error);
  if (error) place = data;
  if (place.filename().empty()) place = place.parent_path();  // "coi/" is "coi"
  const auto runtime = environment("XDG_RUNTIME_DIR");
  if (!is_own_directory(runtime)) return place / "coid.sock";
  return std::filesystem::path(runtime) / "coi" / fmt::format("{:016x}.sock", fingerprint(place.string()));
}

Result<> tell_socket(const std::filesystem::path& data, const std::filesystem::path& socket) {
  const auto line = std::filesystem::absolute(socket).string() + "\n";
  const Descriptor mark(::open(mark_of(data).c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
  if (mark && ::write(mark.number(), line.data(), line.size()) == static_cast<ssize_t>(line.size())) return {};
  return fail(ErrorKind::io, fmt::format("cannot write to {}: {}", mark_of(data).string(), std::strerror(errno)));
}

std::filesystem::path told_socket(const std::filesystem::path& data) {
  const Descriptor mark(::open(mark_of(data).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  std::array<char, 4096> buffer;
  const auto count = mark ? ::read(mark.number(), buffer.data(), buffer.size()) : -1;
  if (count <= 0) return {};
  const std::string_view line(buffer.data(), static_cast<std::size_t>(count));
  return line.starts_with('/') && line.ends_with('\n') ? std::filesystem::path(line.substr(0, line.size() - 1))
                                                       : std::filesystem::path();
}

}  // namespace coi::proto

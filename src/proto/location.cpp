#include "proto/location.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

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

}  // namespace coi::proto

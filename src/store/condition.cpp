#include "store/condition.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/descriptor.h"

namespace coi::store {
namespace {

constexpr auto state_file = "account.db.state";
constexpr std::int64_t second_ns = 1'000'000'000;

struct Found {
  std::int64_t size = 0, mtime_ns = 0;

  std::string text() const { return fmt::format("{} {}", size, mtime_ns); }
};

std::optional<Found> find(const std::filesystem::path& file) {
  struct stat found = {};
  if (::stat(file.c_str(), &found) != 0) return std::nullopt;
  return Found{found.st_size, found.st_mtim.tv_sec * second_ns + found.st_mtim.tv_nsec};
}

std::string read(const std::filesystem::path& directory) {
  const Descriptor file(::open((directory / state_file).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file) return "";
  std::array<char, 1024> octets;
  const auto count = ::read(file.number(), octets.data(), octets.size());
  return {octets.data(), count < 0 ? 0 : static_cast<std::size_t>(count)};
}

// Not brought to the disk: after a power cut that lost it the file is looked through once more.
void write(const std::filesystem::path& directory, std::string_view text) {
  const Descriptor file(::open((directory / state_file).c_str(),
                               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
  if (file) static_cast<void>(!::write(file.number(), text.data(), text.size()));
}

void note(const std::filesystem::path& directory, std::string_view word, std::string_view words) {
  const auto found = find(directory / database_file).value_or(Found{});
  write(directory, fmt::format("{} {}{}{}", word, found.text(), words.empty() ? "" : " ", words));
}

}  // namespace

bool is_full(const std::filesystem::path& directory) {
  constexpr std::uintmax_t least = 64 * 1024;
  std::error_code unknown;
  const auto space = std::filesystem::space(directory, unknown);
  return !unknown && space.available < least;
}

KnownCondition condition_of(const std::filesystem::path& directory) {
  const auto database = find(directory / database_file);
  const auto state = read(directory);
  if (!database || database->size == 0) return {state.empty() ? Condition::none : Condition::gone, ""};
  const auto now = database->text();
  if (const auto damaged = "damaged " + now + " "; state.starts_with(damaged))
    return {Condition::damaged, state.substr(damaged.size())};
  // What stands in a write-ahead log has not come into the file yet.
  const auto log = find(directory / (std::string(database_file) + "-wal"));
  if (state == "closed " + now && (!log || log->size == 0)) return {Condition::sound, ""};
  return {Condition::unknown, ""};
}

void note_open(const std::filesystem::path& directory) { write(directory, "open"); }
void note_closed(const std::filesystem::path& directory) { note(directory, "closed", ""); }
void note_damaged(const std::filesystem::path& directory, const std::string& words) {
  note(directory, "damaged", words);
}

}  // namespace coi::store

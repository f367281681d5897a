#include "start_daemon.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "base/descriptor.h"
#include "base/own_directory.h"
#include "json/codec.h"
#include "proto/error.h"
#include "proto/location.h"

extern char** environ;

namespace coi::cli {
namespace {

constexpr int ready_descriptor = 3;

// Passwords go to whoever listens: it has to be a program of this user, in a folder that nobody else writes to.
Result<> check_folder(const std::filesystem::path& folder) {
  struct stat entry = {};
  if (::stat(folder.c_str(), &entry) != 0 || !S_ISDIR(entry.st_mode)) return {};  // nothing can listen in it
  if (entry.st_uid != ::geteuid())
    return fail(ErrorKind::not_allowed, fmt::format("{} belongs to another user", folder.string()),
                "choose a directory of your own with --data");
  if ((entry.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return fail(ErrorKind::not_allowed, fmt::format("others may write to {}", folder.string()),
                fmt::format("keep it to yourself: chmod 700 {}", folder.string()));
  return {};
}

Result<> check_peer(int socket, const std::filesystem::path& path) {
  ucred peer = {};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid()) return {};
  return fail(ErrorKind::not_allowed, fmt::format("a program of another user listens on {}", path.string()),
              "nothing was sent to it; choose a directory of your own with --data");
}

Result<std::optional<int>> try_connect(const std::filesystem::path& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const auto text = path.string();
  if (text.size() >= sizeof address.sun_path)
    return fail(ErrorKind::invalid, fmt::format("the path is too long for a socket: {}", text),
                "choose a shorter one with --data");
  text.copy(address.sun_path, text.size());
  COI_TRY(check_folder(path.parent_path()));
  const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket >= 0 && ::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    if (auto checked = check_peer(socket, path); !checked) {
      ::close(socket);
      return std::unexpected(std::move(checked).error());
    }
    return socket;
  }
  const int error = errno;
  if (socket >= 0) ::close(socket);
  if (error == ENOENT || error == ECONNREFUSED || error == ENOTDIR) return std::nullopt;
  return fail(ErrorKind::io, fmt::format("cannot reach the daemon at {}: {}", text, std::strerror(error)));
}

// Beside this program, else by PATH.
std::string daemon_program() {
  std::error_code error;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / "coid";
  return !error && ::access(beside.c_str(), X_OK) == 0 ? beside.string() : "coid";
}

// Detached: a session of its own, nothing of this terminal. The daemon reports on `ready`.
Result<> spawn(const Globals& globals, const std::filesystem::path& socket, int ready) {
  const auto program = daemon_program();
  std::vector<std::string> words = {program,
                                    "--data",
                                    globals.data.string(),
                                    "--socket",
                                    socket.string(),
                                    "--log",
                                    (globals.data / "coid.log").string(),
                                    "--ready-fd",
                                    std::to_string(ready_descriptor)};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, ready, ready_descriptor);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addchdir_np(&actions, "/");
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, program.c_str(), &actions, &attributes, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0)
    return fail(ErrorKind::io, fmt::format("cannot start {}: {}", program, std::strerror(error)),
                "coid has to stand beside coi or in PATH");
  return {};
}

// Waits for the daemon's line: empty when it serves, else its failure.
Result<> await_ready(int ready) {
  std::string line;
  std::array<char, 4096> buffer;
  while (!line.ends_with('\n')) {
    const auto count = ::read(ready, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0)
      return fail(ErrorKind::internal, "the daemon ended as it started", "its log is coid.log in the data directory");
    line.append(buffer.data(), static_cast<std::size_t>(count));
  }
  if (line == "\n") return {};
  const auto value = COI_TRY(json::parse(line, Limits{}));
  return std::unexpected(proto::to_error(COI_TRY(json::decode<proto::Failure>(value))));
}

// Where it says that it listens, which the environment of its starter decided, or where one would listen by ours.
Result<std::optional<int>> find_daemon(const Globals& globals) {
  COI_TRY(check_own_directory(globals.data));
  if (const auto told = proto::told_socket(globals.data); !told.empty())
    if (const auto socket = COI_TRY(try_connect(told))) return socket;
  return try_connect(proto::socket_path(globals.data));
}

}  // namespace

Result<int> connect_to_running_daemon(const Globals& globals) {
  const auto socket = COI_TRY(find_daemon(globals));
  if (!socket) return fail(ErrorKind::not_found, fmt::format("no daemon runs for {}", globals.data.string()));
  return *socket;
}

Result<int> connect_to_daemon(const Globals& globals) {
  const auto path = proto::socket_path(globals.data);
  if (const auto socket = COI_TRY(find_daemon(globals))) return *socket;
  COI_TRY(claim_directory(globals.data));
  std::error_code error;
  std::filesystem::create_directories(path.parent_path().parent_path(), error);
  if (std::filesystem::create_directory(path.parent_path(), error))
    std::filesystem::permissions(path.parent_path(), std::filesystem::perms::owner_all, error);
  // One starter at a time: whoever comes second finds the daemon of the first.
  const Descriptor lock(::open((path.string() + ".start").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock)
    return fail(ErrorKind::io,
                fmt::format("cannot write to {}: {}", path.parent_path().string(), std::strerror(errno)));
  while (::flock(lock.number(), LOCK_EX) != 0 && errno == EINTR) continue;
  if (const auto socket = COI_TRY(find_daemon(globals))) return *socket;
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0)
    return fail(ErrorKind::io, fmt::format("cannot start the daemon: {}", std::strerror(errno)));
  const Descriptor reading(ready[0]);
  {
    const Descriptor writing(ready[1]);
    COI_TRY(spawn(globals, path, ready[1]));
  }
  COI_TRY(await_ready(reading.number()));
  if (const auto socket = COI_TRY(try_connect(path))) return *socket;
  return fail(ErrorKind::io, "the daemon does not answer", "its log is coid.log in the data directory");
}

}  // namespace coi::cli

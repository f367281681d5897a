#include "engine/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>

#include <fmt/format.h>

extern char** environ;

namespace coi::engine {
namespace {

constexpr std::size_t most_output = 64 * 1024;

constexpr std::chrono::milliseconds look_around{20};  // how often a command that takes long is looked at

struct Patience {
  std::chrono::steady_clock::time_point deadline;
  const net::Waker& waker;
  bool is_over() const { return waker.cancelled() || std::chrono::steady_clock::now() >= deadline; }
};

// Reads until the end of file; false when the patience is over.
bool read_all(int descriptor, const Patience& patience, std::string& output) {
  std::array<char, 4096> buffer;
  while (!patience.is_over()) {
    pollfd ready{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(look_around.count())) <= 0) continue;
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return true;
    if (output.size() < most_output) output.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return false;
}

// Its status; nullopt when the patience is over, and then it is still there. It may go on with its output closed.
std::optional<int> wait_for(pid_t child, const Patience& patience) {
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) != child) {
    if (patience.is_over()) return std::nullopt;
    std::this_thread::sleep_for(look_around / 10);
  }
  return status;
}

void kill_group(pid_t child) {
  ::kill(-child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace

Result<std::string> run_shell(const std::string& command, std::chrono::milliseconds patience, const net::Waker& waker) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return fail(ErrorKind::io, fmt::format("no pipe: {}", std::strerror(errno)));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // so that its children end with it
  std::string text = command;
  std::string shell = "/bin/sh", option = "-c";
  char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
  pid_t child = 0;
  const int error = ::posix_spawn(&child, shell.c_str(), &actions, &attributes, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return fail(ErrorKind::io, fmt::format("cannot run {}: {}", shell, std::strerror(error)));
  }
  std::string output;
  const Patience until{std::chrono::steady_clock::now() + patience, waker};
  const bool all_read = read_all(ends[0], until, output);
  ::close(ends[0]);
  const auto status = all_read ? wait_for(child, until) : std::nullopt;
  if (!status) {
    kill_group(child);
    if (waker.cancelled()) return fail(ErrorKind::cancelled, "stopped");
    return fail(ErrorKind::auth, "it took too long");
  }
  if (!WIFEXITED(*status) || WEXITSTATUS(*status) != 0)
    return fail(ErrorKind::auth,
                WIFEXITED(*status) ? fmt::format("it ended with status {}", WEXITSTATUS(*status)) : "it was killed");
  return output;
}

}  // namespace coi::engine

#include "engine/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // which glibc 2.36 does not say itself
#include <sys/pidfd.h>
}

#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "base/descriptor.h"

extern char** environ;

namespace coi::engine {
namespace {

constexpr std::size_t most_output = 64 * 1024;

// Until it has closed its output and ended; false at the deadline. Error: cancelled, io.
Result<bool> hear_out(pid_t child, int its_output, net::Deadline deadline, const net::Waker& waker,
                      std::string& output) {
  std::array<char, 4096> buffer;
  while (true) {
    if (!COI_TRY(waker.wait_readable(its_output, deadline))) return false;
    const auto count = ::read(its_output, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    if (output.size() < most_output) output.append(buffer.data(), static_cast<std::size_t>(count));
  }
  const Descriptor end(::pidfd_open(child, 0));
  if (!end) return fail(ErrorKind::io, fmt::format("cannot wait for it: {}", std::strerror(errno)));
  return waker.wait_readable(end.number(), deadline);
}

int status_of(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status;
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
  const auto ended = hear_out(child, ends[0], net::after(patience), waker, output);
  ::close(ends[0]);
  if (!ended || !*ended) ::kill(-child, SIGKILL);
  const auto status = status_of(child);
  if (!ended) return std::unexpected(ended.error());
  if (!*ended) return fail(ErrorKind::auth, "it took too long");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return fail(ErrorKind::auth,
                WIFEXITED(status) ? fmt::format("it ended with status {}", WEXITSTATUS(status)) : "it was killed");
  return output;
}

}  // namespace coi::engine

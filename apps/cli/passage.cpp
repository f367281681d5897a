#include "passage.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>

#include <fmt/format.h>

namespace coi::cli {
namespace {

// As much as is taken without waiting: of a pipe that poll() calls writable, PIPE_BUF octets (POSIX).
ssize_t write_some(int to, std::string_view octets) {
  const auto count = ::send(to, octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (count >= 0 || errno != ENOTSOCK) return count;
  return ::write(to, octets.data(), std::min<std::size_t>(octets.size(), PIPE_BUF));
}

bool is_passing(int error) { return error == EINTR || error == EAGAIN; }

}  // namespace

pollfd Passage::wanted() const {
  if (!held_.empty()) return {.fd = to_, .events = POLLOUT, .revents = 0};
  return {.fd = ended_ ? -1 : from_, .events = POLLIN, .revents = 0};
}

Result<> Passage::move() {
  if (held_.empty()) {
    std::array<char, 65536> buffer;
    const auto count = ::read(from_, buffer.data(), buffer.size());
    if (count < 0 && is_passing(errno)) return {};
    ended_ = count <= 0;
    if (count > 0) held_.assign(buffer.data(), static_cast<std::size_t>(count));
    return {};
  }
  const auto count = write_some(to_, held_);
  if (count < 0 && !is_passing(errno))
    return fail(ErrorKind::io, fmt::format("the other side takes no more: {}", std::strerror(errno)));
  if (count > 0) held_.erase(0, static_cast<std::size_t>(count));
  return {};
}

}  // namespace coi::cli

#include "client.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

#include "proto/rpc.h"

namespace coi::daemon {
namespace {

constexpr std::size_t chunk = 64 * 1024;

}  // namespace

Client::Client(api::Server& server, Descriptor socket, std::function<void()> wake)
    : socket_(std::move(socket)),
      input_(socket_.number()),
      output_(socket_.number()),
      session_(server.connect(std::move(wake))) {}

Client::Client(api::Server& server, std::function<void()> wake)
    : input_(STDIN_FILENO), output_(STDOUT_FILENO), session_(server.connect(std::move(wake))) {}

void Client::add_waits(std::vector<pollfd>& waits) const {
  const auto reading = static_cast<short>(wants_input() ? POLLIN : 0);
  const auto writing = static_cast<short>(wants_output() ? POLLOUT : 0);
  if (socket_) {
    const bool watched = wants_input() || wants_end() || wants_output();
    waits.push_back({.fd = watched ? input_ : -1, .events = static_cast<short>(reading | writing), .revents = 0});
  } else {
    waits.push_back({.fd = reading != 0 ? input_ : -1, .events = reading, .revents = 0});
    waits.push_back({.fd = writing != 0 ? output_ : -1, .events = writing, .revents = 0});
  }
}

bool Client::is_to_read(std::span<const pollfd>& waits) const {
  const auto came = waits.front().revents;
  waits = waits.subspan(socket_ ? 1 : 2);
  // Without a wish to read, the end of both directions alone is heard, and an error.
  return (came & (wants_input() ? POLLIN | POLLHUP | POLLERR : POLLHUP | POLLERR)) != 0;
}

bool Client::wants_input() const { return !ended_ && !session_->busy(); }

void Client::read() {
  if (ended_) {
    broken_ = true;
    return;
  }
  std::array<char, chunk> buffer;
  const auto count = ::read(input_, buffer.data(), buffer.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    ended_ = true;
    if (!unread_.empty()) session_->receive(std::exchange(unread_, {}));  // a last line without its LF
    return;
  }
  unread_.append(buffer.data(), static_cast<std::size_t>(count));
  take_lines();
}

void Client::take_lines() {
  std::size_t begin = 0;
  for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n', begin)) {
    auto line = std::string_view(unread_).substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) session_->receive(line);
    begin = end + 1;
  }
  unread_.erase(0, begin);
  if (unread_.size() <= proto::longest_request) return;
  session_->refuse("the line is too long");
  unread_.clear();
  ended_ = true;  // nothing tells where the next request begins
}

// Standard output is left blocking, because it may be shared with other programs: a pipe that is writable takes
// PIPE_BUF octets at once (POSIX).
ssize_t Client::write_some() const {
  const auto rest = std::string_view(taken_).substr(written_);
  if (socket_) return ::send(output_, rest.data(), rest.size(), MSG_NOSIGNAL);
  pollfd writable{.fd = output_, .events = POLLOUT, .revents = 0};
  if (::poll(&writable, 1, 0) <= 0) {
    errno = EAGAIN;
    return -1;
  }
  return ::write(output_, rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
}

void Client::write() {
  while (!broken_) {
    if (!wants_output()) {
      taken_ = session_->take(chunk);
      written_ = 0;
      moved_ = std::chrono::steady_clock::now();
    }
    if (taken_.empty()) return;
    const auto count = write_some();
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0)
      broken_ = true;
    else
      written_ += static_cast<std::size_t>(count), moved_ = std::chrono::steady_clock::now();
  }
}

std::optional<std::chrono::steady_clock::time_point> Client::stalled_since() const {
  return wants_output() ? std::optional(moved_) : std::nullopt;
}

}  // namespace coi::daemon

// coi rpc, daemon
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "commands.h"
#include "proto/daemon.h"

namespace coi::cli {
namespace {

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const auto count = ::write(descriptor, octets.data(), octets.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

// One piece from the one to the other; false at the end of either.
bool pass_on(int from, int to) {
  std::array<char, 65536> buffer;
  const auto count = ::read(from, buffer.data(), buffer.size());
  if (count < 0 && errno == EINTR) return true;
  return count > 0 && write_all(to, {buffer.data(), static_cast<std::size_t>(count)});
}

// Standard input and output become the daemon's socket. The end of the input leaves the daemon time to answer.
Result<> rpc(Shell& shell) {
  std::signal(SIGPIPE, SIG_IGN);  // the end of either side is the end of the loop
  const int socket = COI_TRY(shell.client())->descriptor();
  std::array<pollfd, 2> waits = {pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0},
                                 pollfd{.fd = socket, .events = POLLIN, .revents = 0}};
  while (true) {
    if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR)
      return fail(ErrorKind::io, "cannot wait for input");
    if (waits[1].revents != 0 && !pass_on(socket, STDOUT_FILENO)) return {};
    if (waits[0].revents != 0 && !pass_on(STDIN_FILENO, socket)) {
      ::shutdown(socket, SHUT_WR);
      waits[0].fd = -1;
    }
  }
}

Result<> stop_daemon(Shell& shell) {
  auto socket = connect_to_running_daemon(shell.globals());
  if (!socket)
    return socket.error().kind() == ErrorKind::not_found ? Result<>() : Result<>(std::unexpected(socket.error()));
  Client client(*socket);
  if (const auto asked = client.call(proto::Shutdown{}); !asked && asked.error().kind() != ErrorKind::io)
    return std::unexpected(asked.error());
  while (client.next()) continue;  // it hangs up when all is over
  return {};
}

}  // namespace

void add_tools(Commands& commands) {
  commands.on(commands.add("rpc", "Speak JSON-RPC 2.0 with the daemon on standard input and output", "Programs"), rpc);

  auto& daemon = commands.add("daemon", "The daemon behind the commands", "");
  commands.on(commands.add_below(daemon, "stop", "End it; the next command starts it again"), stop_daemon);
}

}  // namespace coi::cli

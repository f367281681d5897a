// coi rpc, daemon
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "commands.h"
#include "passage.h"
#include "proto/daemon.h"

namespace coi::cli {
namespace {

// Standard input and output become the daemon's socket. The end of the input leaves the daemon time to answer.
Result<> rpc(Shell& shell) {
  const int socket = COI_TRY(shell.client())->descriptor();
  Passage requests(STDIN_FILENO, socket), answers(socket, STDOUT_FILENO);
  bool asking = true;
  Result<> asked;
  while (!answers.over()) {
    // The third entry sees that nobody reads any more, even when there is nothing to say.
    std::array<pollfd, 3> waits = {asking ? requests.wanted() : pollfd{.fd = -1, .events = 0, .revents = 0},
                                   answers.wanted(), pollfd{.fd = STDOUT_FILENO, .events = 0, .revents = 0}};
    if (::poll(waits.data(), waits.size(), -1) < 0) {
      if (errno != EINTR) return fail(ErrorKind::io, "cannot wait for input");
      continue;
    }
    if (waits[2].revents != 0) return fail(ErrorKind::io, "nobody reads standard output any more");
    if (waits[1].revents != 0) COI_TRY(answers.move());
    if (waits[0].revents != 0 && asking) asked = requests.move();
    if (asking && (requests.over() || !asked)) {
      ::shutdown(socket, SHUT_WR);  // what it still answers is read
      asking = false;
    }
  }
  if (asking || !asked) return fail(ErrorKind::io, "the daemon ended", "coi starts it again");
  return {};
}

Result<> stop_daemon(Shell& shell) {
  auto socket = connect_to_running_daemon(shell.globals());
  if (!socket && socket.error().kind() != ErrorKind::not_found) return std::unexpected(socket.error());
  if (!socket) {
    if (!shell.out().json()) shell.out().line(fmt::format("No daemon runs for {}.", shell.globals().data.string()));
    return {};
  }
  Client client(*socket);
  if (const auto asked = client.call(proto::Shutdown{}); !asked && asked.error().kind() != ErrorKind::io)
    return std::unexpected(asked.error());
  while (client.next()) continue;  // it hangs up when all is over
  return {};
}

}  // namespace

void add_tools(Commands& commands) {
  commands.on(commands.add("rpc", "Speak JSON-RPC 2.0 on standard input and output, for programs", "Programs"), rpc);

  auto& daemon =
      commands.add("daemon", "The daemon behind the commands, which stays until it is told to end", "Programs");
  daemon.footer(
      "The first command starts it (coid), in the background, where it fetches and sends mail. At boot it is not "
      "started. Its log is coid.log in the data directory.");
  commands.on(commands.add_below(daemon, "stop", "End it; the next command starts it again"), stop_daemon);
}

}  // namespace coi::cli

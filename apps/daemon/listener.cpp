#include "listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace coi::daemon {
namespace {

constexpr int send_buffer = 1 << 20;

std::unexpected<Error> failed(std::string what, const std::filesystem::path& path) {
  return fail(ErrorKind::io, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno)));
}

Result<> make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory.parent_path(), error);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return failed("create", directory);
  return {};
}

Result<sockaddr_un> address_of(const std::filesystem::path& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const auto text = path.string();
  if (text.size() >= sizeof address.sun_path)
    return fail(ErrorKind::invalid, fmt::format("the path is too long for a socket: {}", text),
                "choose a shorter one with --socket");
  text.copy(address.sun_path, text.size());
  return address;
}

Descriptor open_spare() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

bool is_short_of_descriptors(int error) {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

}  // namespace

Result<Listener> Listener::open(const std::filesystem::path& path) {
  const auto address = COI_TRY(address_of(path));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  COI_TRY(make_directory(path.parent_path()));
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (probe && ::connect(probe.number(), generic, sizeof address) == 0)
    return fail(ErrorKind::locked, fmt::format("another daemon listens on {}", path.string()));
  if (errno == ECONNREFUSED) ::unlink(path.c_str());  // left behind by a daemon that was killed
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto mask = ::umask(0177);
  const bool bound = socket && ::bind(socket.number(), generic, sizeof address) == 0;
  ::umask(mask);
  if (!bound || ::listen(socket.number(), SOMAXCONN) != 0) return failed("listen on", path);
  return Listener(std::move(socket), path);
}

Listener::~Listener() {
  if (socket_) ::unlink(path_.c_str());
}

Listener::Listener(Descriptor socket, std::filesystem::path path)
    : socket_(std::move(socket)), spare_(open_spare()), path_(std::move(path)) {}

Listener::Arrival Listener::accept() {
  const auto next = [&] {
    return Descriptor(::accept4(socket_.number(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  };
  Arrival arrival{.client = next()};
  if (!arrival.client && is_short_of_descriptors(errno)) {
    spare_ = Descriptor();
    arrival = {.client = next(), .crowded = true};
    arrival.hopeless = !arrival.client && is_short_of_descriptors(errno);
  }
  ucred peer = {};
  socklen_t size = sizeof peer;
  if (!arrival.client || ::getsockopt(arrival.client.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 ||
      peer.uid != ::getuid())
    arrival.client = Descriptor();
  // A long list is some hundred kilobytes: it goes out at once where the system allows it, and later where not.
  else
    static_cast<void>(::setsockopt(arrival.client.number(), SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer));
  return arrival;
}

void Listener::take_spare() {
  if (!spare_) spare_ = open_spare();
}

}  // namespace coi::daemon

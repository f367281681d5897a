#include "net/stream.h"

#include <optional>

#include "net/channel.h"
#include "net/connect.h"
#include "net/deflate.h"
#include "net/proxy.h"

namespace coi::net {
namespace {

constexpr std::size_t inflated_at_once = 256 * 1024;

}  // namespace

struct Stream::State {
  Endpoint endpoint;
  StreamOptions options;
  Channel channel;
  std::optional<Deflate> deflate{};
  std::string compressed{};  // kept for its capacity
};

Stream::Stream(std::unique_ptr<State> state) : state_(std::move(state)) {}
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;
Stream::~Stream() = default;

Result<Stream> Stream::connect(const Endpoint& endpoint, const StreamOptions& options) {
  const Deadline deadline = after(options.connect_timeout);
  const bool direct = options.proxy.empty() || is_loopback(endpoint.host);
  Channel channel =
      direct ? Channel(COI_TRY(connect_tcp(endpoint.host, endpoint.port, deadline, options.waker)), options.waker)
             : COI_TRY(connect_through(options.proxy, endpoint, options, deadline));
  if (options.keepalive) channel.keep_alive();
  if (endpoint.security == Security::tls)
    COI_TRY(channel.start_tls(options.tls, endpoint.host, endpoint.port, deadline));
  options.log.debug("connected to {}: {}", host_and_port(endpoint), channel.protection());
  return Stream(std::make_unique<State>(endpoint, options, std::move(channel)));
}

Result<> Stream::start_tls() {
  const auto& [host, port, security] = state_->endpoint;
  COI_TRY(state_->channel.start_tls(state_->options.tls, host, port, after(state_->options.connect_timeout)));
  state_->options.log.debug("secured {}: {}", host_and_port(state_->endpoint), state_->channel.protection());
  return {};
}

Result<> Stream::start_deflate(std::string_view early) {
  if (state_->deflate) return fail(ErrorKind::internal, "compression started twice");
  state_->deflate = COI_TRY(Deflate::create());
  state_->deflate->feed(early);
  return {};
}

Result<ReadResult> Stream::read(std::string& into, Deadline deadline) {
  State& state = *state_;
  if (COI_TRY(was_woken(state.options.waker))) return ReadResult::woken;
  if (!state.deflate) return state.channel.receive(into, deadline, Attention::may_wake);
  while (!COI_TRY(state.deflate->take(into, inflated_at_once))) {
    if (state.deflate->ended()) return ReadResult::closed;
    state.compressed.clear();
    const ReadResult result = COI_TRY(state.channel.receive(state.compressed, deadline, Attention::may_wake));
    if (result != ReadResult::data) return result;
    state.deflate->feed(state.compressed);
  }
  return ReadResult::data;
}

Result<> Stream::write(std::string_view bytes) {
  if (state_->options.waker.cancelled()) return fail(ErrorKind::cancelled, "stopped");
  const auto patience = state_->options.write_timeout;
  if (state_->deflate) return state_->channel.send(state_->deflate->compress(bytes), patience);
  return state_->channel.send(bytes, patience);
}

void Stream::close() { state_->channel.close(); }

bool Stream::is_secure() const { return state_->channel.has_tls(); }
bool Stream::is_resumed() const { return state_->channel.resumed(); }

std::string Stream::description() const { return state_->channel.protection() + (state_->deflate ? ", deflate" : ""); }

}  // namespace coi::net
